/** The lists of work as the page's fixture server tells them: a board with every column, a person's own work, saved views. */
import { columnOfState, columnOrder } from "../../src/core/execution/board.ts";
import type { BoardCard, BoardDocument, MyWorkDocument, TaskDetail } from "../../src/contract/task-contract.ts";
import type { SavedViewDocument } from "../../src/contract/view-contract.ts";
import { agoMs, danaPerformer, idOf, tasks } from "./web-scenario.ts";

const cardOf = (task: TaskDetail): BoardCard => {
  const { id, label, title, requestTitle, state, stateSinceMs, blockedBy, executor, risk, round, mayClaim, mine, rehearsal } = task;
  return {
    id,
    label,
    title,
    requestTitle,
    state,
    stateSinceMs,
    blockedBy,
    executor,
    risk,
    round,
    mayClaim,
    mine,
    rehearsal,
    performer: task.performer?.name ?? null,
  };
};

const card = (number: number, title: string, rest: Partial<BoardCard> & Pick<BoardCard, "state">): BoardCard => ({
  id: idOf(900 + number),
  label: `ENG-6/part_${number}`,
  title,
  requestTitle: "Build customer portal",
  stateSinceMs: agoMs(number * 90),
  blockedBy: null,
  executor: "human",
  risk: "low",
  round: 0,
  mayClaim: false,
  mine: false,
  rehearsal: false,
  performer: null,
  ...rest,
});

const cards: readonly BoardCard[] = [
  ...tasks.map(cardOf),
  card(1, "Write the operating manual", { state: "waiting", executor: "model" }),
  card(2, "Choose the accounting export format together with finance", { state: "blocked", blockedBy: "waits for an answer" }),
  card(3, "Import the old customers", { state: "failed", risk: "high", round: 3, performer: "Senior architect" }),
  card(4, "Agree on the words of the mails", { state: "in-review", performer: "Lee Park", round: 1 }),
];

/** The board, or one column of it. */
export function boardOf(query: URLSearchParams): BoardDocument {
  const mine = query.get("performer") === "me";
  const shown = cards.filter((one) => !mine || one.mine);
  const wanted = query.get("column");
  return {
    schema: "xvc.board/1",
    columns: columnOrder
      .filter((column) => wanted === null || column === wanted)
      .map((column) => {
        const here = shown.filter((one) => columnOfState(one.state) === column);
        return { column, count: column === "done" ? null : here.length, cards: here, nextCursor: null };
      }),
  };
}

export const myWork: MyWorkDocument = {
  schema: "xvc.my-work/1",
  holding: tasks.filter((task) => task.mine),
  offered: tasks.filter((task) => task.mayClaim),
  moreOffered: false,
  handedIn: [
    {
      attemptId: idOf(951),
      label: "ENG-6/part_4",
      title: "Agree on the words of the mails",
      requestTitle: "Build customer portal",
      number: 1,
      state: "checking",
      taskState: "running",
      endedAtMs: null,
      checks: { passed: 0, failed: 0, waiting: 0 },
      reviews: [],
      points: [],
    },
    {
      attemptId: idOf(952),
      label: "ENG-6/part_5",
      title: "Sketch the first screen",
      requestTitle: "Build customer portal",
      number: 1,
      state: "submitted",
      taskState: "rework",
      endedAtMs: agoMs(200),
      checks: { passed: 2, failed: 1, waiting: 0 },
      reviews: [{ reviewer: { ...danaPerformer, id: idOf(9), name: "Lee Park" }, outcome: "rework", decidedAtMs: agoMs(180) }],
      points: ["The colours fail on a projector."],
    },
  ],
};

export const views: readonly SavedViewDocument[] = [
  { id: idOf(961), page: "requests", name: "Paused", search: "state=paused", shared: false, mine: true, owner: danaPerformer },
];
