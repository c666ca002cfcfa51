import { type Json, type JsonObject, canonicalJson } from "../shared/json.ts";
import { effectGroup } from "./effect-treatment.ts";
import type { ToolCall } from "./tool-call.ts";

/** What a person is shown of one call, made by code from the arguments that are hashed. What a persona says about it is not in it. */
export interface ShownCall {
  readonly id: string;
  readonly callSha256: string;
  readonly tool: string;
  readonly effectKind: string;
  readonly group: string;
  readonly persona: string;
  readonly integrity: string;
  readonly why: string;
  readonly lines: readonly ShownLine[];
}

export interface ShownLine {
  readonly argument: string;
  /** The value with everything invisible spelled out. `JSON.parse` of `json` gives the hashed value back. */
  readonly text: string;
  /** The value as JSON in plain ASCII letters. */
  readonly json: string;
  /** How many characters the value has; `text` is cut at `shownChars`, `json` never. */
  readonly chars: number;
  /** What a reader has to know about the letters. */
  readonly warnings: readonly string[];
}

const shownChars = 2_000;

/** Letters that look like others, take no room or turn the text around. */
const invisible = /\p{Cc}|\p{Cf}|\p{Co}|\p{Cn}|\p{Zl}|\p{Zp}|\p{Variation_Selector}|\u115f|\u1160|\u3164|\uffa0/gu;

/** A text in which nothing is hidden: what cannot be seen is written by its number. Line ends stay. */
export const visibleText = (text: string): string =>
  text.replaceAll(invisible, (letter) => (letter === "\n" ? letter : `\u27e8U+${hex(letter.codePointAt(0) ?? 0)}\u27e9`));

const hex = (code: number): string => code.toString(16).toUpperCase().padStart(4, "0");

/** JSON whose letters are all plain ASCII, so that two that look alike differ. */
const asciiJson = (value: Json): string =>
  canonicalJson(value).replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

function warningsOf(text: string): readonly string[] {
  const scripts = ["Latin", "Cyrillic", "Greek", "Armenian", "Cherokee"].filter((script) =>
    new RegExp(`\\p{Script=${script}}`, "u").test(text),
  );
  return [
    ...(visibleText(text) === text ? [] : ["It holds invisible characters, shown by their number."]),
    ...(scripts.length > 1 ? [`It mixes the letters of ${scripts.join(" and ")}, which can look alike.`] : []),
    ...(/[\u{1D400}-\u{1D7FF}\uff00-\uffef]/u.test(text) ? ["It holds letters in another width or style."] : []),
    ...(text.length > shownChars ? [`It has ${text.length} characters; the first ${shownChars} are shown.`] : []),
  ];
}

function shownLine(argument: string, value: Json): ShownLine {
  const whole = typeof value === "string" ? value : canonicalJson(value);
  return {
    argument: visibleText(argument),
    text: visibleText(whole.slice(0, shownChars)),
    json: asciiJson(value),
    chars: whole.length,
    warnings: warningsOf(`${argument}${whole}`),
  };
}

/** Every argument of a call as a line. */
export const shownLines = (given: JsonObject): readonly ShownLine[] => Object.entries(given).map(([name, value]) => shownLine(name, value));

export const shownCall = (call: ToolCall): ShownCall => ({
  id: call.id,
  callSha256: call.callSha256,
  tool: call.tool,
  effectKind: call.effectKind,
  group: effectGroup(call.effectKind),
  persona: call.persona,
  integrity: call.label.integrity,
  why: call.steps.at(-1)?.reason ?? "",
  lines: shownLines(call.arguments),
});
