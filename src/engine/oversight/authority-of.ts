import { type Asked, type Authority, decideAuthority, otherDeciders } from "../../core/oversight/authority.ts";
import type { Person } from "../../core/oversight/person.ts";
import type { PolicyQuestion } from "../../core/oversight/policy-request.ts";
import { type StandIn, type StandInFacts, standInFor } from "../../core/oversight/representation.ts";
import { type PersonId, asId } from "../../core/shared/ids.ts";
import type { Actor } from "../../core/shared/actor.ts";
import type { Judge } from "./policy-shelf.ts";

/** A question to one person, with what they typed. */
export interface AskedOfOne extends Asked {
  readonly question: PolicyQuestion;
  readonly delegateId: string | null;
  readonly confirmation: string | null;
  readonly shortId: string;
}

/** Who is there, who is away, and when. */
export interface Standing extends StandInFacts {
  readonly actor: Actor;
  readonly nowMs: number;
  readonly projectId: string | null;
}

/** Whether one person may decide one question: by the policies, then by four-eyes. Views and commands ask the same. */
export function authorityOf(judge: Judge, asked: AskedOfOne, standing: Standing): Authority {
  const { actor, members } = standing;
  const person = members.find((member) => member.id === actor.id);
  const isOwnWork = asked.excludedPersonIds.some((id) => id === actor.id);
  const may = (member: Person): boolean => basisOf(judge, asked, { member, standing }).basis.verdict.allowed;
  return decideAuthority({
    actor,
    person,
    ...basisOf(judge, asked, { member: person ?? { id: actor.id, roles: [] }, standing }),
    otherDeciders: isOwnWork ? otherDeciders(asked, { members, actorId: actor.id, may }) : 0,
    isOwnWork,
    confirmation: asked.confirmation,
    shortId: asked.shortId,
  });
}

interface OneMember {
  readonly member: Pick<Person, "id" | "roles">;
  readonly standing: Standing;
}

function basisOf(judge: Judge, asked: AskedOfOne, { member, standing }: OneMember) {
  const handedOver = asked.delegateId === member.id;
  const standIn = handedOver ? undefined : absentOne(asked, { member, standing });
  const basis = judge.judge({
    principal: { id: member.id, roles: [...member.roles].sort() },
    ...asked.question,
    context: { askedRoles: asked.roles, handedOver, standsInFor: standIn === undefined ? [] : [...standIn.person.roles].sort() },
  });
  return { basis, standIn };
}

/** Somebody in whose place the member may decide; nobody is looked for where the member has a role that is asked for. */
function absentOne(asked: AskedOfOne, { member, standing }: OneMember): StandIn | undefined {
  if (asked.roles.length === 0 || asked.roles.some((role) => member.roles.includes(role))) return undefined;
  const { risk, amountMicro } = asked.question.resource;
  const delegateId = asked.delegateId === null ? null : (asId<"person">(asked.delegateId) satisfies PersonId);
  const matter = { ...asked, risk, delegateId, projectId: standing.projectId, amountMicro };
  return standInFor(member.id, standing, { matter, nowMs: standing.nowMs });
}
