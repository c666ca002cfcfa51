/**
 * One call of a model in an attempt, with what it said and what its tools answered. asked -> answered | failed | lost.
 * The turns of a thread in order are the conversation: a later job, or a later attempt after an answer, goes on from the last one.
 */
import type { Label } from "../gate/label.ts";
import type { Artifact } from "../shared/content.ts";
import type { ChainSource, PassedOver } from "../gate/model-chain.ts";
import { type Entity, projectKind } from "../shared/entity.ts";
import type { AttemptId, RequestId, TaskId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";

/** A piece of what a model said. `opaque` is the vendor's own mark: handed back unchanged with the piece, to the same provider alone. */
export type SaidPart =
  | { readonly kind: "text"; readonly text: string; readonly opaque: JsonObject | null }
  | { readonly kind: "reasoning"; readonly text: string; readonly opaque: JsonObject | null }
  | {
      readonly kind: "call";
      readonly callId: string;
      readonly tool: string;
      /** As the model wrote them; nothing has parsed them. */
      readonly rawArguments: string;
      readonly opaque: JsonObject | null;
    };

/** What a call used; a number that the vendor did not tell is null, which is unknown and never zero. */
export interface ModelUsage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

export type FinishReason = "stop" | "length" | "calls" | "blocked";

/** What a tool's call came to, as the model is told. */
export interface CallAnswer {
  readonly callId: string;
  readonly tool: string;
  readonly kind: "done" | "asked" | "refused";
  readonly text: string;
  readonly costMicro: number;
  /** Null: the answer is our own word, not a value of the tool. */
  readonly label: Label | null;
  /** Outputs of the task that the call has written; the last one of a name is handed in. Absent: none. */
  readonly written?: readonly Artifact[];
}

/** `interpret`: states what it understood before it begins; `work`: goes on; `repair`: was told what is wrong with its answer. */
export type TurnPurpose = "interpret" | "work" | "repair";

/** Which model of which chain a turn asked, and why none before it in the chain. */
export interface TurnRoute {
  readonly source: ChainSource;
  /** 1-based in the chain. */
  readonly place: number;
  /** Models in the chain. */
  readonly of: number;
  /** At most as many as a chain has. */
  readonly over: readonly PassedOver[];
}

export interface Turn extends Entity {
  readonly requestId: RequestId;
  readonly taskId: TaskId;
  /** The attempt that made the call. */
  readonly attemptId: AttemptId;
  /** The attempt with which the conversation began. */
  readonly threadId: AttemptId;
  /** 1-based in the thread, without gaps. */
  readonly number: number;
  readonly state: "asked" | "answered" | "failed" | "lost";
  readonly purpose: TurnPurpose;
  readonly providerId: string;
  /** As people call it. */
  readonly provider: string;
  readonly model: string;
  readonly route: TurnRoute;
  /** The opening of the conversation, as content by hash; the same in all turns of a thread. */
  readonly openingSha256: string;
  /** What was said to the model right before this turn, beside answers of tools; null: nothing. */
  readonly told: string | null;
  /** Notes of people to this attempt that were said up to here; absent: none. */
  readonly steered?: number;
  /** Null: nothing had to be reserved. */
  readonly reservationId: string | null;
  readonly parts: readonly SaidPart[];
  /** Of the calls in `parts`, in the order in which they were made. */
  readonly answers: readonly CallAnswer[];
  readonly usage: ModelUsage | null;
  /** What was booked for it. */
  readonly costMicro: number;
  readonly finish: FinishReason | null;
  /** `untilMs`: until then the model is passed over in this conversation; null: to its end. */
  readonly failure: { readonly code: string; readonly message: string; readonly untilMs?: number | null } | null;
  readonly askedAtMs: number;
  readonly endedAtMs: number | null;
}

export const turnKind = projectKind<Turn>("turn");

/** Bounds of one attempt by a model. A job that reaches its own pauses the attempt, which goes on in the next job. */
export const turnLimits = {
  /** Of one job. */
  jobTurns: 20,
  /** Of a thread, in all its jobs and attempts: then a person decides. */
  threadTurns: 100,
  /** In a row for one answer. */
  repairs: 2,
  /** Of one turn; more are refused unmade. */
  calls: 16,
  /** Characters of a tool's answer that a model is told. */
  answerChars: 20_000,
} as const;

/** Calls of a turn that have no answer yet, in order. */
export const openCalls = ({ parts, answers }: Pick<Turn, "parts" | "answers">): readonly Extract<SaidPart, { readonly kind: "call" }>[] =>
  parts.flatMap((part) => (part.kind === "call" && !answers.some(({ callId }) => callId === part.callId) ? [part] : []));

/** The outputs that the tools of a thread have written, by name; the last one of each. */
export const writtenOutputs = (turns: readonly Pick<Turn, "answers">[]): ReadonlyMap<string, Artifact> =>
  new Map(turns.flatMap(({ answers }) => answers.flatMap(({ written = [] }) => written.map((one) => [one.name, one] as const))));

/** The text of what was said, without thoughts and calls. */
export const saidText = (parts: readonly SaidPart[]): string => parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("");
