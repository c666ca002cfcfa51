import { type Tag, tagKind } from "../../core/memory/tag.ts";
import type { NamedBy } from "../ports/store.ts";

/** Rows of a kind that have a tag. */
export const taggedRows = (kind: string, { key, value }: Pick<Tag, "key" | "value">): NamedBy => ({
  kind: tagKind,
  field: "subjectId",
  anyOf: [{ key, value, subjectKind: kind, state: "present" }],
  orIds: [],
});
