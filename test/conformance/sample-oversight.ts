import { budgetKind, newBudget, noCaps } from "../../src/core/gate/budget.ts";
import { haltKind } from "../../src/core/gate/halt.ts";
import { priceKind } from "../../src/core/gate/price-table.ts";
import { freshPace, paceKind } from "../../src/core/gate/provider-pace.ts";
import { reservationKind } from "../../src/core/gate/reservation.ts";
import { calendarKind } from "../../src/core/oversight/calendar.ts";
import { channelKind } from "../../src/core/oversight/channel.ts";
import { delegationKind } from "../../src/core/oversight/delegation.ts";
import { noticeKind } from "../../src/core/oversight/notice.ts";
import { objectiveKind } from "../../src/core/oversight/objective.ts";
import { policyKind } from "../../src/core/oversight/policy.ts";
import { scriptKind } from "../../src/core/memory/script.ts";
import { principleKind } from "../../src/core/oversight/principle.ts";
import { teamKind } from "../../src/core/oversight/team.ts";
import { commentKind } from "../../src/core/requests/comment.ts";
import { recurrenceKind } from "../../src/core/requests/recurrence.ts";
import { savedViewKind } from "../../src/core/requests/saved-view.ts";
import type { Entity, EntityKind } from "../../src/core/shared/entity.ts";
import { asId } from "../../src/core/shared/ids.ts";

export interface SampleRow {
  readonly kind: EntityKind<Entity>;
  readonly row: Entity;
}

export interface OversightRows {
  readonly ofOrganization: readonly SampleRow[];
  readonly ofProject: readonly SampleRow[];
}

export const sample = <Row extends Entity>(kind: EntityKind<Row>, row: Omit<Row, "version" | "eventCount">): SampleRow => ({
  kind,
  row: { ...row, version: 1, eventCount: 0 } as unknown as Row, // the omitted fields are exactly the two added here
});

/** One row of every kind of `0004-oversight.sql`. */
export function oversightRows(next: () => string, about: { readonly personId: string; readonly requestId: string }): OversightRows {
  return {
    ofOrganization: [...people(next, about.personId), ...rules(next, about.personId)],
    ofProject: around(next, about),
  };
}

const people = (next: () => string, personId: string): readonly SampleRow[] => [
  sample(calendarKind, {
    id: next(),
    subjectId: personId,
    zone: "Europe/Berlin",
    week: [{ weekday: 1, fromMinute: 540, toMinute: 1_020 }],
    holidays: [{ date: "2026-12-25", name: "Christmas" }],
    absences: [],
  }),
  sample(delegationKind, {
    id: next(),
    state: "granted",
    fromId: asId(personId),
    toId: asId(next()),
    validFromMs: 1_000,
    validToMs: 9_000,
    maxRisk: "low",
    maxAmountMicro: null,
    projectId: null,
    reason: "Away",
  }),
  sample(teamKind, { id: next(), name: "Platform", state: "active", memberIds: [asId<"person">(personId)], leadId: null }),
  sample(channelKind, {
    id: next(),
    personId,
    kind: "mail",
    state: "active",
    name: "Mail",
    target: { to: "ada@example.org" },
    topics: ["due"],
    activeSinceMs: 1_000,
    linkVersion: 1,
    failures: 0,
    pausedReason: "",
    lastTest: null,
  }),
  sample(savedViewKind, {
    id: next(),
    personId: asId(personId),
    page: "requests",
    state: "active",
    name: "Mine",
    search: "state=active",
    shared: false,
  }),
];

