import { qualificationKind } from "../../core/personas/qualification.ts";
import { haltOn } from "../../core/gate/halt.ts";
import type { Turn } from "../../core/execution/turn.ts";
import { asId } from "../../core/shared/ids.ts";
import { Failure, invariant } from "../../core/shared/failure.ts";
import { type LedgerParts, type TurnLedger, turnLedger } from "../execution/turn-ledger.ts";
import { readHalts } from "../gate/halt-shelf.ts";
import type { Clock } from "../ports/clock.ts";
import type { Purse } from "../ports/purse.ts";
import type { Reader } from "../ports/store.ts";
import type { ToolDoor } from "../ports/tool-door.ts";
import { type TrialSubject, trialContext, trialOpening } from "./trial-context.ts";

/** The halt that covers a trial; undefined: none does. */
export const haltOnTrial = async (reader: Reader, { projectId, persona, provider, run }: TrialSubject) =>
  haltOn(await readHalts(reader), { projectId, persona: persona.key, tools: [], providers: [run.executor, provider.name] });

/**
 * The turns of one trial. They live as long as its job: a trial whose worker dies is done again from its start, and what it used is
 * booked. Windows of the provider are the same as for all work.
 */
export function trialLedger(parts: LedgerParts & { readonly clock: Clock }, subject: TrialSubject): TurnLedger {
  const { run, provider, model, persona, projectId } = subject;
  const threadId = asId<"attempt">(run.id);
  const scope = { organizationId: parts.organizationId, projectIds: [projectId] };
  const turns: Turn[] = [];
  const kept = (id: string, fields: Partial<Turn>): Turn => {
    const at = turns.findIndex((turn) => turn.id === id);
    const before = turns[at];
    invariant(before !== undefined, "a turn that ends has begun");
    const after = { ...before, ...fields };
    turns[at] = after;
    return after;
  };
  return {
    ...turnLedger(parts, trialContext(subject)),
    thread: async () => ({ threadId, turns: [...turns] }),
    opening: async () => trialOpening(subject),
    chain: async () => ({ source: "persona", links: [{ provider, model, place: 1 }], shut: [], length: 1 }),
    persona: async () => persona,
    isHeld: () =>
      parts.engine.read(scope, async (reader) => {
        const now = await reader.get(qualificationKind, run.id);
        return now?.state === "running" && now.epoch === run.epoch && (await haltOnTrial(reader, subject)) === undefined;
      }),
    async begin(turn) {
      const halt = await parts.engine.read(scope, (reader) => haltOnTrial(reader, subject));
      if (halt !== undefined) throw new Failure("conflict", "halt.in-force", { message: `Halted: ${halt.reason}` });
      const begun = begunTurn(subject, turn, parts.clock.nowMs());
      turns.push(begun);
      return begun;
    },
    async end({ turnId, outcome, costMicro, usage }) {
      const ended = { state: outcome.kind, costMicro, usage, endedAtMs: parts.clock.nowMs() };
      return outcome.kind === "answered"
        ? kept(turnId, { ...ended, parts: outcome.parts, finish: outcome.finish })
        : // Another model would be another trial, so it is not tried again in this conversation.
          kept(turnId, { ...ended, failure: { code: outcome.code, message: outcome.message, untilMs: null } });
    },
    async answer(turnId, answer) {
      const turn = turns.find(({ id }) => id === turnId);
      return kept(turnId, { answers: [...(turn?.answers ?? []), answer] });
    },
  };
}

const begunTurn = ({ run, provider }: TrialSubject, turn: Parameters<TurnLedger["begin"]>[0], askedAtMs: number): Turn => ({
  ...turn,
  id: `${run.id}:${turn.number}`,
  version: 1,
  eventCount: 0,
  requestId: asId(run.id),
  taskId: asId(run.id),
  attemptId: asId(run.id),
  threadId: asId(run.id),
  state: "asked",
  provider: provider.name,
  parts: [],
  answers: [],
  usage: null,
  costMicro: 0,
  finish: null,
  failure: null,
  askedAtMs,
  endedAtMs: null,
});

/** What a trial uses counts for the organization, the project, the persona and the model; it belongs to no request. */
export const trialPurse = (purse: Purse): Purse => ({
  reserve: (demand) => purse.reserve({ ...demand, requestId: null, taskId: null, attemptId: null }),
  settle: (reservationId, use, local) => purse.settle(reservationId, use, local),
});

/** A trial shows what a persona can do with what it is given: there is no tool behind this door. */
export const closedDoor: ToolDoor = {
  offered: () => [],
  call: async ({ tool }) => ({ kind: "refused", code: "tool.no-capability", reason: `A trial has no tools, so "${tool}" is not called.` }),
};
