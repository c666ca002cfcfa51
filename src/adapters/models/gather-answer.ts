import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { FinishReason, ModelUsage, SaidPart } from "../../core/execution/turn.ts";
import type { TurnEvent, TurnResult } from "../../engine/ports/model.ts";
import type { VendorModel } from "./vendor-models.ts";

/** A piece of a vendor's answer as the library tells it. */
export type Part = Awaited<ReturnType<VendorModel["doStream"]>>["stream"] extends ReadableStream<infer Piece> ? Piece : never;

type PartOf<Type extends Part["type"]> = Extract<Part, { readonly type: Type }>;
type Finish = PartOf<"finish">;

/** Whose answer it is, and how long it may be. */
export interface Gathering {
  readonly model: string;
  readonly maxChars: number;
}

/** An answer while it arrives. */
export interface GatheredAnswer {
  /** Takes one piece; what of it is told while it arrives, or null. @throws {Failure} `model.answer-too-large`, or the vendor's error as it came */
  take(part: Part): TurnEvent | null;
  /** @throws {Failure} `model.answer-cut` */
  result(): TurnResult;
}

interface State {
  readonly parts: SaidPart[];
  /** Where the texts that are still growing stand in `parts`. */
  readonly growing: Map<string, number>;
  chars: number;
  finish: Finish | null;
  answeredBy: string;
}

/** Puts the pieces of an answer together. */
export function gatherAnswer({ model, maxChars }: Gathering): GatheredAnswer {
  const state: State = { parts: [], growing: new Map(), chars: 0, finish: null, answeredBy: model };
  return {
    take(part) {
      const event = take(state, part);
      if (state.chars > maxChars)
        throw new Failure("invalid", "model.answer-too-large", {
          message: `The model ${model} answered more than ${maxChars} characters; its answer is not used.`,
        });
      return event;
    },
    result() {
      const { finish, parts, answeredBy } = state;
      if (finish === null || !isWhole(finish.finishReason))
        throw new Failure("unavailable", "model.answer-cut", {
          message: `The answer of ${model} broke off in the middle. It is asked again, or the next provider is.`,
        });
      const said = parts.filter((part) => part.kind === "call" || part.text !== "" || part.opaque !== null);
      return {
        parts: said,
        usage: usageOf(finish.usage, said.length > 0),
        finish: finishOf(finish.finishReason.unified, said),
        answeredBy,
      };
    },
  };
}

function take(state: State, part: Part): TurnEvent | null {
  if (part.type === "error") throw part.error;
  if (part.type === "text-delta" || part.type === "reasoning-delta") return grow(state, part);
  if (part.type === "tool-call") return takeCall(state, part);
  if (part.type === "tool-input-start") return { kind: "calling", tool: part.toolName };
  if (part.type === "finish") state.finish = part;
  else if (part.type === "response-metadata") state.answeredBy = part.modelId ?? state.answeredBy;
  else takeEdge(state, part);
  return null;
}

const placeOf = (part: { readonly type: string; readonly id: string }): string => `${part.type.split("-")[0] ?? ""} ${part.id}`;

/** Where a text or a thought begins or ends; the end may carry the vendor's mark. */
function takeEdge(state: State, part: Part): void {
  if (part.type === "text-start" || part.type === "reasoning-start") {
    const kind = part.type === "text-start" ? "text" : "reasoning";
    state.growing.set(placeOf(part), state.parts.push({ kind, text: "", opaque: markOf(part) }) - 1);
  } else if (part.type === "text-end" || part.type === "reasoning-end") grow(state, { ...part, delta: "" });
}

type Growing = PartOf<"text-delta" | "reasoning-delta"> | (PartOf<"text-end" | "reasoning-end"> & { readonly delta: string });

function grow(state: State, piece: Growing): TurnEvent | null {
  const position = state.growing.get(placeOf(piece));
  const part = position === undefined ? undefined : state.parts[position];
  if (position === undefined || part === undefined || part.kind === "call") return null;
  state.chars += piece.delta.length;
  state.parts[position] = { ...part, text: part.text + piece.delta, opaque: markOf(piece) ?? part.opaque };
  return part.kind === "text" && piece.delta !== "" ? { kind: "text", text: piece.delta } : null;
}

function takeCall(state: State, part: PartOf<"tool-call">): null {
  state.chars += part.input.length;
  state.parts.push({ kind: "call", callId: part.toolCallId, tool: part.toolName, rawArguments: part.input, opaque: markOf(part) });
  return null;
}

type Ended = Finish["finishReason"];

/** Whether the vendor itself ended the answer. OpenAI gives no reason for a good end; everybody gives one for any other. */
const isWhole = ({ unified, raw }: Ended): boolean =>
  unified === "stop" || unified === "tool-calls" || (raw !== undefined && unified !== "interrupted" && unified !== "error");

/** The vendor's own mark on a piece, as plain JSON. */
function markOf({ providerMetadata }: { readonly providerMetadata?: object }): JsonObject | null {
  if (providerMetadata === undefined) return null;
  const plain = JSON.parse(JSON.stringify(providerMetadata)) as { readonly [vendor: string]: Json }; // what was JSON on the wire
  const filled = Object.entries(plain).filter(([, mark]) => mark !== null && (typeof mark !== "object" || Object.keys(mark).length > 0));
  return filled.length === 0 ? null : Object.fromEntries(filled);
}

/** Numbers as told. No prompt takes nothing and no answer costs nothing: such a zero is a number that was not told. */
function usageOf({ inputTokens, outputTokens }: Finish["usage"], saidSomething: boolean): ModelUsage | null {
  const input = countOf(inputTokens.total, false);
  const output = countOf(outputTokens.total, !saidSomething);
  return input === null && output === null ? null : { inputTokens: input, outputTokens: output };
}

const countOf = (total: number | undefined, zeroIsTrue: boolean): number | null =>
  total !== undefined && Number.isSafeInteger(total) && (total > 0 || (total === 0 && zeroIsTrue)) ? total : null;

function finishOf(unified: Ended["unified"], parts: readonly SaidPart[]): FinishReason {
  if (unified === "length") return "length";
  if (unified === "content-filter") return "blocked";
  return parts.some((part) => part.kind === "call") ? "calls" : "stop";
}
