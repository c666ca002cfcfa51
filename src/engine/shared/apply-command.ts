import type { DecideContext } from "../../core/shared/decide-context.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type Json, type JsonObject, canonicalJson } from "../../core/shared/json.ts";
import type { Change, Decided, Refusal } from "../../core/shared/transition.ts";
import type { HaltShelf } from "../gate/halt-shelf.ts";
import type { PolicyShelf } from "../oversight/policy-shelf.ts";
import type { OfficeHoursShelf } from "../oversight/office-hours.ts";
import type { Authorizer } from "../ports/authorizer.ts";
import type { CalendarReader } from "../ports/calendar-reader.ts";
import type { CheckData } from "../ports/check-data.ts";
import type { ScriptRunner } from "../ports/script-runner.ts";
import type { Clock, Ids, Rng } from "../ports/clock.ts";
import type { Digest } from "../ports/content.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { Reader, Store, Transaction } from "../ports/store.ts";
import type { Caller } from "./caller.ts";
import type { Capabilities, CommandHandler } from "./command-handler.ts";
import type { Command } from "./commands.ts";
import { handlers } from "./handlers.ts";
import type { NeighbourShelf } from "./neighbours.ts";
import type { PersonaShelf } from "./persona-shelf.ts";
import { gateProblem, readingOnce } from "./person-gate.ts";
import type { ProjectTime } from "./project-time.ts";

/** What applying a command needs. */
export interface CommandDependencies {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly rng: Rng;
  readonly digest: Digest;
  readonly crash: CrashProbe;
  readonly capabilities: Capabilities;
  readonly projectTime: ProjectTime;
  readonly shelf: PersonaShelf;
  readonly policies: PolicyShelf;
  readonly halts: HaltShelf;
  readonly authorizer: Authorizer;
  readonly calendars: CalendarReader;
  readonly officeHours: OfficeHoursShelf;
  readonly checkData: CheckData;
  readonly scripts: ScriptRunner;
  readonly neighbours: NeighbourShelf;
}

/** Times a command is decided again after a serialization failure. */
const maxTries = 5;

/** An accepted command: its answer, and the event from which on it can be read. */
export interface Applied {
  readonly answer: JsonObject;
  /** Null for an answer that was given before under the same key, and for a command that recorded no fact. */
  readonly position: string | null;
}

/** What a command saw and made, for whoever reads on in its transaction. */
export interface Done {
  readonly slice: unknown;
  readonly changes: readonly Change[];
}

/** Reads what is needed next in the command's own transaction, beside the writing: that saves a transaction. */
export type Look<Seen> = (reader: Reader, done: Done) => Promise<Seen>;

/** An accepted command, with what was looked at; null for an answer that was given before. */
export interface Looked<Seen> extends Applied {
  readonly seen: Seen | null;
}

/**
 * The only way to change state: key, lock, decide, events, rows, jobs, commit; then the answer. The same key
 * gets the first answer (or refusal) again. An unknown commit is settled by asking for the key, never by guessing.
 *
 * @throws {Failure} the refusal's kind and code; `command.key-reused` when the key came with another body
 */
export async function applyCommand<Seen>(
  use: CommandDependencies,
  caller: Caller,
  ...[command, look]: readonly [command: Command, look?: Look<Seen>]
): Promise<Looked<Seen>> {
  const bodySha256 = use.digest(canonicalJson(command as unknown as Json)); // commands are plain JSON by their types
  for (let attempt = 1; ; attempt++) {
    try {
      return settle(await tryOnce(use, { caller, command, bodySha256 }, look));
    } catch (error) {
      if (!(error instanceof Failure) || !retryable.has(error.code)) throw error;
      if (attempt >= maxTries) throw lastFailure(error);
      await use.clock.pause(5 * 2 ** attempt * (0.5 + use.rng.next()));
    }
  }
}

/** Nobody refused a command that kept losing races: it was not decided, and its sender must not take that for an answer. */
const lastFailure = (error: Failure): Failure =>
  error.kind !== "conflict" || error.code === "store.duplicate"
    ? error
    : new Failure(
        "unavailable",
        "store.contended",
        { message: "Others kept changing the same rows. Send the same key again." },
        { cause: error },
      );

/** The last one is a race for a new row: whoever lost it finds that row when it decides again. */
const retryable: ReadonlySet<string> = new Set([
  "store.serialization",
  "store.commit-unknown",
  "store.version-conflict",
  "store.duplicate",
]);

/** What the log keeps of a command: its answer, or its refusal. */
type Outcome = { readonly kind: "accepted"; readonly answer: JsonObject } | Refusal;

/** A command on its way: who sends it, what it says, and the hash that its key stands for. */
interface Sent {
  readonly caller: Caller;
  readonly command: Command;
  readonly bodySha256: string;
}

interface Tried<Seen> {
  readonly outcome: Outcome;
  readonly position: string | null;
  readonly seen: Seen | null;
  readonly changes: readonly Change[];
}

