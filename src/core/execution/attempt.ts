/**
 * One try at a task by one performer through one executor. Every write carries the epoch of its job.
 *
 * leased -> running | cancelled; running <-> paused; running | paused -> submitted | asked | failed | timed-out | cancelled
 */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { BudgetWait } from "../gate/budget-wait.ts";
import type { Artifact } from "../shared/content.ts";
import type { RequestId, TaskId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Moves } from "../shared/moves.ts";
import type { ExecutorKind, Performer } from "../personas/persona.ts";
import type { Watch } from "../personas/watch.ts";
import type { ReworkPoint } from "./task.ts";

export type AttemptState = "leased" | "running" | "paused" | "submitted" | "asked" | "failed" | "timed-out" | "cancelled";

export const attemptMoves: Moves<AttemptState> = {
  leased: ["running", "cancelled"],
  running: ["paused", "submitted", "asked", "failed", "timed-out", "cancelled"],
  paused: ["running", "submitted", "asked", "failed", "timed-out", "cancelled"],
  submitted: [],
  asked: [],
  failed: [],
  "timed-out": [],
  cancelled: [],
};

/** The result of one acceptance check on one submission, with what it looked at. */
export interface CheckResult {
  readonly criterionId: string;
  readonly kind: string;
  /** `waiting`: a person still has to judge it. */
  readonly verdict: "pass" | "fail" | "waiting";
  readonly detail: string;
  /** What the verdict rests on: counts, hashes, exit code. A pass without evidence is refused. */
  readonly evidence: JsonObject;
}

/** What the performer of an attempt was told when the work began. Written once. */
export interface ContextGiven {
  /** The manifest, `xvc.context-manifest/1`: every piece in or out, with its reason. */
  readonly manifest: Artifact;
  readonly budgetTokens: number;
  /** An estimate. */
  readonly tokens: number;
  /** Pieces told, and left out. */
  readonly told: number;
  readonly leftOut: number;
  /** SHA-256 of all that was told, as one text. */
  readonly packSha256: string;
  readonly atMs: number;
}

/** Said by a person while the work went on; the next attempt has it as input. */
export interface Redirection {
  /** What the performer had said it understood; may be empty. */
  readonly understood: string;
  /** How the task is to be understood. */
  readonly direction: string;
  readonly byId: string;
  readonly atMs: number;
}

/** A note of a person to running work. */
export interface Steering {
  readonly note: string;
  readonly byId: string;
  readonly atMs: number;
}

export interface Attempt extends Entity {
  readonly taskId: TaskId;
  readonly requestId: RequestId;
  /** 1-based over all attempts of the task. */
  readonly number: number;
  readonly state: AttemptState;
  readonly performer: Performer;
  readonly executor: ExecutorKind;
  /** Fence: a report must name it. A hand-over adds one; 0 while a person does the work. */
  readonly epoch: number;
  readonly handOvers: number;
  /** The halt that keeps it from going on; absent or null: none. */
  readonly heldById?: string | null;
  /** Paused, and goes on when this budget has room; absent or null: it waits for none. */
  readonly waitsFor?: BudgetWait | null;
  /** The person who paused it; it goes on when a person lets it. Absent or null: nobody did. */
  readonly pausedById?: string | null;
  /** Why it rests by itself, and until when; absent or null: it does not. */
  readonly rest?: { readonly reason: string; readonly untilMs: number | null } | null;
  /** What people told it while it ran, the first one first; each is said in the next turn. */
  readonly steering?: readonly Steering[];
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly interpretation: string;
  readonly reworkPoints: readonly ReworkPoint[];
  readonly pointAnswers: JsonObject;
  readonly outputs: readonly Artifact[];
  readonly checks: readonly CheckResult[];
  readonly costMicro: number;
  readonly failure: JsonObject | null;
  readonly notes: readonly string[];
  /** The model provider that is being asked right now; absent or null: none is. */
  readonly provider?: string | null;
  /** Its performer has not shown yet that it can do this kind of work: somebody else always judges it, and it does nothing of consequence. */
  readonly provisional?: boolean;
  /** The version of its persona that does it; absent: a person does, or it is older than this field. */
  readonly personaVersion?: number;
  /** Models with which that version has passed its suite; asking another one makes the attempt provisional. */
  readonly provenModels?: readonly string[];
  /** Who judges what it made, and why; absent: nothing was handed in yet. */
  readonly watch?: Watch;
  /** A person's word that the task was understood wrongly; absent: nobody said so. */
  readonly redirection?: Redirection;
  /** What its performer was told when the work began; absent: nothing was kept of it. */
  readonly context?: ContextGiven;
}

export const attemptKind = projectKind<Attempt>("attempt");
