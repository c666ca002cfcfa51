import type { InboxItemSummary } from "../../../../contract/inbox-contract.ts";
import type { ProgressDocument } from "../../../../contract/progress-contract.ts";
import { stateWord } from "../../marks/state-mark.tsx";
import type { Why, WhyReason } from "../../shell/why.ts";
import { countText, dayText, durationText, moneyText } from "../../shell/words.ts";

/** Tasks named one by one; the rest is counted. */
const namedTasks = 5;

const isOpen = (item: InboxItemSummary): boolean => item.state === "open" || item.state === "delegated";

const waiter = (item: InboxItemSummary): string =>
  item.mine ? "you" : (item.delegate?.name ?? (item.roles.length === 0 ? "any member" : `a ${item.roles.join(" or ")}`));

/** For whom or what it waits, and since when. */
function stateSentence(progress: ProgressDocument, nowMs: number): string {
  const since = durationText(nowMs - progress.summary.stateSinceMs);
  const [asked] = progress.inbox.filter(isOpen);
  const now = `${progress.headline} It is in this state since ${since}.`;
  return asked === undefined ? now : `${now} It waits for ${waiter(asked)}, asked ${durationText(nowMs - asked.askedAtMs)} ago.`;
}

const asking = (items: readonly InboxItemSummary[]): readonly WhyReason[] =>
  items.map((item) => ({ kind: "rule", text: item.title, id: item.ruleId, atMs: item.askedAtMs, to: `/inbox?item=${item.id}` }));

function decided(progress: ProgressDocument): readonly WhyReason[] {
  return progress.decisions
    .filter((decision) => decision.choice !== null)
    .map((decision) => ({
      kind: "decision",
      text: `${decision.question} ${decision.choice ?? ""}${decision.decider === null ? "" : `, by ${decision.decider.name}`}`,
      id: decision.authority,
      ...(decision.madeAtMs === null ? {} : { atMs: decision.madeAtMs }),
    }));
}

/** Tasks that hold the rest up. */
function holding(progress: ProgressDocument): readonly WhyReason[] {
  const held = progress.tasks.filter((task) => ["blocked", "escalated", "failed"].includes(task.status));
  const named = held.slice(0, namedTasks).map((task): WhyReason => {
    const cause = task.blocked_by.length === 0 ? "" : `: ${task.blocked_by.join(", ")}`;
    return {
      kind: "fact",
      text: `${task.title} is ${stateWord(task.status)}${cause}`,
      atMs: task.since,
      to: `/task/${progress.request}/${task.task}`,
    };
  });
  const further = held.length - named.length;
  return further === 0 ? named : [...named, { kind: "fact", text: `${countText(further, "further task")} stand still` }];
}

const nextMoves: { readonly [state: string]: string } = {
  submitted: "The engine takes it up by itself.",
  analysing: "The engine reads it by itself and asks what it cannot know.",
  planning: "The engine makes a plan by itself and asks for its approval.",
  active: "It goes on when its tasks pass their checks and reviews; when all have passed, it is put together.",
  integrating: "The engine puts the outputs together and checks them as a whole.",
  delivered: "Accepting it closes it; reopening it sends tasks back to work.",
  closed: "Reopening it sends tasks back to work.",
  rejected: "Nothing: it ended here. A new request can be filed from it.",
  cancelled: "Nothing: it ended here. A new request can be filed from it.",
  paused: "Resuming it: it goes on where it was.",
};

function changes(progress: ProgressDocument, asked: readonly InboxItemSummary[]): readonly string[] {
  const answers = asked.map(
    (item) => `An answer of ${waiter(item)} to “${item.title}”: ${item.choices.map((choice) => choice.label).join("; ")}.`,
  );
  const next = nextMoves[progress.state];
  return next === undefined ? answers : [...answers, next];
}

/** Why a request is where it is: who or what it waits for, what was decided, what holds it up, and what ends that. */
export function whyOfRequest(progress: ProgressDocument, nowMs: number): Why {
  const asked = progress.inbox.filter(isOpen);
  const { summary } = progress;
  return {
    of: `${progress.request} ${summary.title}`,
    state: stateSentence(progress, nowMs),
    because: [...asking(asked), ...holding(progress), ...decided(progress)],
    data: [
      ["Stage", progress.stage],
      [
        "Tasks",
        `${progress.tasks.length}, of which ${progress.tasks.filter((task) => ["passed", "integrated"].includes(task.status)).length} passed`,
      ],
      ["Cost so far", moneyText(progress.costMicro, progress.currency)],
      ["Deadline", summary.deadlineAtMs === null ? "none" : dayText(summary.deadlineAtMs)],
    ],
    change: changes(progress, asked),
  };
}
