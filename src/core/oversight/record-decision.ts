import type { RequestId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Step } from "../shared/transition.ts";
import type { Authority } from "./authority.ts";
import { type Decision, decisionKind } from "./decision.ts";
import type { InboxItem } from "./inbox-item.ts";
import { type PolicyBasis, basisEvidence } from "./policy-request.ts";

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
  /** What the policies were asked and said; absent: no policy was asked. */
  readonly basis?: PolicyBasis;
}

/** Puts a made decision on record, in the name of the context's actor. */
export function recordDecision({ draft, context }: Step, { basis, ...given }: MadeDecision): Decision {
  const made = basis === undefined ? given : { ...given, evidence: { ...given.evidence, policy: basisEvidence(basis) } };
  const decision = draft.create(decisionKind, {
    ...made,
    id: context.newId(),
    state: "made",
    origin: "flow",
    projectId: null,
    topic: null,
    confidence: null,
    links: [],
    deciderId: context.actor.id,
    madeAtMs: context.nowMs,
    validFromMs: context.nowMs,
    validToMs: null,
    reviewAtMs: null,
    outcome: null,
    supersedesId: null,
    supersededById: null,
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

/** Puts the answer to an item on record, with what the item showed as the evidence. */
export const recordAnswer = (
  step: Step,
  item: InboxItem,
  given: { readonly choice: string; readonly reason: string; readonly authority: Authority & { readonly kind: "granted" } },
): Decision =>
  recordDecision(step, {
    requestId: item.requestId,
    subjectKind: item.subjectKind,
    subjectId: item.subjectId,
    question: item.title,
    options: item.choices.map(({ id, label }) => ({ id, label })),
    choice: given.choice,
    rationale: given.reason,
    evidence: item.evidence,
    authority: given.authority.rule,
    soloWaiver: given.authority.soloWaiver,
    basis: given.authority.basis,
  });
