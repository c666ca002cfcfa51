import { Failure } from "../../core/shared/failure.ts";
import { wireLimits } from "../../contract/fields.ts";

const refused = (code: string, message: string): Failure => new Failure("invalid", code, { message });

/** Names that would reach the prototype of whoever copies the object. */
const forbiddenNames = new Set(["__proto__", "constructor", "prototype"]);

interface Level {
  readonly names: Set<string> | null;
  /** The next string of an object at this place is a name. */
  expectsName: boolean;
}

/**
 * Parses JSON from outside. `JSON.parse` keeps the last of two equal names and nests without bound, so two readers
 * of one body could see different things; such bodies are refused before. `O(length)`.
 *
 * @throws {Failure} `http.json-invalid`, `http.json-duplicate-name`, `http.json-forbidden-name`, `http.json-too-deep`
 */
export function parseStrictJson(text: string, maxDepth: number = wireLimits.bodyDepth): unknown {
  checkShape(text, maxDepth);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refused("http.json-invalid", "The body is no valid JSON; check brackets, quotes and commas.");
  }
}

function checkShape(text: string, maxDepth: number): void {
  const levels: Level[] = [];
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === quote) index = takeString(text, index, levels.at(-1));
    else if (character === openBrace || character === openBracket) open(levels, character === openBrace, maxDepth);
    else if (character === closeBrace || character === closeBracket) levels.pop();
    else if (character === comma) expectName(levels.at(-1));
  }
}

function open(levels: Level[], isObject: boolean, maxDepth: number): void {
  if (levels.length >= maxDepth) throw refused("http.json-too-deep", `The body is nested deeper than ${maxDepth} levels.`);
  levels.push({ names: isObject ? new Set() : null, expectsName: isObject });
}

/** Reads over a string and takes it as a name where one is due. @returns the place of its closing quote */
function takeString(text: string, start: number, level: Level | undefined): number {
  const end = endOfString(text, start);
  if (level?.expectsName === true && level.names !== null) takeName(level.names, text.slice(start, end + 1));
  if (level !== undefined) level.expectsName = false;
  return end;
}

function expectName(level: Level | undefined): void {
  if (level !== undefined) level.expectsName = level.names !== null;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === backslash) index++;
    else if (character === quote) return index;
  }
  return text.length;
}

function takeName(names: Set<string>, quoted: string): void {
  let name: string;
  try {
    name = JSON.parse(quoted) as string; // a quoted text parses to a string or not at all
  } catch {
    throw refused("http.json-invalid", "The body is no valid JSON; check brackets, quotes and commas.");
  }
  if (forbiddenNames.has(name)) throw refused("http.json-forbidden-name", `The name "${name}" is not allowed in a body.`);
  if (names.has(name)) throw refused("http.json-duplicate-name", `The name "${name.slice(0, 100)}" stands twice in one object; keep one.`);
  names.add(name);
}
