/**
 * One thing that waits for a person.
 *
 * open -> answered | delegated | expired | withdrawn; delegated -> open (who had it is gone) | answered | expired | withdrawn
 */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { PersonId, RequestId } from "../shared/ids.ts";
import type { Json, JsonObject } from "../shared/json.ts";
import type { Moves } from "../shared/moves.ts";
import type { Role } from "./person.ts";

export type ItemState = "open" | "delegated" | "answered" | "expired" | "withdrawn";

export const itemMoves: Moves<ItemState> = {
  open: ["answered", "delegated", "expired", "withdrawn"],
  delegated: ["open", "answered", "expired", "withdrawn"],
  answered: [],
  expired: [],
  withdrawn: [],
};

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
  readonly requestId: RequestId;
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
  readonly evidence: JsonObject;
  readonly askedAtMs: number;
  /** Null: waits without a clock for the named roles. */
  readonly dueAtMs: number | null;
  /** Choice applied at `dueAtMs`; null: reminds only. Never an approval of risk medium or above. */
  readonly defaultChoice: string | null;
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
