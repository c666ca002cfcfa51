import type { InboxItemDetail, InboxItemSummary } from "../../../../contract/inbox-contract.ts";
import type { Why, WhyReason } from "../../shell/why.ts";
import { durationText } from "../../shell/words.ts";
import { labelOfChoice } from "./item-choices.ts";

/** For whom an item waits, in words. */
export const waiterOf = (item: Pick<InboxItemSummary, "delegate" | "roles" | "mine" | "mayAnswer">): string =>
  item.mine ? "you" : (item.delegate?.name ?? (item.roles.length === 0 ? unnamedWaiter(item) : `a ${item.roles.join(" or ")}`));

/** No role is named: anybody may answer, unless this reader may not. */
const unnamedWaiter = (item: Pick<InboxItemSummary, "mayAnswer">): string => (item.mayAnswer ? "any member" : "somebody else");

function stateSentence(item: InboxItemDetail, nowMs: number): string {
  const { answer } = item;
  if (answer !== null) return `${answer.by.name} answered it: ${labelOfChoice(item, answer.choice)}.`;
  if (item.state === "expired") return "Its time ran out.";
  if (item.state === "withdrawn") return "It was withdrawn: nobody has to answer it any more.";
  const since = durationText(nowMs - item.askedAtMs);
  if (item.paused) return `It waits for a reply to a question; its clock stands still. It was asked ${since} ago.`;
  return `It waits for ${waiterOf(item)}, since ${since}.`;
}

const policyReasons = (item: InboxItemDetail): readonly WhyReason[] =>
  item.why.policies.map((policy) => ({ kind: "rule", text: policy.statement, id: `${policy.key} v${policy.version}` }));

const handOverReasons = (item: InboxItemDetail): readonly WhyReason[] =>
  item.handOvers.map((one) => ({
    kind: "decision",
    text: `${one.from.name} handed it to ${one.to.name}${one.reason === "" ? "" : `: ${one.reason}`}`,
    atMs: one.atMs,
  }));

function changes(item: InboxItemDetail): readonly string[] {
  if (item.answer !== null) return ["Nothing: an answer stands. What it decided can be decided anew on the request's page."];
  const { agreement, clock } = item;
  const missing = agreement.quorum - agreement.votes.length;
  return [
    `An answer of ${waiterOf(item)}: ${item.choices.map((choice) => choice.label).join("; ")}.`,
    ...(agreement.quorum > 1 ? [`${agreement.quorum} people have to agree; ${missing} of them did not speak yet.`] : []),
    clock.atExpiry,
    ...(item.whyNot === null ? [] : [`You may not answer it: ${item.whyNot}`]),
  ];
}

/** Why an item is there, why it is in this state, and what ends it. */
export function whyOfItem(item: InboxItemDetail, nowMs: number): Why {
  return {
    of: item.title,
    state: stateSentence(item, nowMs),
    because: [
      { kind: "rule", text: item.why.ruleText, id: item.why.ruleId },
      ...policyReasons(item),
      {
        kind: "fact",
        text: `Asked about ${item.requestLabel} ${item.requestTitle}`,
        atMs: item.askedAtMs,
        ...(item.requestId === null ? {} : { to: `/requests/${item.requestLabel}` }),
      },
      ...handOverReasons(item),
    ],
    data: [
      ["Risk", item.risk],
      ["People who have to agree", String(item.agreement.quorum)],
      ["Roles that may answer", item.roles.length === 0 ? "any member" : item.roles.join(", ")],
    ],
    change: changes(item),
  };
}
