import type { InboxItem } from "./inbox-item.ts";

/** Whether an item is for this person: it names nobody, or names them. Roles are asked after this. */
export const isAddressed = (item: Pick<InboxItem, "personIds">, personId: string): boolean =>
  item.personIds === undefined || item.personIds.some((id) => id === personId);