const rules = (next: () => string, personId: string): readonly SampleRow[] => [
  sample(policyKind, {
    id: next(),
    key: "approve-plans",
    policyVersion: 1,
    state: "in-force",
    statement: "Directors approve plans.",
    text: "permit(principal, action, resource);",
    reason: "Sample.",
    proposedBy: personId,
    proposedAtMs: 1_000,
    approvedBy: [],
    soloWaiver: false,
    decidedAtMs: 2_000,
    withdrawal: null,
  }),
  sample(scriptKind, {
    id: next(),
    key: `script-${next()}`,
    scriptVersion: 1,
    purpose: "metric",
    state: "active",
    title: "Two",
    source: "export default () => 2",
    tests: [{ name: "two", input: null, expected: 2 }],
    authorId: personId,
    addedAtMs: 3,
    activatedAtMs: 4,
  }),
  sample(principleKind, {
    id: next(),
    number: 1,
    state: "in-force",
    statement: "Say what is not known.",
    explanation: "",
    writtenBy: personId,
    writtenAtMs: 1_000,
    replacesId: null,
  }),
  sample(objectiveKind, {
    id: next(),
    number: 1,
    state: "open",
    title: "Answer within a day",
    ownerId: personId,
    dueAtMs: null,
    keyResults: [],
  }),
  sample(haltKind, {
    id: next(),
    scope: "everything",
    scopeId: "",
    state: "set",
    reason: "A look first",
    setBy: personId,
    setAtMs: 1_000,
    liftedBy: null,
    liftedAtMs: null,
  }),
  ...purse(next),
];

const purse = (next: () => string): readonly SampleRow[] => {
  const caps = { ...noCaps, costMicro: 10_000_000 };
  const booked = { costMicro: 1_200_000, tokens: 900, runs: 1, wallMs: 4_000 };
  const budgetId = next();
  const counted = { windowStartMs: 0, windowEndMs: 86_400_000, booked, days: [{ atMs: 0, amounts: booked }] };
  return [
    sample(budgetKind, newBudget({ id: budgetId, scope: "organization", scopeId: "", period: "day", caps, ...counted })),
    sample(reservationKind, {
      id: next(),
      state: "settled",
      projectId: null,
      requestId: null,
      taskId: null,
      attemptId: null,
      personaKey: "engineering/coder",
      provider: "anthropic",
      model: "a-model",
      reserved: { costMicro: 2_000_000, tokens: 2_000, runs: 1, wallMs: 60_000 },
      used: booked,
      basis: "told",
      lines: [{ budgetId, windowStartMs: 0 }],
      dayStartMs: 0,
      reservedAtMs: 1_000,
      expiresAtMs: 181_000,
      settledAtMs: 5_000,
    }),
    sample(paceKind, {
      ...freshPace(next(), next()),
      requests: { left: 59, atMs: 1_000 },
      waiting: [{ attemptId: next(), projectId: next(), urgency: 1, tokens: 900, sinceMs: 1_000, dueAtMs: 2_000 }],
    }),
    sample(priceKind, {
      id: next(),
      provider: "anthropic",
      model: "a-model",
      fromMs: 1_000,
      currency: "USD",
      inputMicro: 3_000_000,
      outputMicro: 15_000_000,
      cachedMicro: null,
      callMicro: 0,
      rateMicro: 900_000,
      rateAtMs: 1_000,
      source: "the contract",
      setBy: "somebody",
      setAtMs: 1_000,
    }),
  ];
};

const around = (next: () => string, about: { readonly personId: string; readonly requestId: string }): readonly SampleRow[] => [
  sample(noticeKind, {
    id: next(),
    channelId: next(),
    personId: about.personId,
    subjectKind: "request",
    subjectId: about.requestId,
    topic: "due",
    state: "pending",
    epoch: 1,
    handOvers: 0,
    payload: { title: "Due" },
    tries: [],
    failedTries: 0,
    filedAtMs: 1_000,
    heldUntilMs: null,
  }),
  sample(commentKind, {
    id: next(),
    requestId: asId(about.requestId),
    subjectKind: "request",
    subjectId: about.requestId,
    authorId: asId(about.personId),
    state: "posted",
    text: "A word about it.",
    mentions: [],
    postedAtMs: 1_000,
    editedAtMs: null,
  }),
  sample(recurrenceKind, {
    id: next(),
    state: "active",
    ownerId: asId(about.personId),
    requestId: asId(about.requestId),
    draft: {
      title: "Monthly report",
      text: "Write the monthly report",
      urgency: "normal",
      budgetMicro: null,
      deadlineAtMs: null,
      playbook: null,
      inputs: [],
      approveBeforehand: false,
      script: null,
    },
    deadlineAfterMs: null,
    rule: "FREQ=MONTHLY",
    zone: "Europe/Berlin",
    startsAt: "1970-01-01T09:00",
    nextAtMs: 5_000,
    filedCount: 0,
    skippedCount: 0,
    lastFiledId: null,
  }),
];
