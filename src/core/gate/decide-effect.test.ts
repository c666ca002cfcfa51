import { expect, test } from "vitest";
import { asId } from "../shared/ids.ts";
import type { Decided } from "../shared/transition.ts";
import { decideEffectEnd, decideEffectStart, decideIntent } from "./decide-effect.ts";
import { type DeliveryClass, type Effect, effectMoves } from "./effect.ts";

const context = { actor: { kind: "system", id: "w" }, nowMs: 100, newId: () => "n" } as const;
const effect = (fields: Partial<Effect> = {}): Effect => ({
  id: "e",
  version: 1,
  eventCount: 1,
  effectKey: "k",
  state: "intended",
  requestId: asId("r"),
  taskId: asId("t"),
  tool: "mail",
  deliveryClass: "once",
  effectKind: "send",
  step: "s",
  ordinal: 1,
  arguments: {},
  epoch: 0,
  starts: 0,
  deadlineAtMs: null,
  result: null,
  ...fields,
});
const start = { kind: "start-effect", effectId: "e", epoch: 2, deadlineAtMs: 200, endedStarts: 1 } as const;
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const begin = (fields: Partial<Effect>, heldEpoch: number | null = 2) =>
  codeOf(decideEffectStart({ effect: effect(fields), heldEpoch }, start, context));
const finish = (fields: Partial<Effect>, outcome: "done" | "failed" | "unknown") =>
  decideEffectEnd({ effect: effect(fields) }, { kind: "end-effect", effectId: "e", outcome, result: {} }, context);

test("finds the first effect of a key again instead of writing another", () => {
  const command = {
    kind: "intend-effect",
    effectKey: "k",
    requestId: "r",
    taskId: "t",
    tool: "mail",
    deliveryClass: "once",
    effectKind: "send",
    step: "s",
    ordinal: 1,
    arguments: {},
  } as const;
  expect(decideIntent({ existing: undefined }, command, context)).toMatchObject({
    transition: { answer: { state: "intended", starts: 0 } },
  });
  expect(decideIntent({ existing: effect({ state: "done", starts: 1 }) }, command, context)).toMatchObject({
    transition: { answer: { state: "done" }, changes: [] },
  });
});

test("starts again what may be repeated, what was once never", () => {
  const restart: { readonly [kind in DeliveryClass]: string } = {
    pure: "accepted",
    keyed: "accepted",
    queryable: "accepted",
    once: "effect.started-once",
  };
  for (const [deliveryClass, code] of Object.entries(restart) as [DeliveryClass, string][]) {
    expect(begin({ deliveryClass })).toBe("accepted");
    expect(begin({ deliveryClass, state: "started", starts: 1 })).toBe(code);
  }
  expect(begin({ deliveryClass: "queryable", state: "started", starts: 2 })).toBe("effect.still-open");
  expect(begin({ state: "done" })).toBe("effect.settled");
  expect(begin({ state: "failed" })).toBe("effect.settled");
  expect(begin({ state: "unknown" })).toBe("effect.unknown");
});

test("lets nobody send but the present holder of the work, and keeps the highest epoch", () => {
  expect(begin({}, null)).toBe("effect.stale-epoch");
  expect(begin({}, 3)).toBe("effect.stale-epoch");
  const decided = decideEffectStart(
    { effect: effect({ deliveryClass: "keyed", state: "started", epoch: 7, deadlineAtMs: 1 }), heldEpoch: 2 },
    start,
    context,
  );
  expect(decided).toMatchObject({ transition: { changes: [{ after: { epoch: 7, starts: 1 } }] } });
});

test("puts an unknown end before a person, and takes no second word", () => {
  expect(finish({ state: "started" }, "unknown")).toMatchObject({
    transition: { changes: [{ after: { state: "unknown" } }, { after: { kind: "unknown-effect" } }] },
  });
  expect(finish({ state: "started" }, "done")).toMatchObject({ transition: { answer: { state: "done" } } });
  expect(finish({ state: "intended" }, "failed")).toMatchObject({ transition: { answer: { state: "failed" } } });
  expect(codeOf(finish({ state: "intended" }, "done"))).toBe("effect.not-started");
  expect(codeOf(finish({ state: "unknown" }, "done"))).toBe("effect.unknown");
  expect(finish({ state: "done" }, "failed")).toMatchObject({ transition: { changes: [], answer: { state: "done" } } });
  expect(effectMoves.done).toEqual([]);
});
