import type { InboxItem } from "./inbox-item.ts";

/** Whether an item is for this person: it names nobody, or names them. Roles are asked after this. */
export const isAddressed = (item: Pick<InboxItem, "personIds">, personId: string): boolean =>
  item.personIds === undefined || item.personIds.some((id) => id === personId);

/** What was handed over is for the one it was handed to or their substitute, and in nobody else's list; whoever could answer still can. `rule`: of their authority. */
export const isTurnOf = ({ delegateId }: Pick<InboxItem, "delegateId">, personId: string, rule: string): boolean =>
  delegateId === null || delegateId === personId || rule.startsWith(`substitute-of:${delegateId}`);

/** Whether work waits for an answer: a mention tells somebody something and holds nothing up. */
export const holdsUp = ({ kind }: Pick<InboxItem, "kind">): boolean => kind !== "mention";

/** The kinds of items that hold something up. */
export const waitingKinds: readonly InboxItem["kind"][] = ["approval", "question", "escalation", "check", "unknown-effect", "patch"];
