import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { attemptMoves } from "../../src/core/execution/attempt.ts";
import { taskMoves } from "../../src/core/execution/task.ts";
import { effectMoves } from "../../src/core/gate/effect.ts";
import { haltMoves } from "../../src/core/gate/halt.ts";
import { reservationMoves } from "../../src/core/gate/reservation.ts";
import { decisionMoves } from "../../src/core/oversight/decision.ts";
import { itemMoves } from "../../src/core/oversight/inbox-item.ts";
import { noticeMoves } from "../../src/core/oversight/notice.ts";
import { policyMoves } from "../../src/core/oversight/policy.ts";
import { planMoves } from "../../src/core/planning/plan.ts";
import { sprintMoves } from "../../src/core/execution/sprint.ts";
import { entityMoves } from "../../src/core/memory/entity.ts";
import { epicMoves } from "../../src/core/requests/epic.ts";
import { requestMoves } from "../../src/core/requests/request.ts";
import { root } from "./source-tree.ts";

const machines = {
  request: requestMoves,
  plan: planMoves,
  task: taskMoves,
  attempt: attemptMoves,
  effect: effectMoves,
  "inbox item": itemMoves,
  decision: decisionMoves,
  notice: noticeMoves,
  policy: policyMoves,
  halt: haltMoves,
  reservation: reservationMoves,
  entity: entityMoves,
  epic: epicMoves,
  sprint: sprintMoves,
};

const text = readFileSync(path.join(root, "ARCHITECTURE.md"), "utf8");

/** The table below a machine's heading, state by state. */
function tableOf(name: string): Readonly<Record<string, readonly string[]>> {
  const section = text.split(`\n### ${name}\n`)[1]?.split(/\n##/)[0] ?? "";
  const rows = [...section.matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)];
  return Object.fromEntries(
    rows.map(([, state = "", moves = ""]) => [state, [...moves.matchAll(/`([a-z-]+)`/g)].map((match) => match[1] ?? "")]),
  );
}

test.each(Object.entries(machines))("ARCHITECTURE.md has every state and every move of a %s, and no other", (name, moves) => {
  expect(tableOf(name)).toEqual(moves);
});
