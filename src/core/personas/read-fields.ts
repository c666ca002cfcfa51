/** Reads single fields of a document strictly. Nothing is put right silently: what does not fit is a sentence for a person. */
import type { Json, JsonObject } from "../shared/json.ts";

/** What was read, and what was wrong; a field with a problem reads as absent. */
export interface FieldReader {
  /** Absent reads as undefined. */
  text(field: string, most: number): string | undefined;
  texts(field: string, bounds: { readonly items: number; readonly chars: number }): readonly string[] | undefined;
  oneOf<Word extends string>(field: string, words: readonly Word[]): readonly Word[] | undefined;
  whole(field: string, bounds: { readonly min: number; readonly max: number }): number | undefined;
  object(field: string, known: readonly string[]): FieldReader | undefined;
  list(field: string, most: number): readonly Json[] | undefined;
  raw(field: string): Json | undefined;
  problem(sentence: string): void;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads the fields of one object; `what` begins each sentence, such as "Persona qa_engineer: ". */
export function fieldReader(of: JsonObject, what: string, problems: string[]): FieldReader {
  const say = (sentence: string): undefined => {
    problems.push(`${what}${sentence}`);
    return undefined;
  };
  const raw = (field: string): Json | undefined => (Object.hasOwn(of, field) ? of[field] : undefined);
  const read = <Value>(field: string, wanted: string, take: (value: Json) => Value | undefined): Value | undefined => {
    const value = raw(field);
    if (value === undefined) return undefined;
    return take(value) ?? say(`\`${field}\` must be ${wanted}.`);
  };
  return {
    raw,
    problem: (sentence) => say(sentence),
    text: (field, most) =>
      read(field, `a text of 1 to ${most} characters`, (value) =>
        typeof value === "string" && value.trim() !== "" && value.length <= most ? value : undefined,
      ),
    texts: (field, { items, chars }) =>
      read(field, `a list of at most ${items} texts of 1 to ${chars} characters`, (value) =>
        isTexts(value) && value.length <= items && value.every((text) => text.trim() !== "" && text.length <= chars) ? value : undefined,
      ),
    oneOf: <Word extends string>(field: string, words: readonly Word[]) =>
      read(field, `a list of ${words.join(", ")}, each at most once`, (value) => {
        const found = isTexts(value) ? words.filter((word) => value.includes(word)) : [];
        return isTexts(value) && found.length === value.length
          ? found.toSorted((left, right) => value.indexOf(left) - value.indexOf(right))
          : undefined;
      }),
    whole: (field, { min, max }) =>
      read(field, `a whole number from ${min} to ${max}`, (value) =>
        typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined,
      ),
    object(field, known) {
      const value = read(field, "an object", (one) => (isObject(one) ? one : undefined));
      if (value === undefined) return undefined;
      const unknown = Object.keys(value).filter((key) => !known.includes(key));
      if (unknown.length > 0)
        say(
          `\`${field}\` has no ${unknown
            .slice(0, 3)
            .map((key) => JSON.stringify(key.slice(0, 50)))
            .join(", ")}; it has ${known.join(", ")}.`,
        );
      return fieldReader(value, `${what}${field}: `, problems);
    },
    list: (field, most) => read(field, `a list of at most ${most}`, (value) => (isList(value) && value.length <= most ? value : undefined)),
  };
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isTexts = (value: Json): value is readonly string[] => Array.isArray(value) && value.every((item) => typeof item === "string");
