/** Objects of the page as Markdown for other places. Text of people is put in as text: what would be markup is escaped. Pure. */
import type { PlanView } from "../../../../contract/plan-contract.ts";
import type { ProgressDocument } from "../../../../contract/progress-contract.ts";
import type { TaskDetail } from "../../../../contract/task-contract.ts";

/** One line of somebody's text. */
export const line = (text: string): string =>
  text
    .replaceAll(/\s+/gu, " ")
    .trim()
    .replaceAll(/[\\`*_{}[\]<>#|!]/gu, "\\$&");

const block = (text: string): string =>
  text
    .trim()
    .split("\n")
    .map((part) => `> ${line(part)}`)
    .join("\n");

const checkbox = (done: boolean): string => (done ? "[x]" : "[ ]");
const isDone = (state: string): boolean => state === "passed" || state === "integrated";

export function requestMarkdown(progress: ProgressDocument): string {
  const { summary, brief, tasks, decisions } = progress;
  return [
    `# ${progress.request} ${line(summary.title)}`,
    `${line(progress.headline)} (${progress.state}, filed by ${line(summary.requester.name)})`,
    block(summary.text),
    ...(brief === null
      ? []
      : [
          `## Brief`,
          line(brief.interpretation),
          ...(brief.goals.length === 0 ? [] : [brief.goals.map((goal) => `- ${line(goal)}`).join("\n")]),
        ]),
    ...(tasks.length === 0
      ? []
      : [
          "## Tasks",
          tasks.map((task) => `- ${checkbox(isDone(task.status))} ${line(task.title)} (${task.task}, ${task.status})`).join("\n"),
        ]),
    ...(decisions.length === 0
      ? []
      : [
          "## Decisions",
          decisions
            .map((one) => `- ${line(one.question)} ${one.choice ?? "open"}${one.decider === null ? "" : `, ${line(one.decider.name)}`}`)
            .join("\n"),
        ]),
  ].join("\n\n");
}

export function planMarkdown(reference: string, view: PlanView): string {
  const state = new Map(view.tasks.map((task) => [task.task, task.state]));
  const rows = view.document.decomposition.map(
    (task) =>
      `- ${checkbox(isDone(state.get(task.task) ?? ""))} ${line(task.title)} (key: ${task.task}; persona: ${line(task.persona)}${
        task.dependencies.length === 0 ? "" : `; after: ${task.dependencies.join(" ")}`
      }; hours: ${task.estimate.lowHours}-${task.estimate.likelyHours}-${task.estimate.highHours})`,
  );
  return [
    `# Plan ${view.plan.number} of ${reference}: ${line(view.plan.title)}`,
    `${view.plan.state}, ${view.plan.taskCount} tasks`,
    rows.join("\n"),
  ].join("\n\n");
}

export function taskMarkdown(task: TaskDetail): string {
  const verdicts = new Map(task.attempts.flatMap((attempt) => attempt.checks).map((check) => [check.criterionId, check.verdict]));
  return [
    `# ${task.label} ${line(task.title)}`,
    `${task.state}${task.performer === null ? "" : `, ${line(task.performer.name)}`}, part of ${task.requestLabel} ${line(task.requestTitle)}`,
    ...(task.brief === "" ? [] : [block(task.brief)]),
    "## Must fulfil",
    task.criteria.map((one) => `- ${checkbox(verdicts.get(one.id) === "pass")} ${line(one.statement)}`).join("\n"),
    ...(task.reworkPoints.length === 0
      ? []
      : ["## Points to answer", task.reworkPoints.map((point) => `- ${line(point.text)}`).join("\n")]),
  ].join("\n\n");
}
