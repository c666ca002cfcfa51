/**
 * One call of a tool by a persona, as the gate decided about it.
 *
 * asked -> approved | denied | withdrawn; approved | allowed -> used | withdrawn; what was refused or used stays
 */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { AttemptId, RequestId, TaskId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Moves } from "../shared/moves.ts";
import type { EffectKind } from "./effect.ts";
import type { Label } from "./label.ts";
import type { ToolDeclaration } from "./tool-declaration.ts";
import type { PolicyQuestion } from "./tool-policy.ts";

export type ToolCallState = "asked" | "approved" | "denied" | "allowed" | "refused" | "used" | "withdrawn";

export const toolCallMoves: Moves<ToolCallState> = {
  asked: ["approved", "denied", "withdrawn"],
  approved: ["used", "withdrawn"],
  allowed: ["used", "withdrawn"],
  denied: [],
  refused: [],
  used: [],
  withdrawn: [],
};

/** Why one step of the gate let a call on, or did not. */
export interface GateStep {
  readonly step: "parse" | "tool" | "capability" | "labels" | "policy" | "approval" | "halt" | "budget";
  readonly verdict: "pass" | "ask" | "refuse";
  readonly reason: string;
}

/** The part of a declaration that a screen about the call shows. */
export type DeclaredThen = Pick<ToolDeclaration, "origin" | "deliveryClass" | "targets" | "amountArgument" | "timeLimitMs">;

export interface ToolCall extends Entity {
  readonly state: ToolCallState;
  readonly requestId: RequestId;
  readonly taskId: TaskId;
  readonly attemptId: AttemptId;
  readonly persona: string;
  readonly tool: string;
  readonly effectKind: EffectKind;
  /** SHA-256 of `callIdentity`: what a person agrees to. Empty for what could not be read. */
  readonly callSha256: string;
  readonly definitionSha256: string;
  readonly policySha256: string;
  readonly arguments: JsonObject;
  /** Of everything that was in the context when it was said. */
  readonly label: Label;
  /** Its arguments that a person put into the request word for word; all others carry `label`. */
  readonly named: readonly string[];
  /** What the gate went by of the tool's declaration; null: there was no such tool. */
  readonly declared: DeclaredThen | null;
  readonly resultLabel: Label;
  readonly steps: readonly GateStep[];
  /** What the policies were asked last; null: they were not. */
  readonly question: PolicyQuestion | null;
  /** Why it was refused, as failures are named; null: it was not. */
  readonly refusedCode: string | null;
  /** The item that asks about it; null: nobody is asked. */
  readonly itemId: string | null;
  readonly capabilityId: string | null;
  readonly grantId: string | null;
  /** What was reserved for it when it began; null: it has not begun, or nothing is spent where it runs. */
  readonly reservationId: string | null;
  readonly decidedBy: string | null;
  readonly askedAtMs: number;
  /** Until when a yes counts; null: there is none. */
  readonly approvedUntilMs: number | null;
  readonly usedAtMs: number | null;
  readonly costMicro: number;
}

export const toolCallKind = projectKind<ToolCall>("tool_call");

export const callLimits = {
  /** A yes that is not used in this time is none any more. */
  approvalMs: 24 * 3_600_000,
  /** Hashes on one screen. */
  bundle: 20,
  /** Screens opened in one project within an hour; further questions wait for them. */
  asksPerHour: 20,
  /** Calls of one attempt, refused ones included. */
  perAttempt: 500,
} as const;

/** Everything a person agrees to, in the words that are hashed. Source: RFC 8785 for the canonical form. */
export const callIdentity = (call: {
  readonly tool: string;
  readonly definitionSha256: string;
  readonly arguments: JsonObject;
  readonly persona: string;
  readonly taskId: string;
  readonly projectId: string;
  readonly policySha256: string;
}): JsonObject => ({
  tool: call.tool,
  definitionSha256: call.definitionSha256,
  arguments: call.arguments,
  persona: call.persona,
  taskId: call.taskId,
  projectId: call.projectId,
  policySha256: call.policySha256,
});
