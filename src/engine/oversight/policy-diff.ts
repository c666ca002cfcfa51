import { decisionKind } from "../../core/oversight/decision.ts";
import { isActive } from "../../core/oversight/authority.ts";
import type { PolicyBasis, PolicyRequest, PolicyVerdict } from "../../core/oversight/policy-request.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Clock } from "../ports/clock.ts";
import type { Reader } from "../ports/store.ts";
import { type NamedPerformer, type People, namedPerson } from "./people-view.ts";
import type { Judge } from "./policy-shelf.ts";

type Verdict = Pick<PolicyVerdict, "allowed" | "policies" | "errors">;

/** A decision on record that the proposed policies would have answered otherwise. */
export interface PolicyFlip {
  readonly decisionId: string;
  readonly requestId: string | null;
  readonly question: string;
  readonly choice: string | null;
  readonly who: NamedPerformer;
  readonly action: string;
  readonly madeAtMs: number | null;
  readonly before: Verdict;
  readonly after: Verdict;
}

/** A member who could, or could no longer, decide such a question. */
export interface PolicyReach {
  readonly who: NamedPerformer;
  readonly action: string;
  /** One question on record of this kind. */
  readonly example: string;
  readonly before: Verdict;
  readonly after: Verdict;
}

export interface PolicyDiff {
  readonly flips: readonly PolicyFlip[];
  readonly flipCount: number;
  readonly reach: readonly PolicyReach[];
  readonly reachCount: number;
  /** Decisions replayed; those made before policies were asked cannot be. */
  readonly replayed: number;
  readonly looked: number;
  /** False: there are older decisions that were not looked at. */
  readonly complete: boolean;
}

/** Decisions looked at, the newest first. */
export const maxReplayed = 5_000;
/** Rows of each list that are shown; the counts count all. */
const maxShown = 200;
/** Different questions, and members, for which the reach is compared. */
const maxQuestions = 50;
const maxMembers = 200;
/** Replays between two looks at other work. */
const stride = 100;

/**
 * Replays recorded decisions under a set that is not in force. Each is asked with the very request that was stored with it:
 * who the person was then, and what was known then.
 */
export async function policyDiff(
  reader: Reader,
  sets: { readonly current: Judge; readonly proposed: Judge },
  around: { readonly people: People; readonly clock: Pick<Clock, "pause"> },
): Promise<PolicyDiff> {
  const decisions = await reader.find(decisionKind, { newestFirst: true, limit: maxReplayed });
  const recorded = decisions.flatMap((decision) => {
    const request = requestIn(decision.evidence);
    return request === undefined ? [] : [{ decision, request, policies: textsIn(decision.evidence) }];
  });
  const flips: PolicyFlip[] = [];
  for (const [index, { decision, request, policies }] of recorded.entries()) {
    if (index % stride === stride - 1) await around.clock.pause(0);
    const after = sets.proposed.judge(request).verdict;
    if (after.allowed) continue;
    flips.push({
      decisionId: decision.id,
      requestId: decision.requestId,
      question: decision.question,
      choice: decision.choice,
      who: namedPerson(around.people, request.principal.id),
      action: request.action,
      madeAtMs: decision.madeAtMs,
      before: { allowed: true, policies, errors: [] },
      after,
    });
  }
  const reach = await reachOf(recorded, sets, around);
  return {
    flips: flips.slice(0, maxShown),
    flipCount: flips.length,
    reach: reach.slice(0, maxShown),
    reachCount: reach.length,
    replayed: recorded.length,
    looked: decisions.length,
    complete: decisions.length < maxReplayed,
  };
}

interface Recorded {
  readonly decision: { readonly question: string };
  readonly request: PolicyRequest;
}

/** Who of today's members could answer the recorded questions, before and after; by role only, nothing handed over. */
async function reachOf(
  recorded: readonly Recorded[],
  sets: { readonly current: Judge; readonly proposed: Judge },
  { people, clock }: { readonly people: People; readonly clock: Pick<Clock, "pause"> },
): Promise<readonly PolicyReach[]> {
  const questions = new Map<string, Recorded>();
  for (const one of recorded) {
    const { action, resource, context } = one.request;
    const key = JSON.stringify([action, { ...resource, id: "" }, context.askedRoles]);
    if (!questions.has(key) && questions.size < maxQuestions) questions.set(key, one);
  }
  const members = [...people.values()].filter((person) => isActive(person)).slice(0, maxMembers);
  const changed: PolicyReach[] = [];
  for (const { decision, request } of questions.values()) {
    await clock.pause(0);
    for (const member of members) {
      const asked: PolicyRequest = {
        ...request,
        principal: { id: member.id, roles: [...member.roles].sort() },
        context: { askedRoles: request.context.askedRoles, handedOver: false, standsInFor: [] },
      };
      const [before, after] = [sets.current.judge(asked).verdict, sets.proposed.judge(asked).verdict];
      if (before.allowed === after.allowed) continue;
      changed.push({ who: namedPerson(people, member.id), action: request.action, example: decision.question, before, after });
    }
  }
  return changed;
}

/** The request as the decision stored it; undefined for decisions that no policy was asked about. */
function requestIn(evidence: JsonObject): PolicyRequest | undefined {
  const { policy } = evidence;
  if (typeof policy !== "object" || policy === null || Array.isArray(policy)) return undefined;
  return (policy as { readonly request?: PolicyBasis["request"] }).request; // written by `basisEvidence`
}

function textsIn(evidence: JsonObject): readonly string[] {
  const { policy } = evidence as { readonly policy?: { readonly policies?: readonly string[] } }; // as above
  return policy?.policies ?? [];
}
