import type { CheckResult } from "../../core/execution/attempt.ts";
import { readScript } from "../../core/execution/rehearsal-script.ts";
import type { Artifact } from "../../core/shared/content.ts";
import { durationAt } from "../../core/scheduling/forecast-plan.ts";
import type { ContentStore } from "../../engine/ports/content.ts";
import { type CrashProbe, noCrash } from "../../engine/ports/crash-point.ts";
import type { AttemptContext, AttemptOutcome, Executor, Reviewer } from "../../engine/ports/executor.ts";

const hourMs = 3_600_000;

/** Plays tasks in simulated time. Everything it makes says that it is a rehearsal. */
export const scriptedExecutor = (content: ContentStore, crash: CrashProbe = noCrash): Executor => ({
  kind: "scripted",
  serves: () => ({ ok: true }),
  async attempt(context): Promise<AttemptOutcome> {
    const { task, attempt } = context;
    const script = readScript(context.request.script);
    const part = script.tasks[task.key];
    const hours = durationAt(task.spec.estimate, share(script.seed, `${task.key}:${attempt.number}:duration`));
    const worked = { durationMs: Math.round(hours * hourMs), costMicro: Math.round(hours * script.costPerHourMicro) };
    if (part !== undefined && part.question !== null && task.answers.length === 0)
      return { kind: "asked", question: part.question, durationMs: Math.round(hourMs / 4), costMicro: 0 };
    if (task.attemptCount < (part?.failedAttempts ?? 0))
      return { kind: "failed", code: "scripted.failed", message: "Rehearsal: this attempt fails by script.", retryable: true, ...worked };
    const outputs: Artifact[] = [];
    for (const name of task.spec.outputs) {
      crash("content.before-write");
      outputs.push(await write(content, name, context));
      crash("content.after-write");
    }
    return {
      kind: "submitted",
      outputs,
      interpretation: `Rehearsal of "${task.title}".`,
      notes: ["Made by a script in a rehearsal; not real work."],
      ...worked,
    };
  },
});

async function write(content: ContentStore, name: string, context: AttemptContext): Promise<Artifact> {
  const { task, attempt } = context;
  const answered = task.answers.map((one) => `- ${one.question} ${one.answer}`);
  const points = attempt.reworkPoints.map((point) => `- ${point.text}`);
  const text = [
    `# ${task.title} (rehearsal)`,
    "",
    `Made by a script for "${context.request.title}", attempt ${attempt.number} by ${attempt.performer.id}. It stands for the real thing and is none.`,
    ...(answered.length > 0 ? ["", "Answers used:", ...answered] : []),
    ...(points.length > 0 ? ["", "Points of the review that were worked in:", ...points] : []),
    "",
  ].join("\n");
  const json = name.endsWith(".json");
  const bytes = new TextEncoder().encode(json ? `${JSON.stringify({ rehearsal: true, task: task.key, attempt: attempt.number })}\n` : text);
  return {
    name,
    sha256: await content.write(bytes),
    mediaType: json ? "application/json" : name.endsWith(".md") ? "text/markdown" : "text/plain",
    bytes: bytes.byteLength,
  };
}

/** Judges by script: the declared number of failed rounds, then by the declared quality. */
export const scriptedReviewer: Reviewer = {
  name: "scripted",
  review(context, submission): Promise<readonly CheckResult[]> {
    const script = readScript(context.request.script);
    const failing = script.tasks[context.task.key]?.failedReviews ?? null;
    const passes =
      failing === null
        ? share(script.seed, `${context.task.key}:${submission.number}:quality`) < script.quality
        : context.task.round > failing;
    const evidence = { rehearsal: true, seed: script.seed, round: context.task.round };
    const named = context.task.spec.acceptance.flatMap((criterion) => (criterion.check.kind === "reviewer" ? [criterion.id] : []));
    const detail = passes ? "Rehearsal: passes by script." : "Rehearsal: the review finds a gap in the error states; work them in.";
    return Promise.resolve(
      (named.length > 0 ? named : ["review"]).map(
        (criterionId) => ({ criterionId, kind: "scripted", verdict: passes ? "pass" : "fail", detail, evidence }) as const,
      ),
    );
  },
};

/** A number in [0, 1) that depends on seed and name only. Source: FNV-1a (IETF draft-eastlake-fnv), finished as in MurmurHash3. */
function share(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}
