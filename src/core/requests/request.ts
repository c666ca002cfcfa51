/**
 * A work request and where it stands.
 *
 * submitted -> analysing -> (needs-input -> analysing) -> planning -> awaiting-approval -> active -> integrating -> delivered -> closed
 * planning -> needs-input (no plan could be made); awaiting-approval -> planning (plan rejected with changes asked) | rejected
 * integrating -> active (the deliverable failed its check and work reopened); delivered | closed -> active (reopened)
 * every live state -> cancelled | paused; paused -> the state it was in
 */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { Artifact } from "../shared/content.ts";
import type { DeliverableId, PersonId, PlanId, ProjectId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Moves } from "../shared/moves.ts";
import type { RiskClass } from "../oversight/inbox-item.ts";

export type RequestState =
  | "submitted"
  | "analysing"
  | "needs-input"
  | "planning"
  | "awaiting-approval"
  | "active"
  | "integrating"
  | "delivered"
  | "closed"
  | "rejected"
  | "cancelled"
  | "paused";

export const requestMoves: Moves<RequestState> = {
  submitted: ["analysing", "cancelled", "paused"],
  analysing: ["needs-input", "planning", "cancelled", "paused"],
  "needs-input": ["analysing", "planning", "cancelled", "paused"],
  planning: ["awaiting-approval", "needs-input", "cancelled", "paused"],
  "awaiting-approval": ["active", "planning", "rejected", "cancelled", "paused"],
  active: ["integrating", "awaiting-approval", "cancelled", "paused"],
  integrating: ["delivered", "active", "cancelled", "paused"],
  delivered: ["closed", "active"],
  closed: ["active"],
  rejected: [],
  cancelled: [],
  paused: ["submitted", "analysing", "needs-input", "planning", "awaiting-approval", "active", "integrating", "cancelled"],
};

/** A file, folder or repository handed in with a request, already kept as content. */
export interface RequestInput {
  readonly name: string;
  readonly kind: "git-repository" | "folder" | "file";
  /** Where it came from, as the requester wrote it; shown, never opened again. */
  readonly origin: string;
  readonly artifacts: readonly Artifact[];
  readonly facts: JsonObject;
}

/** What analysis understood. Unknowns become questions; nothing is guessed silently. */
export interface Brief {
  readonly interpretation: string;
  readonly goals: readonly string[];
  readonly constraints: readonly string[];
  readonly unknowns: readonly string[];
  readonly options: readonly { readonly id: string; readonly summary: string; readonly chosen: boolean; readonly why: string }[];
  readonly approach: string;
  readonly riskClass: RiskClass;
  readonly playbook: string | null;
  /** What it serves, as it was when the brief was written; absent: written before that was asked. */
  readonly serves?: Serves;
}

/** The goal behind a request, and the principles in force. */
export interface Serves {
  readonly objective: { readonly id: string; readonly label: string; readonly title: string } | null;
  readonly principles: readonly { readonly number: number; readonly statement: string }[];
}

export interface WorkRequest extends Entity {
  /** Running number inside the project; shown as `<PROJECT>-<number>`. */
  readonly number: number;
  /** The project it lives in; with the number it makes the label. */
  readonly projectId: ProjectId;
  readonly title: string;
  readonly text: string;
  readonly state: RequestState;
  /** Set while paused: where resume returns to. */
  readonly pausedFrom: RequestState | null;
  readonly requesterId: PersonId;
  readonly urgency: "low" | "normal" | "high";
  readonly budgetMicro: number | null;
  readonly deadlineAtMs: number | null;
  readonly playbook: string | null;
  readonly inputs: readonly RequestInput[];
  /** The requester decided the plan beforehand, provided it comes unmodified from a playbook and within budget. */
  readonly approveBeforehand: boolean;
  readonly rehearsal: boolean;
  /** Rehearsal only: what scripted performers and people play (see `readScript`). */
  readonly script: JsonObject | null;
  readonly brief: Brief | null;
  /** Answers given to questions so far: question id -> what was said. */
  readonly answers: JsonObject;
  readonly planId: PlanId | null;
  readonly planCount: number;
  /** Epoch of its latest analyse, plan or integrate job; only that job may report. */
  readonly epoch: number;
  /** Hand-overs of that job so far. */
  readonly handOvers: number;
  /** The halt that keeps that job from beginning; absent or null: none. */
  readonly heldById?: string | null;
  readonly deliverableId: DeliverableId | null;
  readonly openedAtMs: number;
  /** When the present state was entered. */
  readonly stateSinceMs: number;
  readonly deliveredAtMs: number | null;
  /** The objective it serves; absent or null: none was named. */
  readonly objectiveId?: string | null;
  /** The epic it is part of; absent or null: of none. */
  readonly epicId?: string | null;
  /** Part of the sample that an installation begins with. */
  readonly sample?: boolean;
  /** The calendar rule that filed it; absent: somebody did. */
  readonly recurrenceId?: string;
}

export const requestKind = projectKind<WorkRequest>("request");

/** Display id such as `ENG-42`. */
export const requestLabel = (projectKey: string, number: number): string => `${projectKey}-${number}`;
