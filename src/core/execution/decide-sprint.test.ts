import { expect, test } from "vitest";
import type { Decided } from "../shared/transition.ts";
import {
  type ChangeSprint,
  type MoveSprint,
  decideNewSprint,
  decideSprintChange,
  decideSprintMove,
  decideSprintOfTask,
} from "./decide-sprint.ts";
import { type Sprint, sprintLimits } from "./sprint.ts";
import type { Task, TaskState } from "./task.ts";

const context = { actor: { kind: "person", id: "lead" }, nowMs: 1_000, newId: () => "sprint-2" } as const;
const sprint = {
  id: "sprint-1",
  version: 3,
  eventCount: 1,
  projectId: "p",
  number: 1,
  state: "planning",
  title: "First weeks",
  goal: "A walking skeleton.",
  startsAtMs: 10,
  endsAtMs: 20,
  capacityHours: 40,
  closing: null,
} as unknown as Sprint; // brands of ids
const task = (id: string, state: TaskState, likelyHours = 4, sprintId: string | null = "sprint-1"): Task =>
  ({ id, version: 1, eventCount: 1, key: id, requestId: "r", state, sprintId, spec: { estimate: { likelyHours } } }) as unknown as Task; // what a sprint looks at
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const answerOf = (decided: Decided) => (decided.kind === "refused" ? decided.code : decided.transition.answer);
const changedTasks = (decided: Decided) =>
  decided.kind === "refused"
    ? []
    : decided.transition.changes.flatMap(({ kind, after }) => (kind.name === "task" ? [[after.id, (after as Task).sprintId]] : []));

const planned = {
  kind: "create-sprint",
  title: " First weeks ",
  goal: " Walk. ",
  startsAtMs: 10,
  endsAtMs: 20,
  capacityHours: 40,
} as const;

test("a sprint is planned with a title, days in order and hours within bounds, up to a number of open ones", () => {
  const create = (fields: object = {}, open = 0): Decided =>
    decideNewSprint({ projectId: "p" as Sprint["projectId"], open, nextNumber: 2 }, { ...planned, ...fields }, context);
  expect(create()).toMatchObject({ transition: { answer: { id: "sprint-2", number: 2, state: "planning" } } });
  for (const fields of [
    { title: " " },
    { title: "x".repeat(sprintLimits.titleLength + 1) },
    { goal: "x".repeat(sprintLimits.goalLength + 1) },
  ])
    expect(codeOf(create(fields))).toBe("sprint.bad-title");
  for (const fields of [{ startsAtMs: 0.5 }, { endsAtMs: Number.NaN }, { endsAtMs: 10 }])
    expect(codeOf(create(fields))).toBe("sprint.bad-dates");
  for (const capacityHours of [-1, Number.POSITIVE_INFINITY, sprintLimits.capacityHours + 1])
    expect(codeOf(create({ capacityHours }))).toBe("sprint.bad-hours");
  expect(codeOf(create({}, sprintLimits.open))).toBe("sprint.too-many");
});

test("a change keeps what it does not name, and needs the version that it was made over and a sprint that has not ended", () => {
  const change = (fields: Partial<ChangeSprint>, now: Partial<Sprint> = {}): Decided =>
    decideSprintChange(
      { sprint: { ...sprint, ...now } },
      { kind: "change-sprint", sprintId: sprint.id, expectedVersion: 3, ...fields },
      context,
    );
  expect(change({})).toMatchObject({
    transition: { changes: [{ after: { title: "First weeks", goal: sprint.goal, capacityHours: 40 } }] },
  });
  const all = { title: " Second ", goal: " More. ", startsAtMs: 11, endsAtMs: 21, capacityHours: 8 };
  expect(change(all)).toMatchObject({ transition: { changes: [{ after: { ...all, title: "Second", goal: "More." } }] } });
  expect(codeOf(change({ expectedVersion: 2 }))).toBe("sprint.changed-since");
  expect(codeOf(change({}, { state: "completed" }))).toBe("sprint.not-open");
  expect(codeOf(change({ title: "" }))).toBe("sprint.bad-title");
});

