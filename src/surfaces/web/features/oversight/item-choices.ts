import type { InboxItemDetail, InboxItemSummary } from "../../../../contract/inbox-contract.ts";

export type Choice = InboxItemDetail["choices"][number];

const refusing: readonly string[] = ["reject", "fail", "cancel", "failed", "deny"];

export const isRefusing = (choice: Pick<Choice, "id">): boolean => refusing.includes(choice.id);

/** Approve or its like, and deny or its like, get the single keys. */
export function keyedChoices(choices: readonly Choice[]): { readonly act: Choice | undefined; readonly deny: Choice | undefined } {
  return { act: choices.find((choice) => !isRefusing(choice)), deny: choices.find(isRefusing) };
}

export const labelOfChoice = (item: Pick<InboxItemSummary, "choices">, id: string): string =>
  item.choices.find((choice) => choice.id === id)?.label ?? id;

/** Items that one answer may serve together: they ask by the same rule, offer the same choices, and risk little. */
export const batchKey = (item: InboxItemSummary): string | null =>
  item.mayAnswer && item.risk === "low" && item.choices.some(fitsBatch)
    ? JSON.stringify([item.ruleId, item.choices.map((choice) => choice.id)])
    : null;

/** A choice that is the same for every item: nothing, or one reason, goes with it. */
export const fitsBatch = (choice: Choice): boolean => choice.needs === "nothing" || choice.needs === "reason";
