import type { Computation, SpecificationProblem } from "../../core/gate/computation.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";

/** One place of a specification that is being read; what is wrong is gathered, so that all of it is told at once. */
export interface Place {
  readonly value: Json | undefined;
  readonly path: string;
  readonly problems: SpecificationProblem[];
}

/** Problems gathered at most; what is beyond is as wrong as these. */
const maxProblems = 200;

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const refusedFor = (problems: readonly SpecificationProblem[]): Computation => ({ kind: "refused", problems });
export const refusedAt = (path: string, message: string): Computation => refusedFor([{ path, message }]);

export const placeOf = (value: Json | undefined, problems: SpecificationProblem[] = []): Place => ({ value, path: "", problems });

export function complain({ path, problems }: Place, message: string): void {
  if (problems.length < maxProblems) problems.push({ path, message });
}

/** A field of an object; absent where the object has none of its own by this name. */
export const at = ({ value, path, problems }: Place, key: string): Place => ({
  value: isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined,
  path: path === "" ? key : `${path}.${key}`,
  problems,
});

/** Complains where it is no object, or has a field that is none of these. */
export function fieldsOf(place: Place, known: readonly string[]): Place {
  if (!isObject(place.value)) complain(place, "It must be an object.");
  else
    for (const key of Object.keys(place.value).slice(0, maxProblems))
      if (!known.includes(key)) complain(at(place, key.slice(0, 80)), `It is not known here; known are ${known.join(", ")}.`);
  return place;
}

/** The entries of a list; absent is empty unless `least` says otherwise. */
export function entriesOf(place: Place, { least = 0, most }: { readonly least?: number; readonly most: number }): readonly Place[] {
  const { value, path, problems } = place;
  if (value !== undefined && !Array.isArray(value)) {
    complain(place, "It must be a list.");
    return [];
  }
  const list = (value ?? []) as readonly Json[]; // a list, as just seen
  if (list.length < least) complain(place, `It needs at least ${least} ${least === 1 ? "entry" : "entries"}.`);
  if (list.length > most) complain(place, `It has ${list.length} entries; at most ${most} are read.`);
  return list.slice(0, most).map((entry, index) => ({ value: entry, path: `${path}[${index}]`, problems }));
}

interface TextBounds {
  readonly most: number;
  /** In place of a missing text; without it a missing text is a problem. */
  readonly otherwise?: string;
  /** What it must look like, and in words. */
  readonly form?: readonly [RegExp, string];
}

/** A text without control characters other than line breaks and tabs. */
export function textOf(place: Place, bounds: TextBounds): string {
  const { value } = place;
  const { otherwise } = bounds;
  if (value === undefined && otherwise !== undefined) return otherwise;
  if (typeof value === "string" && (otherwise !== undefined || value.trim() !== "")) {
    const problem = textProblem(value, bounds);
    if (problem !== null) complain(place, problem);
    return value;
  }
  complain(place, value === undefined ? "It is missing." : "It must be a text that is not empty.");
  return otherwise ?? "";
}

function textProblem(value: string, { most, form }: TextBounds): string | null {
  if (value.length > most) return `It is longer than ${most} characters.`;
  if (!isPlain(value)) return "It holds control characters or half of a character.";
  return form === undefined || form[0].test(value) ? null : `It must be ${form[1]}.`;
}

const isPlain = (text: string): boolean => text.isWellFormed() && !/[^\P{Cc}\n\r\t]/u.test(text);

interface NumberBounds {
  readonly least: number;
  readonly most: number;
  /** The least itself does not count. */
  readonly above?: boolean;
  readonly whole?: boolean;
  readonly otherwise?: number;
}

export function numberOf(place: Place, bounds: NumberBounds): number {
  const { value } = place;
  const { least, most, otherwise } = bounds;
  if (value === undefined && otherwise !== undefined) return otherwise;
  if (typeof value === "number" && isWithin(value, bounds)) return value;
  complain(place, `${value === undefined ? "It is missing: " : "It must be "}${rangeWords(bounds)}.`);
  return otherwise ?? (bounds.above === true ? most : least);
}

const rangeWords = ({ least, most, above = false, whole = false }: NumberBounds): string =>
  `${whole ? "a whole number" : "a number"} ${above ? "above" : "from"} ${least} ${above ? "and at most" : "to"} ${most}`;

const isWithin = (value: number, { least, most, above = false, whole = false }: NumberBounds): boolean =>
  (above ? value > least : value >= least) && value <= most && (!whole || Number.isInteger(value));

export function wordOf<Word extends string>(place: Place, words: readonly Word[], otherwise?: Word): Word {
  const found = words.find((word) => word === place.value);
  if (found !== undefined) return found;
  if (place.value !== undefined || otherwise === undefined) complain(place, `It must be one of ${words.join(", ")}.`);
  return otherwise ?? (words[0] as Word); // a problem was told; the value is not used
}

export function flagOf(place: Place, otherwise: boolean): boolean {
  if (place.value === undefined || typeof place.value === "boolean") return place.value ?? otherwise;
  complain(place, "It must be true or false.");
  return otherwise;
}

/** Six digits after the point are enough for a reader; what is larger keeps nine figures. */
export function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(9));
}
