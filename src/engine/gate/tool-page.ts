import type { JsonObject } from "../../core/shared/json.ts";

/** Of one answer, as JSON: what a performer is told of an answer has room for this and what stands around it. */
const pageChars = 16_000;

/** A page of a text from an offset on, cut so that it fits as JSON; never between the halves of a character. */
export function pageOfText(text: string, offset: number): JsonObject {
  const from = isInsideOfPair(text, offset) ? offset + 1 : offset;
  let to = Math.min(text.length, from + pageChars);
  // Escapes make text longer: each round takes away what is too much, at least a tenth.
  while (to > from + 1) {
    const tooMuch = JSON.stringify(text.slice(from, to)).length - pageChars;
    if (tooMuch <= 0) break;
    to -= Math.max(Math.ceil((to - from) / 10), Math.min(tooMuch, Math.floor((to - from) / 2)));
  }
  if (isInsideOfPair(text, to)) to += 1;
  return { text: text.slice(from, to), chars: text.length, next: to < text.length ? to : null };
}

const isInsideOfPair = (text: string, at: number): boolean =>
  /^[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]$/.test(text.charAt(at - 1));
