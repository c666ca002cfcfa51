import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** Wording of the library, as opposed to what a schema of ours says in its own words. */
const isLibraryWording = (message: string): boolean => /^(?:Too big|Too small|Invalid|Unrecognized)\b/u.test(message);

/** What is wrong with one field, its limit, and what to do: read after the field's name. */
export function problemWords(issue: Issue): string {
  if (!isLibraryWording(issue.message)) return issue.message;
  if (issue.code === "too_big") return tooBig(issue.origin, Number(issue.maximum));
  if (issue.code === "too_small") return tooSmall(issue.origin, Number(issue.minimum));
  if (issue.code === "invalid_type") return wrongType(issue);
  if (issue.code === "invalid_value") return `is none of ${issue.values.map(String).join(", ")}; choose one of them`;
  if (issue.code === "unrecognized_keys") return unread(issue.keys);
  if (issue.code === "invalid_union") return "fits none of the forms that it may have; compare it with the reference";
  return issue.code === "invalid_format" ? wrongFormat(issue.format) : issue.message;
}

const unread = (names: readonly string[]): string =>
  names.length === 1
    ? `has a field that nothing here reads, ${names.join("")}; leave it out`
    : `has fields that nothing here reads, ${names.join(", ")}; leave them out`;

const wrongFormat = (format: string): string =>
  format === "regex" ? "is not written in the form it needs; see its example" : `is not written as ${formatNames[format] ?? `a ${format}`}`;

function tooBig(origin: string, maximum: number): string {
  if (origin === "string") return `is longer than ${counted(maximum, "character")}; shorten it`;
  if (origin === "array" || origin === "set") return `has more than ${counted(maximum, "entry")}; leave some out`;
  return `is larger than ${String(maximum)}; give at most ${String(maximum)}`;
}

function tooSmall(origin: string, minimum: number): string {
  if (origin === "string")
    return minimum <= 1 ? "is empty; write something" : `is shorter than ${counted(minimum, "character")}; write more`;
  if (origin === "array" || origin === "set")
    return minimum <= 1 ? "is empty; name at least one" : `has fewer than ${counted(minimum, "entry")}; add some`;
  return `is smaller than ${String(minimum)}; give at least ${String(minimum)}`;
}

const counted = (count: number, what: "character" | "entry"): string =>
  count === 1 ? `1 ${what}` : `${String(count)} ${what === "entry" ? "entries" : "characters"}`;

const typeNames: { readonly [type: string]: string } = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function wrongType({ expected, message }: Extract<Issue, { readonly code: "invalid_type" }>): string {
  const wanted = typeNames[expected] ?? expected;
  return message.endsWith("received undefined") ? `is missing; give ${wanted}` : `has another type; give ${wanted}`;
}

const formatNames: { readonly [format: string]: string } = { uuid: "an id", email: "an e-mail address", url: "a web address" };
