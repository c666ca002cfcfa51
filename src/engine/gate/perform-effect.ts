import { Failure } from "../../core/shared/failure.ts";
import { type Json, type JsonObject, canonicalJson } from "../../core/shared/json.ts";
import type { EffectKind } from "../../core/gate/effect.ts";
import type { ToolDeclaration } from "../../core/gate/tool-declaration.ts";
import type { Clock, Ids } from "../ports/clock.ts";
import type { Digest } from "../ports/content.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { Tool } from "../ports/executor.ts";
import type { Caller } from "../shared/caller.ts";
import type { Command } from "../shared/commands.ts";
import { settledRun } from "./settle-call.ts";

/** What the effect protocol needs. */
export interface EffectDependencies {
  readonly apply: (caller: Caller, command: Command) => Promise<JsonObject>;
  readonly clock: Clock;
  readonly ids: Pick<Ids, "next">;
  readonly digest: Digest;
  readonly crash: CrashProbe;
  /** Longest time from the start's commit to the last byte of a call; the same in all processes. Default 20 s. */
  readonly callDeadlineMs?: number;
}

/** One planned act on the outside world. The ordinal comes from the plan, never from an attempt or a model. */
export interface PlannedEffect {
  readonly requestId: string;
  readonly taskId: string;
  readonly epoch: number;
  readonly step: string;
  readonly ordinal: number;
  readonly tool: Tool;
  readonly arguments: JsonObject;
  /** The call of a persona that it carries out, with the tool as it is declared now. */
  readonly called?: { readonly toolCallId: string; readonly tool: ToolDeclaration };
}

const defaultCallDeadlineMs = 20_000;

interface Standing {
  readonly id: string;
  readonly state: string;
  readonly result: JsonObject | null;
  readonly starts: number;
}

/** One run of the protocol. Its commands have keys of their own: no other run may take its start for its own. */
interface Run {
  readonly use: EffectDependencies;
  readonly caller: Caller;
  readonly effect: PlannedEffect;
  readonly effectKey: string;
  readonly callDeadlineMs: number;
}

/**
 * Performs an effect through the ledger: intended, started (the last commit before bytes leave), called, recorded.
 * A second run finds the first one's result; what cannot be known goes to a person and is never sent again.
 *
 * @throws {Failure} `effect.refused` when the receiver said no, `effect.unknown` when nobody can know
 */
export async function performEffect(use: EffectDependencies, caller: Caller, effect: PlannedEffect): Promise<JsonObject> {
  const { tool } = effect;
  const parts = [caller.projectId, effect.taskId, effect.step, tool.name, effect.arguments, effect.ordinal];
  const effectKey = use.digest(canonicalJson(parts as Json)); // ids and plain JSON
  const callDeadlineMs = use.callDeadlineMs ?? defaultCallDeadlineMs;
  const run: Run = { use, caller: { ...caller, key: `${caller.key}:${use.ids.next()}` }, effect, effectKey, callDeadlineMs };
  const known = await intend(run);
  const settled = await settledBefore(run, known);
  if (settled !== null) return settled;
  // From before the commit: whoever sees this start and waits the whole deadline then knows that nothing is on its way.
  const deadline: Deadline = { signal: use.clock.deadline(callDeadlineMs), endsMs: use.clock.monotonicMs() + callDeadlineMs };
  const deadlineAtMs = use.clock.nowMs() + callDeadlineMs;
  use.crash("effect.before-start");
  const start = {
    kind: "start-effect",
    effectId: known.id,
    epoch: effect.epoch,
    deadlineAtMs,
    endedStarts: known.starts,
    ...(effect.called === undefined ? {} : { tool: effect.called.tool }),
  } as const;
  const started = await use.apply({ ...run.caller, key: `${run.caller.key}:start` }, start);
  use.crash("effect.after-start");
  const reservationId = typeof started["reservationId"] === "string" ? started["reservationId"] : null;
  const begun = { reservationId, costMicro: effect.called?.tool.costMicro ?? 0 };
  return settledRun(use, { caller: run.caller, begun }, () => call(run, known.id, deadline));
}

