import type { DetailedError } from "@cedar-policy/cedar-wasm/nodejs";
import { type PolicyProblem, policyLimits } from "../../core/oversight/policy.ts";
import { cedar } from "./cedar-library.ts";
import { policySchema } from "./policy-schema.ts";

/** Brackets open at once, and operators in a row: the parser recurses, so its stack is bounded before it runs. */
const maxDepth = 40;
/** Problems told at once. */
const maxProblems = 20;

/** Everything wrong with one policy's text, by the schema and without running it; empty when it is sound. */
export function problemsOf(text: string): readonly PolicyProblem[] {
  const refused = unreadable(text);
  if (refused !== null) return [refused];
  try {
    const answer = cedar().validate({
      validationSettings: { mode: "strict" },
      schema: policySchema,
      policies: { staticPolicies: { policy: text } },
    });
    if (answer.type === "failure") return answer.errors.slice(0, maxProblems).map((error) => problem(text, error));
    // A warning is an error for us: a condition that can never hold, or letters that look like others, are no rule people can read.
    const found = [...answer.validationErrors, ...answer.validationWarnings].map((one) => one.error);
    return [...found, ...answer.otherWarnings].slice(0, maxProblems).map((error) => problem(text, error));
  } catch (error) {
    return [{ message: `The text cannot be read: ${String(error).slice(0, 200)}`, line: 0, column: 0 }];
  }
}

/** Why a text is not even given to the parser; null: it may be. */
export function unreadable(text: string): PolicyProblem | null {
  if (text.trim() === "") return { message: "A policy is one Cedar statement: permit (...) or forbid (...).", line: 1, column: 1 };
  if (text.length > policyLimits.textChars)
    return { message: `A policy has at most ${policyLimits.textChars} characters; this has ${text.length}.`, line: 0, column: 0 };
  const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/u.exec(text.replaceAll(/[\n\r\t]/gu, " "));
  if (hidden !== null) return { message: "The text holds an invisible character.", ...placeOf(text, hidden.index) };
  const deep = tooDeep(text);
  return deep === null ? null : { message: `Brackets or operators are nested deeper than ${maxDepth}.`, ...placeOf(text, deep) };
}

/** Where nesting passes the bound, or null. Looks at characters only: inside a text it may count too much, never too little. */
function tooDeep(text: string): number | null {
  let depth = 0;
  let row = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    depth += deeper[char] ?? 0;
    row = rowAfter(row, char);
    if (depth > maxDepth || row > maxDepth) return index;
  }
  return text.split(/\bif\b/u).length > maxDepth ? 0 : null;
}

const rowAfter = (row: number, char: string): number => (char === "!" || char === "-" ? row + 1 : char.trim() === "" ? row : 0);

const deeper: { readonly [char: string]: number | undefined } = { "(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1 };

function problem(text: string, error: DetailedError): PolicyProblem {
  const [place] = error.sourceLocations ?? [];
  const message = error.message
    .replace(/^failed to parse policy with id `policy` from string: /u, "")
    .replace(/^for policy `policy`, /u, "");
  const more = [place?.label, error.help].filter((part) => part !== null && part !== undefined && part !== "");
  return {
    message: [message, ...more].join("; ").slice(0, 500),
    ...(place === undefined ? { line: 0, column: 0 } : placeOf(text, charIndex(text, place.start))),
  };
}

/** Cedar counts bytes of UTF-8. */
const charIndex = (text: string, byte: number): number => new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, byte)).length;

function placeOf(text: string, index: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, index).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
