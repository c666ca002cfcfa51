import { type Task, taskKind } from "../../core/execution/task.ts";
import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import { effectKindOf } from "../../core/gate/effect.ts";
import { deliverableKind } from "../../core/integration/deliverable.ts";
import { audienceText, withoutAmount } from "../../core/oversight/audience.ts";
import { calendarKind } from "../../core/oversight/calendar.ts";
import { channelKind } from "../../core/oversight/channel.ts";
import { clockKind } from "../../core/oversight/clock.ts";
import { delegationKind } from "../../core/oversight/delegation.ts";
import { type Decision, decisionKind, decisionWords } from "../../core/oversight/decision.ts";
import { type Fact, factKind, factWords } from "../../core/memory/fact.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { noticeKind } from "../../core/oversight/notice.ts";
import { objectiveKind } from "../../core/oversight/objective.ts";
import { policyKind } from "../../core/oversight/policy.ts";
import { scriptKind } from "../../core/memory/script.ts";
import { principleKind } from "../../core/oversight/principle.ts";
import { teamKind } from "../../core/oversight/team.ts";
import { budgetKind } from "../../core/gate/budget.ts";
import { haltKind } from "../../core/gate/halt.ts";
import { agentKind } from "../../core/gate/agent.ts";
import { providerKind } from "../../core/gate/provider.ts";
import { turnKind } from "../../core/execution/turn.ts";
import { priceKind } from "../../core/gate/price-table.ts";
import { paceKind } from "../../core/gate/provider-pace.ts";
import { capabilityKind } from "../../core/gate/capability.ts";
import { reservationKind } from "../../core/gate/reservation.ts";
import { standingGrantKind } from "../../core/gate/standing-grant.ts";
import { toolCallKind } from "../../core/gate/tool-call.ts";
import { outsideToolKind } from "../../core/gate/outside-tool.ts";
import { toolPinKind } from "../../core/gate/tool-pin.ts";
import { toolServerKind } from "../../core/gate/tool-server.ts";
import { entityKindOf } from "../../core/memory/entity.ts";
import { entityTypeKind } from "../../core/memory/entity-type.ts";
import { relationKind } from "../../core/memory/relation.ts";
import { tagKind } from "../../core/memory/tag.ts";
import { sprintKind } from "../../core/execution/sprint.ts";
import { epicKind } from "../../core/requests/epic.ts";
import { commentKind } from "../../core/requests/comment.ts";
import { recurrenceKind } from "../../core/requests/recurrence.ts";
import { savedViewKind } from "../../core/requests/saved-view.ts";
import { type Person, erasedText, organizationKindOf, personKind, projectKindOf } from "../../core/oversight/person.ts";
import { autonomyKind } from "../../core/personas/autonomy.ts";
import { candidacyKind } from "../../core/personas/candidacy.ts";
import { qualificationKind } from "../../core/personas/qualification.ts";
import { suiteKind } from "../../core/personas/suite.ts";
import { personaProposalKind } from "../../core/personas/persona-proposal.ts";
import { performerKey, personaKind } from "../../core/personas/persona.ts";
import { planKind, playbookKind } from "../../core/planning/plan.ts";
import { type WorkRequest, requestKind } from "../../core/requests/request.ts";
import { reviewKind } from "../../core/review/review.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import type { Change } from "../../core/shared/transition.ts";

/** Column types a queried field may have; every other field lives in the row's `body`. */
export type ColumnType = "uuid" | "text" | "integer" | "bigint" | "boolean";

/** A state table: the kind it holds and the fields that are columns, hence filterable. */
export interface EntityTable {
  readonly kind: EntityKind<Entity>;
  /** Field name (camelCase) -> column type; the column is the name in snake_case. `id`, `version`, `eventCount` are implied. */
  readonly columns: { readonly [field: string]: ColumnType };
  /** Columns that keep their first value for ever, so that what a row is found by at a past instant is what finds it now. Stores hold to it. */
  readonly fixed?: readonly string[];
  /** Filterable as columns are, but computed from the row by the database itself: never written, never part of the row. */
  readonly derived?: { readonly [field: string]: DerivedField };
  /** Fields about one person that stores keep so that erasing the person erases them at every instant. */
  readonly personal?: PersonalTable;
}

