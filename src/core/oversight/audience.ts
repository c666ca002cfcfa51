import type { InboxItem } from "./inbox-item.ts";

/** Everything of an item by which it is decided who may answer it. */
export type Audience = Pick<
  InboxItem,
  | "kind"
  | "subjectKind"
  | "subjectId"
  | "ruleId"
  | "risk"
  | "roles"
  | "personIds"
  | "excludedPersonIds"
  | "delegateId"
  | "divisions"
  | "amountMicro"
  | "effectKind"
  | "alwaysReview"
>;

/** The audience's parts in a fixed order, the amount last; a migration builds the same text in the database. */
const parts = [
  "kind",
  "subjectKind",
  "ruleId",
  "risk",
  "roles",
  "personIds",
  "excludedPersonIds",
  "delegateId",
  "divisions",
  "effectKind",
  "alwaysReview",
  "amountMicro",
] as const satisfies readonly (keyof Audience)[];

/** Items with equal texts are for the same people, unless a policy names a subject. JSON as the database writes it. */
export const audienceText = (item: Audience): string => `[${parts.map((part) => written(item[part])).join(", ")}]`;

function written(value: Audience[(typeof parts)[number]]): string {
  if (value === undefined || value === null) return "null";
  return typeof value === "object" ? `[${value.map((one) => JSON.stringify(one)).join(", ")}]` : JSON.stringify(value);
}

/** Reads what `audienceText` wrote of a row; the amount may be left out, then there is none. */
export function readAudience(
  text: string,
  { subjectId, withAmount }: { readonly subjectId: string; readonly withAmount: boolean },
): Audience {
  const values = JSON.parse(text) as readonly unknown[]; // written by `audienceText`
  const wanted = withAmount ? parts : parts.slice(0, -1);
  const known = wanted.flatMap((part, at) => (values[at] === null && part !== "delegateId" ? [] : [[part, values[at]]]));
  return { ...(Object.fromEntries(known) as Omit<Audience, "subjectId">), subjectId }; // one entry per part, as written
}

/** What is left of the text without its amount. */
export const withoutAmount = (text: string): string => text.slice(0, text.lastIndexOf(", "));
