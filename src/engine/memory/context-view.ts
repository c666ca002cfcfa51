import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import { type ContextPack, type PackRefusal, type PackRow, type Piece, packContext, renderPack } from "../../core/memory/context-pack.ts";
import { requestLabel } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { ContentStore, Digest } from "../ports/content.ts";
import type { Reader } from "../ports/store.ts";
import { assignmentCandidates } from "./context-assignment.ts";
import { experienceCandidates, experienceLimits } from "./context-experience.ts";
import { materialCandidates } from "./context-material.ts";
import { recordCandidates, recordLimits } from "./context-record.ts";
import { startGathering, weighed } from "./context-sources.ts";

/** `xvc.context-manifest/1`: what is kept of a pack. The texts are not in it: they are in the record, read at its instant. */
export interface ContextManifest {
  readonly schema: "xvc.context-manifest/1";
  readonly taskId: string;
  readonly label: string;
  readonly budgetTokens: number;
  readonly tokens: number;
  readonly estimate: "characters / 4";
  /** SHA-256 of all that is told, as one text. */
  readonly packSha256: string;
  /** What was looked through, with its bounds. */
  readonly looked: readonly string[];
  readonly rows: readonly PackRow[];
}

/** `xvc.context/1`: what a task's performer is told, and why. */
export interface ContextView extends Omit<ContextManifest, "schema"> {
  readonly schema: "xvc.context/1";
  /** Pieces left out, all of them. */
  readonly leftOut: number;
  readonly pieces: readonly Piece[];
  /** What was told when the latest attempt that kept it began; null: none did. */
  readonly given: GivenView | null;
}

export interface GivenView {
  readonly attemptId: string;
  readonly number: number;
  readonly atMs: number;
  readonly tokens: number;
  readonly budgetTokens: number;
  /** What would be told now is word for word the same. */
  readonly same: boolean;
  readonly leftOut: number;
  /** Null: the manifest's content is not here any more. */
  readonly rows: readonly PackRow[] | null;
}

/** A task whose performer is to be told something. */
export interface AskedContext {
  readonly taskId: string;
  readonly content: ContentStore;
  readonly digest: Digest;
  /** Of the project: decisions and facts are those that hold at it. */
  readonly nowMs: number;
  readonly budgetTokens: number;
  /** Kinds of pieces that are not told unless they bind. */
  readonly leaveOut?: readonly string[];
}

const looked: readonly string[] = [
  "the task, its request, its attempts, and the texts of its inputs and of what the tasks before it gave",
  `the newest ${recordLimits.decisions} decisions about the task or request, and as many of the project alone`,
  "every principle in force, and the objective served",
  `entities tied to the work, and the newest ${recordLimits.facts} facts`,
  `the newest ${experienceLimits.compared} finished tasks of the project; of the ${experienceLimits.alike} most alike what went wrong, of ${experienceLimits.told} how they passed`,
];

/**
 * Gathers and chooses what a task's performer is told, as the reader's record has it. The reader must see the task's project alone:
 * nothing of another project is told. A fixed number of queries.
 *
 * @throws {Failure} `task.not-found`
 */
export async function buildContext(
  reader: Reader,
  asked: AskedContext,
): Promise<{ readonly pack: ContextPack; readonly manifest: ContextManifest } | PackRefusal> {
  const gathering = await startGathering(reader, asked);
  const [material, record, experience] = await Promise.all([
    materialCandidates(gathering),
    recordCandidates(gathering),
    experienceCandidates(gathering),
  ]);
  const leaveOut = asked.leaveOut ?? [];
  const candidates = [...assignmentCandidates(gathering), ...record, ...experience, ...material];
  const pieces = weighed(
    candidates.filter(({ kind, pinned }) => pinned || !leaveOut.includes(kind)),
    gathering.question,
  );
  const pack = packContext(pieces, asked.budgetTokens);
  if (pack.kind === "refused") return pack;
  const { request, project, task } = gathering;
  const manifest: ContextManifest = {
    schema: "xvc.context-manifest/1",
    taskId: task.id,
    label: `${requestLabel(project?.key ?? "?", request.number)}/${task.key}`,
    budgetTokens: pack.budgetTokens,
    tokens: pack.tokens,
    estimate: "characters / 4",
    packSha256: asked.digest(renderPack(pack)),
    looked:
      leaveOut.length === 0
        ? looked
        : [...looked, `nothing of the kind ${leaveOut.join(", ")}, unless it binds: so the persona's rules say`],
    rows: pack.manifest,
  };
  return { pack, manifest };
}

/** Attempts of a task among which the latest that kept what was told is looked for. */
const maxAttempts = 100;

/**
 * What a task's performer is told, with what was told when the work began.
 *
 * @param maxRows lines of each manifest; what is told comes first, so that only what is left out is cut
 * @throws {Failure} `task.not-found`, `context.budget-too-small`
 */
export async function contextView(reader: Reader, asked: AskedContext, maxRows: number): Promise<ContextView> {
  const built = await buildContext(reader, asked);
  if ("neededTokens" in built) throw budgetTooSmall(built);
  const attempts = await reader.find(attemptKind, { where: { taskId: asked.taskId }, newestFirst: true, limit: maxAttempts });
  const kept = attempts.toSorted((left, right) => right.number - left.number).find(({ context }) => context !== undefined);
  return {
    ...built.manifest,
    schema: "xvc.context/1",
    rows: built.manifest.rows.slice(0, maxRows),
    leftOut: built.pack.manifest.length - built.pack.pieces.length,
    pieces: built.pack.pieces,
    given: kept === undefined ? null : await givenView(kept, asked.content, { nowSha256: built.manifest.packSha256, maxRows }),
  };
}

const budgetTooSmall = ({ neededTokens, message }: PackRefusal): Failure =>
  new Failure("invalid", "context.budget-too-small", { message, neededTokens });

async function givenView(
  { id, number, context }: Attempt,
  content: ContentStore,
  { nowSha256, maxRows }: { readonly nowSha256: string; readonly maxRows: number },
): Promise<GivenView | null> {
  if (context === undefined) return null;
  const { manifest, tokens, budgetTokens, packSha256, leftOut, atMs } = context;
  const text = (await content.has(manifest.sha256)) ? new TextDecoder().decode(await content.read(manifest.sha256)) : null;
  // Content is read by its hash, so it is what `giveContext` wrote.
  const rows = text === null ? null : (JSON.parse(text) as ContextManifest).rows.slice(0, maxRows);
  return { attemptId: id, number, atMs, tokens, budgetTokens, same: packSha256 === nowSha256, leftOut, rows };
}
