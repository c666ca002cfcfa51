import {
  type MakeDecision,
  type RecordDecision,
  type DecisionSlice,
  decideMaking,
  decideRecord,
} from "../../core/memory/decide-decision.ts";
import { type RecordOutcome, type SetReview, decideOutcome, decideReviewDate } from "../../core/memory/decide-decision-outcome.ts";
import { type ReviewDecision, decideReview } from "../../core/memory/decide-decision-review.ts";
import type { SeenDecision, Waiting } from "../../core/memory/decision-waits.ts";
import type { Authority } from "../../core/oversight/authority.ts";
import { clockKind } from "../../core/oversight/clock.ts";
import { decisionKind } from "../../core/oversight/decision.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";
import { requestKind } from "../../core/requests/request.ts";
import { decidingQuestion } from "./decision-authority.ts";
import { isKnownSubject } from "./subject-row.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadAuthority, loadPerson, lockOne, readOne } from "../shared/load-slice.ts";

export const recordDecisionHandler = handler({
  load: async (transaction, command: RecordDecision, context) => {
    const { requestId, subjectKind, subjectId, supersedes } = command;
    const project = await readOne(transaction, projectKindOf, context.caller.projectId ?? "");
    const request = requestId === null ? undefined : await readOne(transaction, requestKind, requestId);
    const known = supersedes === null ? undefined : await transaction.get(decisionKind, supersedes.decisionId);
    return {
      project,
      request,
      subjectIsThere: await isKnownSubject(transaction, { kind: subjectKind, id: subjectId }),
      superseded: known === undefined ? undefined : await lockWaiting(transaction, known.id),
      person: await loadPerson(transaction, context),
      authority: await authorityFor(transaction, context, { project, kind: subjectKind, id: subjectId }),
    };
  },
  decide: decideRecord,
});

export const makeDecisionHandler = handler({ load: loadDecision<MakeDecision>, decide: decideMaking });
export const recordOutcomeHandler = handler({ load: loadDecision<RecordOutcome>, decide: decideOutcome });
export const setReviewHandler = handler({ load: loadDecision<SetReview>, decide: decideReviewDate });

export const reviewDecisionHandler = handler({
  load: (transaction, command: ReviewDecision) => lockWaiting(transaction, command.decisionId),
  decide: decideReview,
});

async function loadDecision<Command extends SeenDecision>(
  transaction: Transaction,
  command: Command,
  context: LoadContext,
): Promise<DecisionSlice> {
  const project = await readOne(transaction, projectKindOf, context.caller.projectId ?? "");
  const { supersedesId, state } = await readOne(transaction, decisionKind, command.decisionId);
  // Rows of a kind are locked by id, whichever of the two was made first.
  await transaction.lock(decisionKind, [command.decisionId, ...(supersedesId === null || state !== "proposed" ? [] : [supersedesId])]);
  const waiting = await lockWaiting(transaction, command.decisionId);
  const { decision } = waiting;
  return {
    ...waiting,
    project,
    superseded: supersedesId === null || state !== "proposed" ? undefined : await lockWaiting(transaction, supersedesId),
    authority: await authorityFor(transaction, context, { project, kind: decision.subjectKind, id: decision.subjectId }),
  };
}

/** Clocks and items of one decision: one of each waits at a time, a few more after early firings. */
const maxAround = 100;

/** A decision with everything that waits on it, locked. @throws {Failure} `decision.not-found` */
export async function lockWaiting(transaction: Transaction, decisionId: string): Promise<Waiting> {
  const decision = await lockOne(transaction, decisionKind, decisionId);
  const clocks = await transaction.find(clockKind, { where: { subjectId: decisionId, state: "set" }, limit: maxAround });
  const items = await transaction.find(inboxItemKind, { where: { subjectId: decisionId, state: ["open", "delegated"] }, limit: maxAround });
  return {
    decision,
    clocks: await transaction.lock(
      clockKind,
      clocks.map((clock) => clock.id),
    ),
    items: await transaction.lock(
      inboxItemKind,
      items.map((item) => item.id),
    ),
  };
}

/** Asks the policies who may put decisions on record. */
const authorityFor = (
  transaction: Transaction,
  context: LoadContext,
  about: { readonly project: Project; readonly kind: string; readonly id: string },
): Promise<Authority> => loadAuthority(transaction, context, decidingQuestion(about.project, about));
