import type { ReactNode } from "react";
import type { TaskDetail } from "../../../../contract/task-contract.ts";
import { stateWord } from "../../marks/state-mark.tsx";
import { Lasting } from "../../shell/clock.tsx";
import { plainWords, titleWords } from "../../shell/words.ts";

/** Where it stands and for whom it waits, in one sentence. */
export function standing(task: TaskDetail): ReactNode {
  if (task.checking) return "Handed in; its checks are running.";
  if (task.rehearsal) return `${task.blockedBy ?? wordsOf(task)}`.replace(/\.?$/u, "."); // its time says nothing relative to now
  const lasting = <Lasting sinceMs={task.stateSinceMs} />;
  if (task.blockedBy !== null)
    return (
      <>
        {task.blockedBy}, {lasting}.
      </>
    );
  const words = wordsOf(task);
  return words.endsWith(".") ? (
    words
  ) : (
    <>
      {words} {lasting}.
    </>
  );
}

const wordsOf = (task: TaskDetail): string => sentences[task.state]?.(task) ?? titleWords(stateWord(task.state));

const nameOf = (task: TaskDetail): string =>
  task.performer?.kind === "person" ? task.performer.name : plainWords(task.performer?.name ?? "the next free performer");

/** What is whole ends with a full stop; to the rest the time is added. */
const sentences: { readonly [state in TaskDetail["state"]]?: (task: TaskDetail) => string } = {
  ready: (task) => (task.mayClaim ? "Ready. You can claim it." : `Ready for ${nameOf(task)}`),
  running: (task) => (task.mine ? "Yours" : `With ${nameOf(task)}`),
  waiting: (task) => {
    const open = task.dependsOn.filter((one) => one.state !== "passed" && one.state !== "integrated");
    return `Waits for ${open.map((one) => one.title).join(", ") || "its turn"}.`;
  },
};
