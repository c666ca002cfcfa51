import type { TaskDetail } from "../../../../contract/task-contract.ts";
import { stateWord } from "../../marks/state-mark.tsx";
import type { Why, WhyReason } from "../../shell/why.ts";
import { hoursText, titleWords } from "../../shell/words.ts";

const open = (task: TaskDetail) => task.dependsOn.filter((one) => one.state !== "passed" && one.state !== "integrated");

const changes: { readonly [state in TaskDetail["state"]]?: (task: TaskDetail) => string } = {
  proposed: () => "The plan's approval makes it waiting or ready.",
  waiting: (task) =>
    `It becomes ready when ${
      open(task)
        .map((one) => one.title)
        .join(", ") || "its last dependency"
    } has passed.`,
  ready: (task) => (task.executor === "human" ? "Whoever claims it first starts it." : "Its performer starts it as soon as there is room."),
  assigned: () => "It starts when its performer begins; a lead can reassign it.",
  running: (task) => (task.checking ? "Its checks end by themselves." : "Handing it in, giving it back, or a lead who reassigns it."),
  "in-review": () => "The verdict of its reviewer.",
  rework: () => "It is given out again by itself.",
  blocked: () => "An answer to the question in the inbox, or a change of the plan.",
  escalated: () => "A person's answer in the inbox.",
  failed: () => "A person who tries it again, or a change of the plan.",
  passed: () => "Reopening the request with this task named.",
  integrated: () => "Reopening the request with this task named.",
};

/** Why a task is as it is: what it waits for, what was judged, who does it and by which rule. */
export function taskWhy(task: TaskDetail): Why {
  const because: WhyReason[] = [
    ...open(task).map((one): WhyReason => ({
      kind: "fact",
      text: `${one.title} is ${stateWord(one.state)}.`,
      to: `/task/${task.requestLabel}/${one.task}`,
    })),
    ...(task.blockedBy === null ? [] : [{ kind: "fact", text: `It ${task.blockedBy}.`, atMs: task.stateSinceMs } as const]),
    ...(task.executor === null
      ? []
      : [
          {
            kind: "rule",
            text: `Performer chosen by skills, load and past work: ${titleWords(task.performer?.name ?? task.persona)}.`,
            id: "assignment.choose-performer",
          } as const,
        ]),
    ...task.reworkPoints.map((point): WhyReason => ({ kind: "decision", text: `${point.from} asks: ${point.text}` })),
    ...task.reviews
      .filter((review) => review.outcome !== null)
      .map((review): WhyReason => ({
        kind: "decision",
        text: `${review.reviewer.name} decided round ${review.round}: ${review.outcome ?? ""}.`,
        ...(review.decidedAtMs === null ? {} : { atMs: review.decidedAtMs }),
      })),
  ];
  return {
    of: `${task.label} ${task.title}`,
    state: `It is ${stateWord(task.state)}${task.checking ? "; what was handed in is being checked" : ""}.`,
    because,
    data: [
      ["Attempts", `${task.attemptCount} of ${task.maxAttempts}`],
      ["Round", String(task.round)],
      ["Likely effort", hoursText(task.estimateHours)],
      ["Version", String(task.version)],
    ],
    change: [changes[task.state]?.(task) ?? "Nothing: it ended."],
  };
}
