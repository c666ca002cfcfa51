import type { InboxItem } from "./inbox-item.ts";

/** Items answered in one go at most. */
export const maxTogether = 100;

/** Why these items cannot have one answer; null: they can. Only what asks the same by the same rule, at low risk, is looked at as one. */
export function togetherProblem(items: readonly InboxItem[], choice: string): string | null {
  const [first] = items;
  if (first === undefined || items.length > maxTogether) return `Name 1 to ${maxTogether} items.`;
  const other = items.find((item) => item.ruleId !== first.ruleId || item.kind !== first.kind);
  if (other !== undefined) return `"${first.title}" and "${other.title}" ask by different rules; answer them one by one.`;
  const grave = items.find(
    (item) => item.risk !== "low" || item.hold !== undefined || (item.alwaysReview ?? []).length > 0 || (item.quorum ?? 1) > 1,
  );
  if (grave !== undefined) return `"${grave.title}" is not of low risk, or has to be looked at by itself; answer it by itself.`;
  const without = items.find(
    (item) => !item.choices.some((one) => one.id === choice && (one.needs === "nothing" || one.needs === "reason")),
  );
  return without === undefined ? null : `"${without.title}" does not offer "${choice}" as a plain answer.`;
}
