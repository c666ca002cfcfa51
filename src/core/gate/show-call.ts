import { type Json, canonicalJson } from "../shared/json.ts";
import { effectGroup } from "./effect-treatment.ts";
import { markedRuns, visibleText } from "./show-text.ts";
import type { ToolCall } from "./tool-call.ts";

/** What a person is shown of one call, made by code from the arguments that are hashed. What a persona says about it is not in it. */
export interface ShownCall {
  readonly id: string;
  readonly callSha256: string;
  readonly tool: string;
  readonly effectKind: string;
  readonly group: string;
  readonly persona: string;
  readonly taskId: string;
  /** Where it came from that the persona said this: the worst of everything in its context. */
  readonly integrity: string;
  /** Who may read all of that; null: everyone. */
  readonly readers: readonly string[] | null;
  readonly definitionSha256: string;
  readonly policySha256: string;
  readonly origin: string;
  readonly deliveryClass: string;
  readonly targets: readonly string[];
  readonly amountArgument: string | null;
  readonly costMicro: number;
  readonly why: string;
  /** Why each step of the gate let it on. */
  readonly steps: readonly { readonly step: string; readonly reason: string }[];
  /** The policies that decide. */
  readonly policies: readonly string[];
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
  /** Whom or what it reaches, or what is in it. */
  readonly part: "target" | "content";
  /** `human`: a person put this very value into the request; otherwise as everything in the persona's context. */
  readonly source: string;
  /** What a reader has to know about the letters. */
  readonly warnings: readonly string[];
}

const shownChars = 2_000;
/** As far as a value is looked through for odd letters when the question is put; the screen marks all of it. */
const warnedChars = 100_000;

/** JSON whose letters are all plain ASCII, so that two that look alike differ. */
const asciiJson = (value: Json): string =>
  canonicalJson(value).replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

function warningsOf(text: string): readonly string[] {
  const runs = markedRuns(text.slice(0, warnedChars));
  return [
    ...(runs.some(({ mark }) => mark === "hidden") ? ["It holds characters that cannot be seen, shown by their number."] : []),
    ...(runs.some(({ mark }) => mark === "lookalike") ? ["It holds letters that can be taken for others; they are marked."] : []),
  ];
}

/** Every argument of a call as a line. */
export const shownLines = (call: Pick<ToolCall, "arguments" | "named" | "declared" | "label">): readonly ShownLine[] =>
  Object.entries(call.arguments).map(([name, value]) => shownLine(call, name, value));

function shownLine({ named, declared, label }: Pick<ToolCall, "named" | "declared" | "label">, argument: string, value: Json): ShownLine {
  const whole = typeof value === "string" ? value : canonicalJson(value);
  const targets = declared?.targets ?? [];
  return {
    argument: visibleText(argument),
    text: visibleText(whole.slice(0, shownChars)),
    json: asciiJson(value),
    chars: whole.length,
    part: targets.length === 0 || targets.includes(argument) ? "target" : "content",
    source: named.includes(argument) ? "human" : label.integrity,
    warnings: warningsOf(`${argument}${whole}`),
  };
}

/** What is shown of a call of a tool that nobody declared: the worst. */
const undeclared = { origin: "", deliveryClass: "once", targets: [], amountArgument: null } as const;

const standingOf = ({ declared }: ToolCall) => {
  const { origin, deliveryClass, targets, amountArgument } = declared ?? undeclared;
  return { origin, deliveryClass, targets, amountArgument };
};

export const shownCall = (call: ToolCall): ShownCall => ({
  ...standingOf(call),
  id: call.id,
  callSha256: call.callSha256,
  tool: call.tool,
  effectKind: call.effectKind,
  group: effectGroup(call.effectKind),
  persona: call.persona,
  taskId: call.taskId,
  integrity: call.label.integrity,
  readers: call.label.readers === "everyone" ? null : call.label.readers,
  definitionSha256: call.definitionSha256,
  policySha256: call.policySha256,
  costMicro: call.costMicro,
  why: call.steps.at(-1)?.reason ?? "",
  steps: call.steps.map(({ step, reason }) => ({ step, reason })),
  policies: call.question?.policies ?? [],
  lines: shownLines(call),
});
