import { expect, test } from "vitest";
import { taskStateField } from "../../../../contract/task-contract.ts";
import { columnOrder } from "../../../../core/execution/board.ts";
import { taskMoves } from "../../../../core/execution/task.ts";
import { moveTo, readLimits, withLimit } from "./board-moves.ts";

const card = (rest: Partial<Parameters<typeof moveTo>[0]>) =>
  ({ state: "ready", mine: false, mayClaim: false, executor: "human", blockedBy: null, ...rest }) as const;

test("only commands that exist move a card, and never against the task's machine", () => {
  expect(moveTo(card({ mayClaim: true }), "working")).toMatchObject({ action: "claim", reversible: true });
  expect(moveTo(card({ state: "running", mine: true }), "ready")).toMatchObject({ action: "release" });
  expect(moveTo(card({ state: "running", mine: true }), "review")).toEqual({ kind: "form", what: "submit" });
  expect(moveTo(card({ state: "failed" }), "ready")).toMatchObject({ action: "retry", reversible: false });
  const effects = { claim: "assigned", release: "ready", retry: "ready" } as const;
  const all = taskStateField.options.flatMap((state) =>
    columnOrder.map((to) => ({ state, move: moveTo(card({ state, mine: state === "running", mayClaim: state === "ready" }), to) })),
  );
  const illegal = all.filter(
    ({ state, move }) => move.kind === "command" && !taskMoves[state].some((next) => next === effects[move.action]),
  );
  expect(illegal).toEqual([]);
  const unexplained = all.filter(({ move }) => move.kind === "none" && move.why.length < 10);
  expect(unexplained).toEqual([]);
});

test("limits live in the address and nothing else gets in", () => {
  expect(readLimits("working.5,review.3,evil.1,ready.x,held.0")).toEqual({ working: 5, review: 3 });
  expect(withLimit("working.5", "review", 2)).toBe("working.5,review.2");
  expect(withLimit("working.5", "working", null)).toBeUndefined();
});
