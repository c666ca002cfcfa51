import type { InboxItem } from "./inbox-item.ts";
import { isApproving } from "./quorum.ts";

/** What is asked about when looking at a default. */
export type DefaultMatter = Pick<
  InboxItem,
  "kind" | "subjectKind" | "risk" | "choices" | "defaultChoice" | "hold" | "alwaysReview" | "quorum"
>;

/** Choices by which nothing goes ahead; the only ones that time may make where anything is at risk. */
const refusing: ReadonlySet<string> = new Set(["reject", "deny", "no", "decline", "cancel", "fail"]);

const isSimple = (choice: InboxItem["choices"][number]): boolean => choice.needs === "nothing" || choice.needs === "reason";

/** A call of a tool that nobody approves is not made. */
const isToolApproval = (item: Pick<InboxItem, "kind" | "subjectKind">): boolean =>
  item.kind === "approval" && (item.subjectKind === "effect" || item.subjectKind === "attempt");

/** The choice that time makes for a new item: a tool approval expires as "no", everything else as its opener said. */
export const defaultFor = (item: DefaultMatter): string | null =>
  isToolApproval(item) ? (item.choices.find((choice) => refusing.has(choice.id) && isSimple(choice))?.id ?? null) : item.defaultChoice;

/**
 * Why time may not make this choice; null: it may, or there is none. No clock approves anything of medium or high risk,
 * an orange or red hold, a class that is always reviewed, or what several have to agree to.
 */
export function defaultProblem(item: DefaultMatter): string | null {
  if (item.defaultChoice === null) return null;
  const choice = item.choices.find((candidate) => candidate.id === item.defaultChoice);
  if (choice === undefined) return `"${item.defaultChoice}" is no choice of this item.`;
  if (!isSimple(choice)) return `"${choice.id}" needs ${choice.needs}, which time cannot give.`;
  if (item.subjectKind === "plan") return "A plan waits for people, however long.";
  return refusing.has(choice.id) ? null : (reserved(item) ?? (isApproving(choice.id) ? agreementProblem(item) : null));
}

/** What only people may let go ahead. */
function reserved(item: DefaultMatter): string | null {
  if (isToolApproval(item)) return "A tool approval expires as a refusal.";
  if (item.kind === "check" || item.kind === "unknown-effect") return "What is true is not found out by waiting.";
  if (item.risk !== "low") return `Something of ${item.risk} risk never goes ahead by time alone.`;
  if (item.hold !== undefined) return `A ${item.hold} hold is released by people only.`;
  return (item.alwaysReview ?? []).length > 0 ? "This class is always reviewed by a person." : null;
}

const agreementProblem = ({ quorum = 1 }: DefaultMatter): string | null =>
  quorum > 1 ? "Several people have to agree, and time is none of them." : null;
