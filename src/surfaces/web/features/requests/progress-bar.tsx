import type { ProgressDocument } from "../../../../contract/progress-contract.ts";
import { stateWord } from "../../marks/state-mark.tsx";
import { countText } from "../../shell/words.ts";

type Tasks = ProgressDocument["tasks"];

const groups = [
  { name: "done", states: ["passed", "integrated"], look: "bg-good" },
  { name: "in review", states: ["in-review"], look: "bg-accent opacity-50" },
  { name: "at work", states: ["assigned", "running"], look: "bg-accent" },
  { name: "needs attention", states: ["rework", "blocked", "escalated", "failed"], look: "bg-wait" },
] as const;

const countOf = (tasks: Tasks, states: readonly string[]): number => tasks.filter((task) => states.includes(task.status)).length;

/** `3 of 9 tasks done, 2 at work: Backend, Screens.` */
export function progressSentence(tasks: Tasks): string {
  if (tasks.length === 0) return "";
  const live = tasks.filter((task) => task.status !== "cancelled");
  const atWork = live.filter((task) => task.status === "running");
  const parts = groups
    .map((group) => ({ group, count: countOf(live, group.states) }))
    .filter(({ group, count }) => count > 0 && group.name !== "done");
  const done = `${countOf(live, groups[0].states)} of ${countText(live.length, "task")} done`;
  const rest = parts.map(({ group, count }) => `${count} ${group.name}`).join(", ");
  const names = atWork.length > 0 && atWork.length <= 3 ? `: ${atWork.map((task) => task.title).join("; ")}` : "";
  return `${done}${rest === "" ? "" : `, ${rest}`}${names}.`;
}

/** How far the tasks are, as one bar with its sentence. The tab's live region says the sentence when it changes. */
export function ProgressBar({ tasks }: { readonly tasks: Tasks }) {
  if (tasks.every((task) => task.status === "proposed")) return null;
  return (
    <div className="flex flex-col gap-1.5">
      <div aria-hidden="true" className="flex h-1.5 overflow-hidden rounded-sm bg-line">
        {groups.map((group) => (
          <span
            key={group.name}
            className={`${group.look} transition-[width] duration-150`}
            style={{ width: `${(countOf(tasks, group.states) / tasks.length) * 100}%` }}
            title={group.states.map(stateWord).join(", ")}
          />
        ))}
      </div>
      <p className="text-sm text-ink-2">{progressSentence(tasks)}</p>
    </div>
  );
}
