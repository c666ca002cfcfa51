import { eventName, found, type Lookup, nameOf, number as numberOf, text, texts } from "../lookup.ts";
import type { Finding, HistoryRow, StateRow } from "../world.ts";

const accepted = new Set(["passed", "integrated"]);

/** I8: an attempt was started only when everything its task depends on had passed, at the versions that were accepted. */
export function checkInputs(lookup: Lookup): readonly Finding[] {
  return lookup.rowsOf("attempt").flatMap((attempt) => {
    const task = lookup.row(attempt.organizationId, "task", text(attempt, "taskId"));
    const [born] = lookup.versions(attempt);
    if (task === undefined || born === undefined) return [];
    const then = lookup.versions(task).findLast((version) => version.recordedAtMs <= born.recordedAtMs) ?? task;
    return [
      ...texts(then, "dependsOn").flatMap((taskId) => checkDependency(lookup, { attempt, born, taskId })),
      ...checkPlan(lookup, attempt, then),
    ];
  });
}

function checkDependency(
  lookup: Lookup,
  about: { readonly attempt: StateRow; readonly born: HistoryRow; readonly taskId: string },
): readonly Finding[] {
  const { attempt, born, taskId } = about;
  const dependency = lookup.row(attempt.organizationId, "task", taskId);
  if (dependency === undefined)
    return [found("I8", `An attempt depends on the task ${taskId}, which does not exist.`, { lookup, row: attempt })];
  const versions = lookup.versions(dependency);
  const before = versions.findLast((version) => version.recordedAtMs < born.recordedAtMs);
  // several commands may share a millisecond: any state of that millisecond may have been the one it saw
  const meanwhile = versions.filter((version) => version.recordedAtMs === born.recordedAtMs);
  const seen = [...(before === undefined ? [] : [before]), ...meanwhile];
  if (seen.some((version) => accepted.has(text(version, "state")))) return [];
  const state = seen.at(-1) === undefined ? "not there" : text(seen.at(-1) ?? dependency, "state");
  return [
    found("I8", `An attempt was started while "${text(dependency, "key")}", which its task depends on, was ${state}.`, {
      lookup,
      row: attempt,
      others: [nameOf(dependency)],
    }),
  ];
}

/** Nothing is dispatched before a person approved the plan. */
function checkPlan(lookup: Lookup, attempt: StateRow, task: StateRow): readonly Finding[] {
  const plan = lookup.row(attempt.organizationId, "plan", text(task, "planId"));
  if (plan === undefined) return [found("I8", "An attempt belongs to a plan that does not exist.", { lookup, row: attempt })];
  const approval = lookup.versions(plan).find((version) => text(version, "state") === "approved");
  const [born] = lookup.versions(attempt);
  if (approval !== undefined && born !== undefined && approval.recordedAtMs <= born.recordedAtMs) return [];
  const [first] = lookup.stream(attempt.organizationId, attempt.id);
  return [
    found("I8", `An attempt was started under plan ${String(numberOf(plan, "number"))} before it was approved.`, {
      lookup,
      row: attempt,
      others: [nameOf(plan), ...(first === undefined ? [] : [eventName(first)])],
    }),
  ];
}
