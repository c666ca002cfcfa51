import {
  type ChangeSprint,
  type CreateSprint,
  type MoveSprint,
  type SetSprint,
  decideNewSprint,
  decideSprintChange,
  decideSprintMove,
  decideSprintOfTask,
} from "../../core/execution/decide-sprint.ts";
import { sprintKind, sprintLimits } from "../../core/execution/sprint.ts";
import { taskKind } from "../../core/execution/task.ts";
import { projectIdOf } from "../../core/memory/decide-entity.ts";
import type { Transaction } from "../ports/store.ts";
import { handler } from "../shared/command-handler.ts";
import { lockOne } from "../shared/load-slice.ts";

/** Two who take one number at once meet at its unique key; the second decides again. */
export const createSprintHandler = handler({
  async load(transaction, _command: CreateSprint, context) {
    const [last] = await transaction.find(sprintKind, { newestFirst: true, limit: 1 });
    return {
      projectId: projectIdOf(context.caller.projectId),
      open: await transaction.count(sprintKind, { where: { state: ["planning", "active"] } }),
      nextNumber: (last?.number ?? 0) + 1,
    };
  },
  decide: decideNewSprint,
});

export const changeSprintHandler = handler({
  load: async (transaction, command: ChangeSprint) => ({ sprint: await lockOne(transaction, sprintKind, command.sprintId) }),
  decide: decideSprintChange,
});

/** Tasks before sprints, as everywhere: whoever plans a task holds it first and its sprint then. */
export const moveSprintHandler = handler({
  async load(transaction, { kind, sprintId, moveToId }: MoveSprint) {
    const tasks = kind === "start-sprint" ? [] : await lockTasks(transaction, sprintId);
    const both = await transaction.lock(sprintKind, moveToId === null ? [sprintId] : [sprintId, moveToId]);
    const sprint = both.find(({ id }) => id === sprintId) ?? (await lockOne(transaction, sprintKind, sprintId));
    return {
      sprint,
      tasks,
      next: both.find(({ id }) => id === moveToId),
      nextCount: moveToId === null ? 0 : await transaction.count(taskKind, { where: { sprintId: moveToId } }),
    };
  },
  decide: decideSprintMove,
});

async function lockTasks(transaction: Transaction, sprintId: string) {
  const found = await transaction.find(taskKind, { where: { sprintId }, limit: sprintLimits.tasks });
  return transaction.lock(
    taskKind,
    found.map(({ id }) => id),
  );
}

/** Holds the sprint while its tasks are counted, so that the limit is exact. */
export const setSprintHandler = handler({
  async load(transaction, { taskId, sprintId }: SetSprint) {
    const task = await lockOne(transaction, taskKind, taskId);
    const [sprint] = sprintId === null ? [] : await transaction.lock(sprintKind, [sprintId]);
    return { task, sprint, count: sprintId === null ? 0 : await transaction.count(taskKind, { where: { sprintId } }) };
  },
  decide: decideSprintOfTask,
});
