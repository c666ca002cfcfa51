import { InvalidArgumentError } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { CliDependencies } from "./cli-dependencies.ts";

/** The largest file a command reads whole. */
export const maxFileBytes = 8 * 1024 * 1024;

/** A label or id as one segment of a path. */
export function segment(reference: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}(?:\/[A-Za-z0-9][A-Za-z0-9_.-]{0,99})?(?:@\d{1,6})?$/u.test(reference))
    return encodeURIComponent(reference);
  throw new InvalidArgumentError("It is neither an id nor a label such as ENG-42.");
}

/** Commander's check of a reference: the text stays as it is. */
export function reference(text: string): string {
  segment(text);
  return text;
}

/** `1200.50` as micro-units. */
export function amount(text: string): number {
  if (!/^\d{1,9}(?:\.\d{1,6})?$/u.test(text)) throw new InvalidArgumentError("An amount is a number such as 1200 or 1200.50.");
  return Math.round(Number(text) * 1_000_000);
}

export function count(text: string): number {
  if (!/^\d{1,6}$/u.test(text) || Number(text) < 1) throw new InvalidArgumentError("It is no whole number from 1 to 999999.");
  return Number(text);
}

export function minutes(text: string): number {
  if (!/^\d{1,5}(?:\.\d{1,2})?$/u.test(text)) throw new InvalidArgumentError("It is no number of minutes such as 90.");
  return Number(text);
}

/** Collects an option that may be repeated, at most 100 times. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  if (before.length >= 100) throw new InvalidArgumentError("It stands more than 100 times.");
  return [...before, text];
}

/** `NAME=VALUE` pairs as a map. */
export function pairs(texts: readonly string[], option: string): ReadonlyMap<string, string> {
  return new Map(
    texts.map((text) => {
      const at = text.indexOf("=");
      if (at < 1) throw new Failure("invalid", "usage.not-a-pair", { message: `${option} needs NAME=VALUE, not "${text.slice(0, 80)}".` });
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

/** A file, or standard input for `-`, as text. @throws {Failure} `file.*` */
export async function readText(use: Pick<CliDependencies, "files" | "streams">, path: string): Promise<string> {
  if (path === "-") return use.streams.readInput(maxFileBytes);
  const bytes = await use.files.read(path, maxFileBytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Failure("invalid", "file.not-text", { message: `${path.slice(0, 200)} is no UTF-8 text.` });
  }
}

/** A file's JSON object. @throws {Failure} `file.not-json` */
export async function readJson(use: Pick<CliDependencies, "files" | "streams">, path: string): Promise<JsonObject> {
  const text = await readText(use, path);
  let value: Json;
  try {
    value = JSON.parse(text) as Json; // JSON.parse gives JSON
  } catch (cause) {
    throw new Failure(
      "invalid",
      "file.not-json",
      { message: `${path.slice(0, 200)} is no valid JSON: ${cause instanceof Error ? cause.message.slice(0, 200) : "it cannot be read"}.` },
      { cause },
    );
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new Failure("invalid", "file.not-an-object", { message: `${path.slice(0, 200)} holds JSON, but no object with fields.` });
}