const move = (command: Partial<MoveSprint>, slice: Partial<Parameters<typeof decideSprintMove>[0]> = {}): Decided =>
  decideSprintMove(
    { sprint, tasks: [], next: undefined, nextCount: 0, ...slice },
    { kind: "start-sprint", sprintId: sprint.id, expectedVersion: 3, reason: "", moveToId: null, ...command },
    context,
  );
const active = { ...sprint, state: "active" } as const;

test("a sprint ends with its figures, and what is not done moves on or goes back", () => {
  expect(move({})).toMatchObject({ transition: { answer: { state: "active" } } });
  const tasks = [task("done", "passed", 3), task("in", "integrated", 1.25), task("left", "running", 2), task("off", "cancelled", 9)];
  const next = { ...sprint, id: "sprint-9" };
  const completed = move({ kind: "complete-sprint", moveToId: next.id, reason: " Time is up. " }, { sprint: active, tasks, next });
  const closing = { tasks: 3, doneTasks: 2, plannedHours: 6.25, doneHours: 4.25, movedToId: next.id, reason: "Time is up." };
  expect(completed).toMatchObject({ transition: { changes: [{ after: { state: "completed", closing } }, {}] } });
  expect(changedTasks(completed)).toEqual([["left", next.id]]);
  const cancelled = move({ kind: "cancel-sprint", reason: "Other plans." }, { tasks });
  expect(changedTasks(cancelled)).toEqual([["left", null]]);
  expect(answerOf(cancelled)).toMatchObject({ state: "cancelled" });
});

test("an end that makes no sense is refused", () => {
  expect(codeOf(move({ expectedVersion: 1 }))).toBe("sprint.changed-since");
  expect(codeOf(move({ kind: "complete-sprint" }))).toBe("sprint.wrong-state");
  expect(codeOf(move({ kind: "cancel-sprint", reason: " " }))).toBe("sprint.reason-missing");
  expect(codeOf(move({ reason: "x".repeat(sprintLimits.reasonLength + 1) }))).toBe("sprint.reason-missing");
  const complete = (moveToId: string, slice: object): string =>
    codeOf(move({ kind: "complete-sprint", moveToId }, { sprint: active, ...slice }));
  expect(complete("gone", {})).toBe("sprint.not-found");
  expect(complete(active.id, { next: active })).toBe("sprint.not-found");
  const next = { ...sprint, id: "sprint-9" };
  expect(complete(next.id, { next: { ...next, state: "cancelled" } })).toBe("sprint.not-open");
  expect(complete(next.id, { next, nextCount: sprintLimits.tasks, tasks: [task("left", "ready")] })).toBe("sprint.too-many-tasks");
  expect(complete(next.id, { next, nextCount: sprintLimits.tasks, tasks: [task("done", "passed")] })).toBe("accepted");
});

test("a task is planned for one open sprint of its project at a time", () => {
  const plan = (of: Task, sprintId: string | null, slice: { readonly sprint?: Sprint; readonly count?: number } = {}): Decided =>
    decideSprintOfTask(
      { task: of, sprint: slice.sprint, count: slice.count ?? 0 },
      { kind: "set-sprint", taskId: of.id, sprintId },
      context,
    );
  const free = task("t", "ready", 1, null);
  expect(changedTasks(plan(free, sprint.id, { sprint }))).toEqual([["t", sprint.id]]);
  expect(changedTasks(plan(task("t", "ready"), null))).toEqual([["t", null]]);
  const never: Task = { ...free };
  delete (never as { sprintId?: unknown }).sprintId; // as rows were before there were sprints
  for (const same of [plan(task("t", "ready"), sprint.id, { sprint }), plan(never, null)]) expect(changedTasks(same)).toEqual([]);
  expect(codeOf(plan(free, "gone"))).toBe("sprint.not-found");
  expect(codeOf(plan(free, sprint.id, { sprint: { ...sprint, state: "completed" } }))).toBe("sprint.not-open");
  for (const state of ["passed", "cancelled"] as const)
    expect(codeOf(plan({ ...free, state }, sprint.id, { sprint }))).toBe("sprint.task-ended");
  expect(codeOf(plan(free, sprint.id, { sprint, count: sprintLimits.tasks }))).toBe("sprint.too-many-tasks");
});