async function intend({ use, caller, effect, effectKey }: Run): Promise<Standing> {
  const { tool } = effect;
  const command = {
    kind: "intend-effect",
    effectKey,
    requestId: effect.requestId,
    taskId: effect.taskId,
    tool: tool.name,
    deliveryClass: tool.deliveryClass,
    effectKind: tool.effectKind as EffectKind, // tools declare a kind of the closed list
    step: effect.step,
    ordinal: effect.ordinal,
    arguments: effect.arguments,
    ...(effect.called === undefined ? {} : { toolCallId: effect.called.toolCallId }),
  } as const;
  return standing(await use.apply({ ...caller, key: `${caller.key}:intend` }, command));
}

/** What the ledger, or the receiver when it can be asked, already knows; null when the call may go out. */
async function settledBefore(run: Run, known: Standing): Promise<JsonObject | null> {
  const { tool } = run.effect;
  switch (known.state) {
    case "done":
      return known.result ?? {};
    case "failed":
      throw new Failure("conflict", "effect.refused", { message: `${tool.name} was refused before.`, result: known.result });
    case "unknown":
      throw unknownFailure(tool.name);
    case "started":
      return afterStart(run, known);
    default:
      return null;
  }
}

/**
 * A start without an end: by the tool's class it is repeated, asked about, or put before a person. The start may be a
 * living one, so the last two wait until its call can no longer be sending; by the monotonic clock, since a wall clock jumps.
 */
async function afterStart(run: Run, known: Standing): Promise<JsonObject | null> {
  const { tool } = run.effect;
  if (tool.deliveryClass === "pure" || tool.deliveryClass === "keyed") return null;
  await run.use.clock.pause(run.callDeadlineMs);
  if (tool.deliveryClass === "queryable" && tool.query !== undefined) {
    const found = await tool.query(run.effectKey);
    if (found === undefined) return null;
    await end(run, known.id, { outcome: "done", result: found });
    return found;
  }
  const ended = standing(await end(run, known.id, { outcome: "unknown", result: { reason: "started before a crash" } }));
  if (ended.state === "done") return ended.result ?? {}; // it was alive, and told us meanwhile
  throw unknownFailure(tool.name);
}

/** When a call must have ended, by the monotonic clock, and the signal that says so; a process that slept may see the first before the second. */
interface Deadline {
  readonly signal: AbortSignal;
  readonly endsMs: number;
}

async function call(run: Run, id: string, { signal, endsMs }: Deadline): Promise<JsonObject> {
  const { use, effect, effectKey } = run;
  let result: JsonObject;
  try {
    if (signal.aborted || use.clock.monotonicMs() >= endsMs)
      throw new Failure("unavailable", "effect.too-late", { message: "Its time was over before it could be sent." });
    result = await effect.tool.call(effectKey, effect.arguments, signal);
  } catch (error) {
    throw await callFailure(run, id, error);
  }
  use.crash("effect.after-call");
  await end(run, id, { outcome: "done", result });
  use.crash("effect.after-record");
  return result;
}

/** Records what a failed call means. Bytes may have left: repeatable classes are tried again by the next run, the other goes to a person. */
async function callFailure(run: Run, id: string, error: unknown): Promise<unknown> {
  const { tool } = run.effect;
  if (!(error instanceof Failure)) return error;
  if (error.kind !== "unavailable") {
    await end(run, id, { outcome: "failed", result: { code: error.code, details: error.details } });
    return new Failure("conflict", "effect.refused", { message: `${tool.name} said no: ${error.message}` }, { cause: error });
  }
  if (tool.deliveryClass !== "once") return error;
  await end(run, id, { outcome: "unknown", result: { code: error.code } });
  return unknownFailure(tool.name, error);
}

interface Ended {
  readonly outcome: "done" | "failed" | "unknown";
  readonly result: JsonObject;
}

const end = ({ use, caller }: Run, effectId: string, { outcome, result }: Ended): Promise<JsonObject> =>
  use.apply({ ...caller, key: `${caller.key}:end` }, { kind: "end-effect", effectId, outcome, result });

const unknownFailure = (tool: string, cause?: unknown): Failure =>
  new Failure(
    "conflict",
    "effect.unknown",
    { message: `Nobody knows whether ${tool} happened; it waits in the inbox for a person.` },
    { cause },
  );

const standing = (answer: JsonObject): Standing => answer as unknown as Standing; // the shape of core/gate's `standing`