async function tryOnce<Seen>(use: CommandDependencies, sent: Sent, look: Look<Seen> | undefined): Promise<Tried<Seen>> {
  const { caller, command } = sent;
  const atMs = await use.projectTime.nowMs(caller);
  use.crash("command.before-begin");
  const context = {
    organizationId: caller.organizationId,
    projectIds: caller.projectId === null ? [] : [caller.projectId],
    projectId: caller.projectId,
    actor: caller.actor,
    cause: caller.key,
    atMs,
  };
  const tried = await use.store.transact(context, (transaction) => decideAndWrite(use, transaction, { ...sent, atMs, look }));
  use.crash("command.after-commit");
  use.neighbours.made(caller, tried.changes);
  if (tried.changes.some(({ kind }) => onShelf.has(kind.name))) use.shelf.forget(caller.organizationId);
  if (command.kind === "set-halt" || command.kind === "lift-halt" || command.kind === "halt-restored")
    use.halts.forget(caller.organizationId);
  if (command.kind === "set-calendar" || command.kind === "import-holidays") use.officeHours.forget(caller.organizationId);
  return tried;
}

/** Rows that are remembered for a second; who changes one here forgets them. */
const onShelf: ReadonlySet<string> = new Set(["agent", "persona", "autonomy", "candidacy"]);

async function decideAndWrite<Seen>(
  use: CommandDependencies,
  transaction: Transaction,
  sent: Sent & { readonly atMs: number; readonly look: Look<Seen> | undefined },
): Promise<Tried<Seen>> {
  const { caller, command, bodySha256, atMs, look } = sent;
  const taking = transaction.takeCommand(caller.key, command.kind, bodySha256);
  // Not waited for: statements are answered in the order sent, so all of this is read under the key.
  const deciding = decideNow(use, transaction, {
    caller,
    command,
    context: { actor: caller.actor, nowMs: atMs, newId: () => use.ids.next(), draw: () => use.rng.next() },
  });
  // Both to their end, whatever becomes of either: what still asks for a lock would get it after the transaction's end.
  const [taken, loaded] = await Promise.allSettled([taking, deciding]);
  const place = answerOf(taken);
  use.crash("command.after-take");
  if (place.kind === "done") return { outcome: repeated(place, bodySha256), position: null, seen: null, changes: [] };
  const { decided, slice } = answerOf(loaded);
  const outcome: Outcome = decided.kind === "refused" ? decided : { kind: "accepted", answer: decided.transition.answer };
  use.crash("command.before-write");
  // Outcomes are plain JSON by their types; a refusal writes nothing but its own record.
  const { changes, events, jobs } = decided.kind === "refused" ? nothing : decided.transition;
  const writing = transaction.write(outcome as unknown as Json, changes, events, jobs);
  const looking = look === undefined || decided.kind === "refused" ? null : look(transaction, { slice, changes });
  const [written, looked] = await Promise.allSettled([writing, looking]);
  const [position, seen] = [answerOf(written), answerOf(looked)];
  return { outcome, position, seen, changes };
}

const nothing = { changes: [], events: [], jobs: [] } as const;

function repeated(place: { readonly bodySha256: string; readonly outcome: Json }, bodySha256: string): Outcome {
  if (place.bodySha256 !== bodySha256) {
    return {
      kind: "refused",
      failure: "conflict",
      code: "command.key-reused",
      details: { message: "This idempotency key was used for another command; use a new key." },
    };
  }
  return place.outcome as unknown as Outcome; // written by `tryOnce` under the same key
}

interface DecidedOn {
  readonly decided: Decided;
  readonly slice: unknown;
}

async function decideNow(
  use: CommandDependencies,
  transaction: Transaction,
  asked: { readonly caller: Caller; readonly command: Command; readonly context: DecideContext },
): Promise<DecidedOn> {
  const { caller, command, context } = asked;
  const reading = readingOnce(transaction, caller);
  const gating = gateProblem(reading, caller, command);
  const one = handlers[command.kind] as unknown as CommandHandler<Command, unknown>; // the registry pairs each kind with its own handler
  const { capabilities, shelf, policies, halts, authorizer, calendars, checkData, scripts, neighbours } = use;
  // Read beside the gate, which has the first word: what is loaded for somebody it turns away is not looked at.
  const loading = one.load(reading, command, {
    caller,
    capabilities,
    shelf,
    policies,
    halts,
    authorizer,
    calendars,
    checkData,
    scripts,
    neighbours,
    nowMs: context.nowMs,
  });
  const [gated, loaded] = await Promise.allSettled([gating, loading]);
  const refused = answerOf(gated);
  if (refused !== null) {
    if (hasBroken(loaded)) throw new Failure(refused.failure, refused.code, refused.details);
    return { decided: refused, slice: null };
  }
  const slice = answerOf(loaded);
  // Only what belongs to a project asks people, so only its clocks need to know when people work.
  if (caller.projectId === null) return { decided: one.decide(slice, command, context), slice };
  const hours = await use.officeHours.hours(transaction, caller.organizationId, context.nowMs);
  return { decided: one.decide(slice, command, { ...context, hours }), slice };
}

/** Whether what was loaded in vain ended the transaction: then the refusal is told, and cannot be kept under the key. */
const hasBroken = (loaded: PromiseSettledResult<unknown>): boolean =>
  loaded.status === "rejected" && !(loaded.reason instanceof Failure && !loaded.reason.code.startsWith("store."));

function answerOf<Answer>(settled: PromiseSettledResult<Answer>): Answer {
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
}

function settle<Seen>({ outcome, position, seen }: Tried<Seen>): Looked<Seen> {
  if (outcome.kind === "accepted") return { answer: outcome.answer, position, seen };
  throw new Failure(outcome.failure, outcome.code, outcome.details);
}
