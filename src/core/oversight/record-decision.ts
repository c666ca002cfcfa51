import type { DecideContext } from "../shared/decide-context.ts";
import type { RequestId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { TransitionDraft } from "../shared/transition.ts";
import { type Decision, decisionKind } from "./decision.ts";

/** A decision as somebody made it; ids and times are added here. */
export interface MadeDecision {
  readonly requestId: RequestId | null;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly question: string;
  readonly options: Decision["options"];
  readonly choice: string;
  readonly rationale: string;
  /** Hashes of what was decided about. */
  readonly evidence: JsonObject;
  readonly authority: string;
  readonly soloWaiver: boolean;
}

/** Puts a made decision on record, in the name of the context's actor. */
export function recordDecision(draft: TransitionDraft, context: DecideContext, made: MadeDecision): Decision {
  const decision = draft.create(decisionKind, {
    ...made,
    id: context.newId(),
    state: "made",
    deciderId: context.actor.id,
    madeAtMs: context.nowMs,
    reviewAtMs: null,
    outcome: null,
    supersedesId: null,
  });
  return draft.record(decisionKind, decision, "decision.made", {
    requestId: made.requestId,
    subjectKind: made.subjectKind,
    subjectId: made.subjectId,
    choice: made.choice,
    authority: made.authority,
    soloWaiver: made.soloWaiver,
    evidence: made.evidence,
  });
}
