/** The fields of a persona as its document says them, in the vision's form. One list for reading, writing and comparing. */
import type { Entity } from "../shared/entity.ts";
import { type Json, type JsonObject, canonicalJson } from "../shared/json.ts";
import type { Persona } from "./persona.ts";

/** A persona's own fields, without what the store adds. */
export type PersonaFields = Omit<Persona, "id" | "version" | "eventCount">;

/** Bounds of one persona. A worldview is read by people and told to a model with every turn. */
export const personaLimits = {
  worldviewChars: 500,
  worldviewTextChars: 20_000,
  wordChars: 100,
  words: 100,
  checks: 30,
  statementChars: 500,
  languages: 20,
  ranges: 50,
  values: 100,
  moreChars: 20_000,
  moreFields: 50,
  maxVersion: 1_000_000,
  maxCapacity: 10_000,
  maxAttempts: 100,
} as const;

/** Every field that a document may say, beside `version`. */
export const documentFields = [
  "worldview",
  "worldviewText",
  "specializations",
  "tools",
  "division",
  "skills",
  "languages",
  "checks",
  "executors",
  "attemptsWith",
  "costPerHourMicro",
  "tokenRates",
  "capacity",
  "limits",
  "reviews",
  "context",
  "more",
] as const satisfies readonly (keyof Persona)[];

export type DocumentField = (typeof documentFields)[number];

/** One persona as a document: `readLibrary` reads the same persona from it. */
export function personaDocumentOf(persona: PersonaFields): JsonObject {
  const { more, ...said } = Object.fromEntries(
    documentFields.flatMap((field) => (persona[field] === undefined ? [] : [[field, persona[field] as unknown as Json]])), // fields of a persona are plain JSON
  ) as { readonly [field: string]: Json } & { readonly more?: JsonObject };
  return { ...more, ...said, version: persona.personaVersion };
}

/** What a person may write: the fields of the document, and nothing that the product keeps about a persona. */
export function writtenFields(persona: PersonaFields): PersonaFields {
  const { qualifiedWith: _qualified, libraryVersion: _library, retired: _retired, ...written } = persona;
  return written;
}

/** Fields of a row that make it say what the document says: a field that the document leaves out is gone. */
export const replacing = (persona: PersonaFields): Partial<Omit<Persona, keyof Entity>> =>
  // A field that is undefined is not stored; the type knows no such field, but the row may have it now.
  ({ ...Object.fromEntries(documentFields.map((field) => [field, persona[field]])), personaVersion: persona.personaVersion }) as Partial<
    Omit<Persona, keyof Entity>
  >;

/** Whether two personas say the same, whatever their versions. */
export const sameDocument = (left: PersonaFields, right: PersonaFields): boolean =>
  canonicalJson({ ...personaDocumentOf(left), version: 0 }) === canonicalJson({ ...personaDocumentOf(right), version: 0 });
