import { type Json, canonicalJson } from "../shared/json.ts";
import { type PersonaFields, documentFields } from "./persona-document.ts";

/** One field in which two versions differ; null: it is not there. */
export interface FieldChange {
  readonly field: string;
  readonly before: Json;
  readonly after: Json;
}

/** In which fields two versions differ, in the order of the document. */
export const diffPersonas = (before: PersonaFields | undefined, after: PersonaFields): readonly FieldChange[] =>
  documentFields.flatMap((field) => {
    const [old, now] = [(before?.[field] ?? null) as Json, (after[field] ?? null) as Json]; // fields of a persona are plain JSON
    return canonicalJson(old) === canonicalJson(now) ? [] : [{ field, before: old, after: now }];
  });
