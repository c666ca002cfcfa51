import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import type { PieceKind } from "../../core/memory/context-pack.ts";
import { partsOf } from "../../core/memory/shorten-text.ts";
import type { Artifact } from "../../core/shared/content.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Candidate, Gathering } from "./context-sources.ts";
import { lines, points } from "./context-sources.ts";

/** Upper bounds of what is read of inputs and outputs; what lies beyond is named, not read. */
const textLimits = { artifacts: 24, bytes: 128 * 1024, partChars: 600, parts: 120 } as const;

const isText = ({ mediaType, bytes }: Artifact): boolean =>
  bytes <= textLimits.bytes && (mediaType.startsWith("text/") || /[/+](?:json|yaml|xml)$/u.test(mediaType));

/** Inputs and accepted outputs of the tasks before: what there is binds; their texts come in parts, the fitting ones first. */
export async function materialCandidates(gathering: Gathering): Promise<readonly Candidate[]> {
  const { request, task } = gathering;
  const asked = task.spec.inputs;
  const inputs = request.inputs.filter(({ name }) => asked.length === 0 || asked.includes(name));
  const named = inputs.map((input): Candidate => ({
    id: `input:${input.name}`,
    kind: "input",
    title: input.name,
    text: lines(`${input.kind} from ${input.origin}`, filesOf(input.artifacts)),
    pinned: true,
    base: 1,
    reason: asked.length === 0 ? "Handed in with the request." : "The plan names it as an input of this task.",
  }));
  const files = [
    ...inputs.flatMap(({ name, artifacts }) => artifacts.map((artifact) => ({ kind: "input" as const, from: name, artifact }))),
    ...gathering.upstream.flatMap(({ key, outputs }) => outputs.map((artifact) => ({ kind: "upstream" as const, from: key, artifact }))),
  ];
  return [...named, ...(await upstreamCandidates(gathering)), ...(await textCandidates(gathering, files))];
}

/** Files of one input or task that are named. */
const maxFiles = 30;

const filesOf = (artifacts: readonly Artifact[]): string =>
  points(
    "Files",
    artifacts.slice(0, maxFiles).map(({ name, mediaType, bytes }) => `${name} (${mediaType}, ${bytes} bytes)`),
  );

async function upstreamCandidates({ reader, upstream }: Gathering): Promise<readonly Candidate[]> {
  const ids = upstream.flatMap(({ attemptId }) => (attemptId === null ? [] : [attemptId]));
  const attempts = new Map<string, Attempt>((await reader.getMany(attemptKind, ids)).map((attempt) => [attempt.taskId, attempt]));
  return upstream.map((task) => {
    const attempt = attempts.get(task.id);
    return {
      id: `upstream:${task.id}`,
      kind: "upstream",
      title: `${task.key}: ${task.title}`,
      text: lines(
        task.acceptedAtMs === null ? `It is ${task.state}; nothing of it is accepted yet.` : "Accepted.",
        filesOf(task.outputs),
        attempt?.interpretation,
        points("Notes", attempt?.notes ?? []),
      ),
      pinned: true,
      base: 1,
      reason: "This task builds on it.",
    };
  });
}

interface TextFile {
  readonly kind: Extract<PieceKind, "input" | "upstream">;
  readonly from: string;
  readonly artifact: Artifact;
}

async function textCandidates({ content }: Gathering, files: readonly TextFile[]): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (const { kind, from, artifact } of files.filter((file) => isText(file.artifact)).slice(0, textLimits.artifacts)) {
    const parts = partsOf(await textOf(content, artifact), { maxChars: textLimits.partChars, maxParts: textLimits.parts });
    for (const [at, text] of parts.entries())
      found.push({
        id: `${kind}:${from}/${artifact.name}/${at + 1}`,
        kind,
        title: parts.length === 1 ? artifact.name : `${artifact.name}, part ${at + 1} of ${parts.length}`,
        text,
        pinned: false,
        base: kind === "upstream" ? 0.1 : 0,
        reason: kind === "upstream" ? `From what ${from} gave.` : `From the input ${from}.`,
      });
  }
  return found;
}

/** A text whose bytes are gone is named with its task or input and not told: it must not keep anybody from the rest. */
async function textOf(content: Gathering["content"], { sha256 }: Artifact): Promise<string> {
  try {
    return new TextDecoder().decode(await content.read(sha256));
  } catch (error) {
    if (error instanceof Failure && error.code === "content.not-found") return "";
    throw error;
  }
}
