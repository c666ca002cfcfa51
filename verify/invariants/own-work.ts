import { found, list, type Lookup, nameOf, number as numberOf, part, text } from "../lookup.ts";
import type { Finding, HistoryRow, StateRow } from "../world.ts";

/** I5: nobody approved their own work, except under a recorded waiver while nobody else could decide. */
export function checkOwnWork(lookup: Lookup): readonly Finding[] {
  return [
    ...lookup.rowsOf("decision").flatMap((decision) => [...checkDecision(lookup, decision), ...checkWaiver(lookup, decision)]),
    ...lookup.rowsOf("review").flatMap((review) => checkReview(lookup, review)),
    ...lookup.rowsOf("inbox_item").flatMap((item) => checkAnswer(lookup, item)),
    ...lookup.rowsOf("attempt").flatMap((attempt) => checkVerdicts(lookup, attempt)),
  ];
}

function checkDecision(lookup: Lookup, decision: StateRow): readonly Finding[] {
  if (text(decision, "subjectKind") === "plan" && decision.fields["choice"] === "patch") return checkPatch(lookup, decision);
  if (text(decision, "subjectKind") !== "plan" || decision.fields["choice"] !== "approve" || decision.fields["soloWaiver"] === true)
    return [];
  const plan = lookup.row(decision.organizationId, "plan", text(decision, "subjectId"));
  const author = plan === undefined ? undefined : part(planWhenDecided(lookup, plan).fields["origin"], "authorId");
  if (plan === undefined || typeof author !== "string" || author !== text(decision, "deciderId")) return [];
  return [
    found("I5", "A person approved a plan that they wrote, without a waiver on record.", { lookup, row: decision, others: [nameOf(plan)] }),
  ];
}

function checkPatch(lookup: Lookup, decision: StateRow): readonly Finding[] {
  const { evidence = null, soloWaiver } = decision.fields;
  if (soloWaiver === true || part(evidence, "authorId") !== text(decision, "deciderId")) return [];
  return [found("I5", "A person agreed to a change of a plan that they wrote, without a waiver on record.", { lookup, row: decision })];
}

/** A later patch makes its author the plan's; what counts is who had written it when it was approved. */
const planWhenDecided = (lookup: Lookup, plan: StateRow): StateRow =>
  lookup.versions(plan).find((version) => text(version, "state") !== "proposed") ?? plan;

function checkReview(lookup: Lookup, review: StateRow): readonly Finding[] {
  const attempt = lookup.row(review.organizationId, "attempt", text(review, "attemptId"));
  if (attempt === undefined || text(review, "state") === "withdrawn") return [];
  if (!samePerformer(review.fields["reviewer"], attempt.fields["performer"])) return [];
  return [found("I5", "A performer was made the reviewer of their own submission.", { lookup, row: review, others: [nameOf(attempt)] })];
}

const samePerformer = (left: StateRow["fields"][string] | undefined, right: StateRow["fields"][string] | undefined): boolean =>
  part(left, "id") !== undefined && part(left, "kind") === part(right, "kind") && part(left, "id") === part(right, "id");

function checkAnswer(lookup: Lookup, item: StateRow): readonly Finding[] {
  const { answer = null } = item.fields;
  const by = part(answer, "by");
  if (typeof by !== "string" || part(answer, "soloWaiver") === true || !list(item, "excludedPersonIds").includes(by)) return [];
  return [found("I5", "A person answered what is about their own work, without a waiver on record.", { lookup, row: item })];
}

/** Every person's verdict names its judge. */
function checkVerdicts(lookup: Lookup, attempt: StateRow): readonly Finding[] {
  const { performer = null } = attempt.fields;
  if (part(performer, "kind") !== "person") return [];
  const waived = lookup
    .rowsOf("decision")
    .some((decision) => decision.fields["soloWaiver"] === true && text(decision, "subjectId") === attempt.id);
  const own = list(attempt, "checks").find(
    (check) => part(check, "kind") === "person" && part(part(check, "evidence"), "judge") === part(performer, "id"),
  );
  return own === undefined || waived
    ? []
    : [found("I5", "A person judged their own submission, without a waiver on record.", { lookup, row: attempt })];
}

function checkWaiver(lookup: Lookup, decision: StateRow): readonly Finding[] {
  if (decision.fields["soloWaiver"] !== true) return [];
  const made = lookup.versions(decision).find((version) => text(version, "state") !== "proposed");
  const atMs = made?.recordedAtMs ?? numberOf(decision, "madeAtMs");
  const wanted = roleOf(text(decision, "authority"));
  const decider = text(decision, "deciderId");
  const others = lookup
    .rowsOf("person")
    .filter((person) => person.organizationId === decision.organizationId && person.id !== decider)
    .flatMap((person) => personAt(lookup, person, atMs))
    .filter((person) => text(person, "state") === "active" && (wanted === null || list(person, "roles").includes(wanted)));
  if (others.length === 0) return [];
  return [
    found("I5", "A waiver for deciding alone was used while somebody else could decide.", {
      lookup,
      row: decision,
      others: others.map(nameOf),
    }),
  ];
}

const roleOf = (authority: string): string | null => /^role:(?<role>[a-z]+)/u.exec(authority)?.groups?.["role"] ?? null;

/** The person as they were strictly before the decision's moment; one added in the same instant does not count against it. */
const personAt = (lookup: Lookup, person: StateRow, atMs: number): readonly HistoryRow[] => {
  const version = lookup.versions(person).findLast((candidate) => candidate.recordedAtMs < atMs);
  return version === undefined ? [] : [version];
};