export interface PersonalTable {
  /** The field that says whose they are; null in a row: nobody's, kept as it is. */
  readonly of: "id" | "personId" | "subjectId";
  /** Field -> what is read once the person is erased; undefined: the field is gone. What is null, absent or an empty list has nothing to erase. */
  readonly fields: { readonly [field: string]: Json | undefined };
}

export interface DerivedField {
  readonly type: ColumnType;
  /** The same value as the migration's expression gives, for stores without a database; where that is a digest, what it is the digest of. */
  readonly of: (row: Entity) => string | number | null;
}

/** Derived fields of one kind. */
const derived = <Row extends Entity>(fields: {
  readonly [field: string]: { readonly type: ColumnType; readonly of: (row: Row) => string | number | null };
}): { readonly [field: string]: DerivedField } => fields as { readonly [field: string]: DerivedField }; // a table holds rows of its own kind only

const performerField = {
  type: "text",
  of: (row: Pick<Task | Attempt, "performer">) => (row.performer === null ? null : performerKey(row.performer)),
} as const;

/** Every state table. A kind that is not here cannot be stored; a structure test compares it with the migrations. */
export const entityTables: readonly EntityTable[] = [
  { kind: organizationKindOf, columns: { name: "text" } },
  {
    kind: personKind,
    columns: { name: "text", email: "text", state: "text" },
    derived: derived<Person>({
      workReturned: { type: "text", of: (row) => (row.workReturned === undefined ? null : String(row.workReturned)) },
    }),
    personal: { of: "id", fields: { name: erasedText, email: null, identity: undefined } },
  },
  { kind: projectKindOf, columns: { key: "text", mode: "text", state: "text", clockAtMs: "bigint" }, fixed: ["key", "mode"] },
  { kind: personaKind, columns: { key: "text", personaVersion: "integer" }, fixed: ["key"] },
  { kind: personaProposalKind, columns: { key: "text", state: "text" }, fixed: ["key"] },
  { kind: playbookKind, columns: { name: "text", playbookVersion: "integer" }, fixed: ["name", "playbookVersion"] },
  {
    kind: requestKind,
    columns: {
      number: "integer",
      title: "text",
      state: "text",
      epoch: "integer",
      requesterId: "uuid",
      rehearsal: "boolean",
      stateSinceMs: "bigint",
    },
    fixed: ["number", "requesterId", "rehearsal"],
    derived: derived<WorkRequest>({
      urgency: { type: "text", of: (row) => row.urgency },
      deadlineAtMs: { type: "bigint", of: (row) => row.deadlineAtMs },
      sample: { type: "text", of: (row) => (row.sample === undefined ? null : String(row.sample)) },
      objectiveId: { type: "text", of: (row) => row.objectiveId ?? null },
      epicId: { type: "text", of: (row) => row.epicId ?? null },
    }),
  },
  {
    kind: planKind,
    columns: { requestId: "uuid", number: "integer", state: "text", openSinks: "integer" },
    fixed: ["requestId", "number"],
  },
  {
    kind: taskKind,
    columns: { requestId: "uuid", planId: "uuid", key: "text", ordinal: "integer", state: "text", waitingOn: "integer" },
    fixed: ["requestId", "planId", "key"],
    derived: derived<Task>({
      executor: { type: "text", of: (row) => row.executor },
      performerKey: performerField,
      sprintId: { type: "text", of: (row) => row.sprintId ?? null },
    }),
  },
  {
    kind: attemptKind,
    columns: { taskId: "uuid", requestId: "uuid", number: "integer", state: "text", epoch: "integer" },
    fixed: ["taskId", "requestId", "number"],
    derived: derived<Attempt>({ performerKey: performerField }),
  },
  {
    kind: reviewKind,
    columns: { taskId: "uuid", attemptId: "uuid", requestId: "uuid", state: "text", epoch: "integer" },
    fixed: ["taskId", "attemptId", "requestId"],
  },
  {
    kind: effectKindOf,
    columns: { effectKey: "text", requestId: "uuid", taskId: "uuid", state: "text" },
    fixed: ["effectKey", "requestId", "taskId"],
  },
  {
    kind: inboxItemKind,
    columns: { kind: "text", requestId: "uuid", subjectId: "uuid", state: "text", dueAtMs: "bigint" },
    fixed: ["kind", "requestId", "subjectId"],
    derived: derived<InboxItem>({
      audience: { type: "text", of: audienceText },
      question: { type: "text", of: (row) => withoutAmount(audienceText(row)) },
      askedAtMs: { type: "bigint", of: (row) => row.askedAtMs },
      answeredAtMs: { type: "bigint", of: (row) => row.answer?.atMs ?? null },
    }),
  },
  {
    kind: decisionKind,
    columns: { requestId: "uuid", subjectId: "uuid", state: "text" },
    fixed: ["requestId", "subjectId"],
    derived: derived<Decision>({ words: { type: "text", of: decisionWords } }),
  },
  {
    kind: factKind,
    columns: { subjectKind: "text", subjectId: "text", attribute: "text" },
    fixed: ["subjectKind", "subjectId", "attribute"],
    derived: derived<Fact>({ words: { type: "text", of: factWords } }),
  },
  { kind: clockKind, columns: { state: "text", subjectId: "uuid", dueAtMs: "bigint" }, fixed: ["subjectId"] },
  { kind: deliverableKind, columns: { requestId: "uuid", planId: "uuid", state: "text" }, fixed: ["requestId", "planId"] },
  {
    kind: calendarKind,
    columns: { subjectId: "uuid" },
    fixed: ["subjectId"],
    personal: { of: "subjectId", fields: { absences: [] } },
  },
  { kind: delegationKind, columns: { fromId: "uuid", toId: "uuid", state: "text" }, fixed: ["fromId", "toId"] },
  { kind: policyKind, columns: { key: "text", policyVersion: "integer", state: "text" }, fixed: ["key", "policyVersion"] },
  {
    kind: scriptKind,
    columns: { key: "text", scriptVersion: "integer", purpose: "text", state: "text" },
    fixed: ["key", "scriptVersion", "purpose"],
  },
  { kind: principleKind, columns: { number: "integer", state: "text" }, fixed: ["number"] },
  { kind: objectiveKind, columns: { number: "integer", state: "text" }, fixed: ["number"] },
  { kind: teamKind, columns: { name: "text", state: "text" } },
  {
    kind: channelKind,
    columns: { personId: "uuid", kind: "text", state: "text" },
    fixed: ["personId", "kind"],
    personal: { of: "personId", fields: { name: erasedText, target: {}, lastTest: null } },
  },
  {
    kind: noticeKind,
    columns: { channelId: "uuid", personId: "uuid", subjectId: "uuid", state: "text", epoch: "integer" },
    fixed: ["channelId", "personId", "subjectId"],
    personal: { of: "personId", fields: { tries: [] } },
  },
  {
    kind: commentKind,
    columns: { requestId: "uuid", subjectId: "uuid", authorId: "uuid", state: "text" },
    fixed: ["requestId", "subjectId", "authorId"],
  },
  { kind: recurrenceKind, columns: { state: "text" } },
  { kind: savedViewKind, columns: { personId: "uuid", page: "text", state: "text" }, fixed: ["personId", "page"] },
  { kind: entityTypeKind, columns: { key: "text", schemaVersion: "integer" }, fixed: ["key", "schemaVersion"] },
  {
    kind: entityKindOf,
    columns: { typeKey: "text", key: "text", title: "text", state: "text", updatedAtMs: "bigint" },
    fixed: ["typeKey", "key"],
  },
  {
    kind: tagKind,
    columns: { subjectKind: "text", subjectId: "uuid", key: "text", value: "text", state: "text" },
    fixed: ["subjectKind", "subjectId", "key", "value"],
  },
  {
    kind: relationKind,
    columns: { fromKind: "text", fromId: "uuid", role: "text", toKind: "text", toId: "uuid", state: "text" },
    fixed: ["fromKind", "fromId", "role", "toKind", "toId"],
  },
  { kind: epicKind, columns: { number: "integer", state: "text", title: "text" }, fixed: ["number"] },
  { kind: sprintKind, columns: { number: "integer", state: "text", startsAtMs: "bigint" }, fixed: ["number"] },
  { kind: haltKind, columns: { scope: "text", scopeId: "text", state: "text" }, fixed: ["scope", "scopeId"] },
  { kind: agentKind, columns: { name: "text", state: "text" }, fixed: ["name"] },
  { kind: providerKind, columns: { name: "text", state: "text" }, fixed: ["name"] },
  {
    kind: turnKind,
    columns: { requestId: "uuid", taskId: "uuid", attemptId: "uuid", threadId: "uuid", number: "integer", state: "text" },
    fixed: ["requestId", "taskId", "attemptId", "threadId", "number"],
  },
  {
    kind: budgetKind,
    columns: { scope: "text", scopeId: "text", period: "text", state: "text" },
    fixed: ["scope", "scopeId", "period"],
  },
  {
    kind: reservationKind,
    columns: { state: "text", requestId: "uuid", taskId: "uuid", attemptId: "uuid", expiresAtMs: "bigint" },
    fixed: ["requestId", "taskId", "attemptId"],
  },
  { kind: capabilityKind, columns: { persona: "text", tool: "text", taskId: "uuid", state: "text" }, fixed: ["persona", "tool", "taskId"] },
  { kind: standingGrantKind, columns: { tool: "text", state: "text" }, fixed: ["tool"] },
  { kind: toolPinKind, columns: { tool: "text" }, fixed: ["tool"] },
  { kind: toolServerKind, columns: { name: "text", state: "text" }, fixed: ["name"] },
  { kind: outsideToolKind, columns: { serverId: "uuid", name: "text", state: "text" }, fixed: ["serverId", "name"] },
  {
    kind: toolCallKind,
    columns: { requestId: "uuid", taskId: "uuid", attemptId: "uuid", itemId: "uuid", state: "text", tool: "text", callSha256: "text" },
    fixed: ["requestId", "taskId", "attemptId", "tool", "callSha256"],
  },
  { kind: paceKind, columns: { providerId: "uuid" }, fixed: ["providerId"] },
  { kind: suiteKind, columns: { key: "text", suiteVersion: "integer" }, fixed: ["key", "suiteVersion"] },
  { kind: qualificationKind, columns: { personaKey: "text", state: "text", epoch: "integer" }, fixed: ["personaKey"] },
  { kind: autonomyKind, columns: { personaKey: "text", taskType: "text" }, fixed: ["personaKey", "taskType"] },
  { kind: candidacyKind, columns: { personaKey: "text", state: "text" }, fixed: ["personaKey"] },
  { kind: priceKind, columns: { provider: "text", model: "text", fromMs: "bigint" }, fixed: ["provider", "model", "fromMs"] },
];

/** Null, absent or an empty list: nothing that an erasure would take. */
export const isNothingPersonal = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

/** @throws {Failure} `store.fixed-field`: the change alters a column that keeps its first value */
export function checkFixed(table: EntityTable, { before, after }: Pick<Change, "before" | "after">): void {
  if (before === undefined) return;
  const valueOf = (row: Entity, field: string): unknown => (row as unknown as { readonly [field: string]: unknown })[field]; // columns are plain values
  const altered = table.fixed?.find((field) => valueOf(before, field) !== valueOf(after, field));
  if (altered === undefined) return;
  throw new Failure("bug", "store.fixed-field", {
    kind: table.kind.name,
    field: altered,
    message: `A command changed "${altered}" of a ${table.kind.name}, which keeps its first value. Make a new row, or take the field out of \`fixed\` in entity-tables.ts.`,
  });
}
