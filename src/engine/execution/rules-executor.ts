import type { Task } from "../../core/execution/task.ts";
import type { Artifact } from "../../core/shared/content.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import type { Analyser, AnalyserOutput } from "../ports/analyser.ts";
import type { ContentStore } from "../ports/content.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { AttemptContext, AttemptOutcome, Executor } from "../ports/executor.ts";
import type { Workspace } from "../ports/workspace.ts";

/** What rules work with. Analysers are keyed by task. */
export interface RulesDependencies {
  readonly analysers: ReadonlyMap<string, Analyser>;
  readonly content: ContentStore;
  readonly workspace: Workspace;
  readonly crash: CrashProbe;
}

/** Largest JSON output that is read back for a later task. */
const maxUpstreamBytes = 256 * 1024 * 1024;

/** Does tasks by the divisions' own deterministic analysers; the same input gives the same bytes. */
export const rulesExecutor = (use: RulesDependencies): Executor => ({
  kind: "rules",
  serves: (task: Task) =>
    use.analysers.has(task.key) ? { ok: true } : { ok: false, reason: `No rules are known for the task "${task.key}".` },
  async attempt(context, signal): Promise<AttemptOutcome> {
    const analyser = use.analysers.get(context.task.key);
    if (analyser === undefined)
      return {
        kind: "failed",
        code: "execution.not-served",
        message: `No rules are known for the task "${context.task.key}".`,
        retryable: false,
        costMicro: 0,
      };
    const scratch = await use.workspace.scratch();
    try {
      const inputs = await use.workspace.locate(context.inputs, signal);
      const upstream = await readUpstream(use.content, context);
      const done = await analyser({ taskKey: context.task.key, inputs, upstream, scratchDirectory: scratch.path, signal });
      return {
        kind: "submitted",
        outputs: await keep(use, done),
        interpretation: `${context.task.title}, by rules.`,
        notes: done.notes,
        costMicro: 0,
      };
    } finally {
      await scratch.remove();
    }
  },
});

async function keep(use: RulesDependencies, done: AnalyserOutput): Promise<readonly Artifact[]> {
  const artifacts: Artifact[] = [];
  for (const output of done.outputs) {
    const bytes = typeof output.body === "string" ? new TextEncoder().encode(output.body) : output.body;
    use.crash("content.before-write");
    artifacts.push({ name: output.name, sha256: await use.content.write(bytes), mediaType: output.mediaType, bytes: bytes.byteLength });
    use.crash("content.after-write");
  }
  return artifacts;
}

async function readUpstream(content: ContentStore, context: AttemptContext): Promise<{ readonly [name: string]: Json }> {
  const entries: (readonly [string, Json])[] = [];
  for (const output of context.upstream.flatMap((one) => one.outputs)) {
    if (output.mediaType === "application/json") entries.push([output.name, await readJson(content, output)]);
  }
  return Object.fromEntries(entries);
}

/** Reads a JSON artifact back. @throws {Failure} `content.not-json`, `content.too-large` */
export async function readJson(content: ContentStore, artifact: Artifact): Promise<Json> {
  if (artifact.bytes > maxUpstreamBytes)
    throw new Failure("exhausted", "content.too-large", {
      message: `${artifact.name} is larger than ${maxUpstreamBytes} bytes and is not read back.`,
    });
  const text = new TextDecoder().decode(await content.read(artifact.sha256));
  try {
    return JSON.parse(text) as Json; // JSON.parse gives JSON
  } catch (error) {
    throw new Failure("invalid", "content.not-json", { message: `${artifact.name} is said to be JSON and is not.` }, { cause: error });
  }
}
