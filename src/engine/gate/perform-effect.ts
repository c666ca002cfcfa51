import { Failure } from "../../core/shared/failure.ts";
import { type Json, type JsonObject, canonicalJson } from "../../core/shared/json.ts";
import type { EffectKind } from "../../core/gate/effect.ts";
import type { Clock } from "../ports/clock.ts";
import type { Digest } from "../ports/content.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { Tool } from "../ports/executor.ts";
import type { Caller } from "../shared/caller.ts";
import type { Command } from "../shared/commands.ts";

/** What the effect protocol needs. */
export interface EffectDependencies {
  readonly apply: (caller: Caller, command: Command) => Promise<JsonObject>;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly crash: CrashProbe;
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
}

/** Longest time one call may take. */
const callDeadlineMs = 60_000;

interface Standing {
  readonly id: string;
  readonly state: string;
  readonly result: JsonObject | null;
  readonly starts: number;
  readonly deadlineAtMs: number | null;
}

/**
 * Performs an effect through the ledger: intended, started (the last commit before bytes leave), called, recorded.
 * A second run finds the first one's result; what cannot be known goes to a person and is never sent again.
 *
 * @throws {Failure} `effect.refused` when the receiver said no, `effect.unknown` when nobody can know
 */
export async function performEffect(use: EffectDependencies, caller: Caller, effect: PlannedEffect): Promise<JsonObject> {
  const { tool } = effect;
  const effectKey = use.digest(canonicalJson([caller.projectId, effect.taskId, effect.step, tool.name, effect.arguments, effect.ordinal] as Json));
  const intended = standing(
    await use.apply(caller, {
      kind: "intend-effect", effectKey, requestId: effect.requestId, taskId: effect.taskId, tool: tool.name, deliveryClass: tool.deliveryClass,
      effectKind: tool.effectKind as EffectKind, step: effect.step, ordinal: effect.ordinal, arguments: effect.arguments, // tools declare a kind of the closed list
    }),
  );
  const sent: Sent = { effect, effectKey, id: intended.id, starts: intended.starts };
  const settled = await settledBefore(use, caller, { ...sent, known: intended });
  if (settled !== null) return settled;
  const deadlineAtMs = use.clock.nowMs() + callDeadlineMs;
  use.crash("effect.before-start");
  await use.apply({ ...caller, key: `${caller.key}:start:${intended.starts + 1}` }, { kind: "start-effect", effectId: intended.id, epoch: effect.epoch, deadlineAtMs });
  use.crash("effect.after-start");
  return call(use, caller, { ...sent, starts: intended.starts + 1 });
}

/** One effect on its way: its row, its key and how often it was started. */
interface Sent {
  readonly effect: PlannedEffect;
  readonly effectKey: string;
  readonly id: string;
  readonly starts: number;
}

/** What the ledger, or the receiver when it can be asked, already knows; null when the call may go out. */
async function settledBefore(use: EffectDependencies, caller: Caller, before: Sent & { readonly known: Standing }): Promise<JsonObject | null> {
  const { known, effect } = before;
  switch (known.state) {
    case "done":
      return known.result ?? {};
    case "failed":
      throw new Failure("conflict", "effect.refused", { message: `${effect.tool.name} was refused before.`, result: known.result });
    case "unknown":
      throw unknownFailure(effect.tool.name);
    case "started":
      return afterStart(use, caller, before);
    default:
      return null;
  }
}

/** A start without an end: by the tool's class it is repeated, asked about, or put before a person. */
async function afterStart(use: EffectDependencies, caller: Caller, before: Sent & { readonly known: Standing }): Promise<JsonObject | null> {
  const { known, effect, effectKey } = before;
  if (effect.tool.deliveryClass === "once") {
    await end(use, caller, { sent: before, outcome: "unknown", result: { reason: "started before a crash" } });
    throw unknownFailure(effect.tool.name);
  }
  if (effect.tool.deliveryClass !== "queryable" || effect.tool.query === undefined) return null;
  const waitMs = (known.deadlineAtMs ?? 0) - use.clock.nowMs();
  if (waitMs > 0) await use.clock.pause(waitMs);
  const found = await effect.tool.query(effectKey);
  if (found === undefined) return null;
  await end(use, caller, { sent: before, outcome: "done", result: found });
  return found;
}

async function call(use: EffectDependencies, caller: Caller, sent: Sent): Promise<JsonObject> {
  const { tool } = sent.effect;
  try {
    const result = await tool.call(sent.effectKey, sent.effect.arguments, use.clock.deadline(callDeadlineMs));
    use.crash("effect.after-call");
    await end(use, caller, { sent, outcome: "done", result });
    use.crash("effect.after-record");
    return result;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.kind !== "unavailable") {
      await end(use, caller, { sent, outcome: "failed", result: { code: error.code, details: error.details } });
      throw new Failure("conflict", "effect.refused", { message: `${tool.name} said no: ${error.message}` }, { cause: error });
    }
    // Bytes may have left. Repeatable classes are tried again by the next run of the job; the other goes to a person.
    if (tool.deliveryClass !== "once") throw error;
    await end(use, caller, { sent, outcome: "unknown", result: { code: error.code } });
    throw unknownFailure(tool.name, error);
  }
}

interface Ended {
  readonly sent: Sent;
  readonly outcome: "done" | "failed" | "unknown";
  readonly result: JsonObject;
}

const end = (use: EffectDependencies, caller: Caller, { sent, outcome, result }: Ended): Promise<JsonObject> =>
  use.apply({ ...caller, key: `${caller.key}:end:${sent.starts}:${outcome}` }, { kind: "end-effect", effectId: sent.id, outcome, result });

const unknownFailure = (tool: string, cause?: unknown): Failure =>
  new Failure("conflict", "effect.unknown", { message: `Nobody knows whether ${tool} happened; it waits in the inbox for a person.` }, { cause });

const standing = (answer: JsonObject): Standing => answer as unknown as Standing; // the shape of core/gate's `standing`
