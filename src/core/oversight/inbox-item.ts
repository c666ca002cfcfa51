/**
 * One thing that waits for a person.
 *
 * open -> answered | delegated | expired | withdrawn; delegated -> open (who had it is gone) | answered | expired | withdrawn
 */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { PersonId, ProjectId, RequestId } from "../shared/ids.ts";
import type { Json, JsonObject } from "../shared/json.ts";
import type { Moves } from "../shared/moves.ts";
import type { AskBack, HandOver, ItemClock, Vote } from "./item-parts.ts";
import type { Role } from "./person.ts";

export type ItemState = "open" | "delegated" | "answered" | "expired" | "withdrawn";

export const itemMoves: Moves<ItemState> = {
  open: ["answered", "delegated", "expired", "withdrawn"],
  delegated: ["open", "answered", "expired", "withdrawn"],
  answered: [],
  expired: [],
  withdrawn: [],
};

/** Whether nothing waits for people any more. */
export const isItemClosed = (item: { readonly state: ItemState }): boolean => item.state !== "open" && item.state !== "delegated";

export type RiskClass = "low" | "medium" | "high";

/** What an answer may be. `fields` describes a free answer, `choices` a closed one. */
export interface ItemChoice {
  readonly id: string;
  readonly label: string;
  /** What the answer must carry beside the choice: nothing, a text, a playbook's name, a plan, or a person. */
  readonly needs: "nothing" | "reason" | "text" | "playbook" | "plan" | "task" | "input";
}

export interface InboxItem extends Entity {
  readonly kind: "approval" | "question" | "escalation" | "check" | "unknown-effect" | "patch" | "mention";
  readonly state: ItemState;
  /** Null: it belongs to no request, such as a decision that is looked at again. */
  readonly requestId: RequestId | null;
  /** The project of an item without a request; absent: that of its request. */
  readonly projectId?: ProjectId;
  readonly subjectKind: string;
  readonly subjectId: string;
  /** One sentence: what is asked. */
  readonly title: string;
  /** Why it is asked, what happens on each answer; plain text. */
  readonly detail: string;
  readonly ruleId: string;
  readonly choices: readonly ItemChoice[];
  readonly risk: RiskClass;
  /** Roles that may answer; empty: any member. */
  readonly roles: readonly Role[];
  /** The people it is for, and nobody else; absent: whoever has the role. */
  readonly personIds?: readonly PersonId[];
  /** People who may not answer, because it is their own work. */
  readonly excludedPersonIds: readonly PersonId[];
  readonly delegateId: PersonId | null;
  /** What policies know of the subject; absent: none, nothing, no effect. */
  readonly divisions?: readonly string[];
  readonly amountMicro?: number;
  readonly effectKind?: string;
  /** Classes that a person reviews in every mode; never decided by time, in a batch or beforehand. Absent: none. */
  readonly alwaysReview?: readonly string[];
  readonly evidence: JsonObject;
  /** What agreeing puts into force, whole, where a hash of it is not enough: a plan's new document. At most as large as a body of the wire. */
  readonly proposed?: JsonObject;
  readonly askedAtMs: number;
  /** When its clock next does something (reminds, escalates, expires, goes on); null: nothing more. Not the due time, which is `clock.dueAtMs`. */
  readonly dueAtMs: number | null;
  /** What time does to it; absent: it waits without a clock. */
  readonly clock?: ItemClock;
  /** Choice applied at `clock.dueAtMs`; null: it stays open and climbs its ladder. See `defaultProblem`. */
  readonly defaultChoice: string | null;
  /** Held by a trigger until a person lets it go; absent: it is no hold. */
  readonly hold?: "orange" | "red";
  /** How many different people have to agree; absent: one. */
  readonly quorum?: number;
  /** What was said while more had to agree. At most 100. */
  readonly votes?: readonly Vote[];
  /** At most 10, the last one possibly open. */
  readonly askBacks?: readonly AskBack[];
  /** Oldest first, at most 10. */
  readonly handOvers?: readonly HandOver[];
  /** Until when people keep it out of their own list. At most 200. */
  readonly laterUntilMs?: { readonly [personId: string]: number };
  readonly answer: {
    readonly choice: string;
    readonly value: Json;
    readonly reason: string;
    readonly by: string;
    readonly atMs: number;
    readonly soloWaiver: boolean;
  } | null;
}

export const inboxItemKind = projectKind<InboxItem>("inbox_item");
