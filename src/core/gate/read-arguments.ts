import type { Json, JsonObject } from "../shared/json.ts";

/** Arguments as they are decided about, or why the text is none. */
export type ReadArguments = { readonly ok: true; readonly arguments: JsonObject } | { readonly ok: false; readonly problem: string };

/** Bounds of one call's arguments; beyond them no person could read what they agree to. */
export const argumentLimits = { chars: 1_000_000, depth: 16, values: 10_000, keyChars: 200 } as const;

/** Keys that change an object instead of filling it. */
const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

class Unreadable extends Error {}

/**
 * Reads the arguments of a call, strictly: one JSON object, each key once, no key that reaches a prototype, no number that
 * changes when it is written again, no half character. Whatever two readers could read differently is refused. `O(length)`.
 */
export function readArguments(text: string): ReadArguments {
  if (text.length > argumentLimits.chars) return { ok: false, problem: `The arguments have more than ${argumentLimits.chars} characters.` };
  if (!text.isWellFormed()) return { ok: false, problem: "The arguments hold half of a character." };
  try {
    const reading: Reading = { text, at: 0, values: 0 };
    const value = readValue(reading, 0);
    skipSpace(reading);
    if (reading.at !== text.length) throw new Unreadable("Something follows the arguments.");
    if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Unreadable("The arguments are no JSON object.");
    return { ok: true, arguments: value as JsonObject }; // neither null nor a list
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.message };
    throw error;
  }
}

interface Reading {
  readonly text: string;
  at: number;
  values: number;
}

const space = /[ \t\n\r]*/uy;
const numberToken = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/uy;
const stringToken = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const words: readonly (readonly [string, Json])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/** The next text of a form, or nothing; forms are sticky and have no nested repeats, so each reads its text once. */
function take(reading: Reading, form: RegExp): string {
  form.lastIndex = reading.at;
  const found = form.exec(reading.text)?.[0] ?? "";
  reading.at += found.length;
  return found;
}

const skipSpace = (reading: Reading): string => take(reading, space);

function readValue(reading: Reading, depth: number): Json {
  skipSpace(reading);
  reading.values += 1;
  if (reading.values > argumentLimits.values) throw new Unreadable(`The arguments hold more than ${argumentLimits.values} values.`);
  if (depth > argumentLimits.depth) throw new Unreadable(`The arguments are nested deeper than ${argumentLimits.depth}.`);
  const next = reading.text.charAt(reading.at);
  if (next === "{") return readObject(reading, depth);
  if (next === "[") return readList(reading, depth);
  if (next === '"') return readString(reading);
  const word = words.find(([name]) => reading.text.startsWith(name, reading.at));
  if (word === undefined) return readNumber(reading);
  reading.at += word[0].length;
  return word[1];
}

function readNumber(reading: Reading): number {
  const token = take(reading, numberToken);
  if (token === "") throw new Unreadable(`The arguments are no JSON at character ${reading.at + 1}.`);
  const value = Number(token);
  const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  if (!exact) throw new Unreadable("A number is too large to be exact; write it as a text.");
  return value;
}

function readString(reading: Reading): string {
  const token = take(reading, stringToken);
  if (token === "") throw new Unreadable(`A text does not end, or holds a control character, at character ${reading.at + 1}.`);
  const value = JSON.parse(token) as string; // the form of a JSON string was matched
  if (!value.isWellFormed()) throw new Unreadable("A text holds half of a character.");
  return value;
}

function readList(reading: Reading, depth: number): readonly Json[] {
  const list: Json[] = [];
  reading.at += 1;
  for (;;) {
    skipSpace(reading);
    if (list.length === 0 && reading.text.charAt(reading.at) === "]") break;
    list.push(readValue(reading, depth + 1));
    if (endsAt(reading, "]")) return list;
  }
  reading.at += 1;
  return list;
}

function readObject(reading: Reading, depth: number): JsonObject {
  const entries = new Map<string, Json>();
  reading.at += 1;
  for (;;) {
    skipSpace(reading);
    if (entries.size === 0 && reading.text.charAt(reading.at) === "}") break;
    const key = readKey(reading, entries);
    skipSpace(reading);
    if (reading.text.charAt(reading.at) !== ":") throw new Unreadable(`A colon is missing at character ${reading.at + 1}.`);
    reading.at += 1;
    entries.set(key, readValue(reading, depth + 1));
    if (endsAt(reading, "}")) return Object.fromEntries(entries);
  }
  reading.at += 1;
  return {};
}

function readKey(reading: Reading, entries: ReadonlyMap<string, Json>): string {
  const key = readString(reading);
  if (key.length > argumentLimits.keyChars) throw new Unreadable(`A name has more than ${argumentLimits.keyChars} characters.`);
  if (forbiddenKeys.has(key)) throw new Unreadable(`"${key}" is no argument.`);
  if (entries.has(key)) throw new Unreadable(`"${key.slice(0, 80)}" is given twice.`);
  return key;
}

/** Whether a list or object ends here; otherwise a comma was read. */
function endsAt(reading: Reading, end: string): boolean {
  skipSpace(reading);
  const next = reading.text.charAt(reading.at);
  if (next !== end && next !== ",") throw new Unreadable(`A comma or an end is missing at character ${reading.at + 1}.`);
  reading.at += 1;
  return next === end;
}
