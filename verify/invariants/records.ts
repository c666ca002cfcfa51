import { found, list, type Lookup, nameOf, part, text } from "../lookup.ts";
import type { Finding, StateRow } from "../world.ts";

/** I14: what was decided is on record with who, about what exactly and by which rule. */
export function checkRecords(lookup: Lookup): readonly Finding[] {
  return [
    ...lookup.rowsOf("plan").flatMap((plan) => checkPlan(lookup, plan)),
    ...lookup.rowsOf("decision").flatMap((decision) => checkDecision(lookup, decision)),
    ...lookup.rowsOf("inbox_item").flatMap((item) => checkItem(lookup, item)),
    ...lookup.rowsOf("task").flatMap((task) => checkGate(lookup, task)),
    ...lookup.rowsOf("attempt").flatMap((attempt) => checkEvidence(lookup, attempt)),
  ];
}

const decisionsAbout = (lookup: Lookup, row: StateRow): readonly StateRow[] =>
  lookup
    .rowsOf("decision")
    .filter(
      (decision) =>
        decision.organizationId === row.organizationId && text(decision, "subjectId") === row.id && text(decision, "state") !== "proposed",
    );

function checkPlan(lookup: Lookup, plan: StateRow): readonly Finding[] {
  const verdict = lookup.versions(plan).find((version) => ["approved", "rejected"].includes(text(version, "state")));
  if (verdict === undefined) return [];
  const wanted = text(verdict, "state") === "approved" ? ["approve"] : ["reject", "changes"];
  const decision = decisionsAbout(lookup, plan).find((candidate) => wanted.includes(text(candidate, "choice")));
  if (decision === undefined)
    return [found("I14", `A plan was ${text(verdict, "state")}, and no decision says so.`, { lookup, row: plan })];
  const hash = part(decision.fields["evidence"], "documentSha256");
  if (hash === text(verdict, "documentSha256")) return [];
  return [
    found("I14", "The decision about a plan names another document than the one that was decided.", {
      lookup,
      row: decision,
      others: [nameOf(plan)],
    }),
  ];
}

function checkDecision(lookup: Lookup, decision: StateRow): readonly Finding[] {
  if (text(decision, "state") === "proposed") return [];
  const missing = ["deciderId", "authority", "choice", "question"].filter((field) => text(decision, field) === "");
  const evidence = part(decision.fields, "evidence");
  if (evidence === undefined || evidence === null) missing.push("evidence");
  if (typeof decision.fields["madeAtMs"] !== "number") missing.push("madeAtMs");
  const findings =
    missing.length === 0 ? [] : [found("I14", `A decision does not say its ${missing.join(", ")}.`, { lookup, row: decision })];
  // Whoever proposed it may be another one.
  const made = lookup.versions(decision).find((version) => text(version, "state") !== "proposed");
  const decider = text(decision, "deciderId");
  if (made !== undefined && decider !== "" && made.actorId !== decider)
    findings.push(found("I14", "A decision names another decider than the one who wrote it.", { lookup, row: decision }));
  return findings;
}

/** Approvals, escalations, checks and the like are decisions; questions carry their answer themselves. */
function checkItem(lookup: Lookup, item: StateRow): readonly Finding[] {
  if (text(item, "state") !== "answered" || text(item, "kind") === "question") return [];
  const { answer = null } = item.fields;
  const given = part(answer, "choice");
  // Agreeing to a change of a running plan is on record as the change itself.
  const isChange = text(item, "kind") === "patch" && text(item, "subjectKind") === "plan" && given === "approve";
  const choice = isChange ? "patch" : given;
  const by = part(answer, "by");
  const decided = lookup
    .rowsOf("decision")
    .some(
      (decision) =>
        decision.organizationId === item.organizationId &&
        [text(item, "subjectId"), item.id].includes(text(decision, "subjectId")) &&
        text(decision, "choice") === choice &&
        text(decision, "deciderId") === by,
    );
  return decided
    ? []
    : [found("I14", `An item of kind "${text(item, "kind")}" was answered, and no decision says so.`, { lookup, row: item })];
}

/** A task that has passed did so by a recorded gate or by a person's recorded decision. */
function checkGate(lookup: Lookup, task: StateRow): readonly Finding[] {
  if (!["passed", "integrated"].includes(text(task, "state"))) return [];
  const gates = lookup
    .stream(task.organizationId, task.id)
    .filter((event) => event.kind === "gate.decided" && event.data["verdict"] === "pass");
  if (gates.length === 0 && decisionsAbout(lookup, task).length === 0)
    return [found("I14", "A task has passed, and no gate and no person let it.", { lookup, row: task })];
  const attempt = lookup.row(task.organizationId, "attempt", text(task, "attemptId"));
  if (attempt === undefined || list(task, "outputs").length === 0) return [];
  const submitted = new Set(list(attempt, "outputs").map((output) => part(output, "sha256")));
  const foreign = list(task, "outputs").some((output) => !submitted.has(part(output, "sha256")));
  return foreign
    ? [found("I14", "A task's accepted outputs are not those that were judged.", { lookup, row: task, others: [nameOf(attempt)] })]
    : [];
}

/** A pass without evidence proves nothing. */
function checkEvidence(lookup: Lookup, attempt: StateRow): readonly Finding[] {
  const bare = list(attempt, "checks").find(
    (check) => part(check, "verdict") === "pass" && Object.keys((part(check, "evidence") ?? {}) as object).length === 0,
  );
  return bare === undefined
    ? []
    : [
        found("I14", `The criterion ${JSON.stringify(part(bare, "criterionId") ?? null)} passed without evidence.`, {
          lookup,
          row: attempt,
        }),
      ];
}
