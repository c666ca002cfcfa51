import { eventName, found, type Lookup, nameOf, text, texts } from "../lookup.ts";
import type { EventRow, Finding, StateRow, World } from "../world.ts";

/** Fields that name a row, and the kind they name. */
const references: { readonly [field: string]: string } = {
  requestId: "request",
  planId: "plan",
  taskId: "task",
  attemptId: "attempt",
  deliverableId: "deliverable",
  requesterId: "person",
  delegateId: "person",
};

const listReferences: { readonly [field: string]: string } = { dependsOn: "task", dependents: "task", excludedPersonIds: "person" };

const projectKinds = new Set([
  "request",
  "plan",
  "task",
  "attempt",
  "review",
  "effect",
  "inbox_item",
  "capability",
  "standing_grant",
  "tool_call",
  "decision",
  "clock",
  "deliverable",
  "notice",
  "comment",
  "fact",
  "recurrence",
  "entity",
  "tag",
  "relation",
  "turn",
  "qualification",
  "epic",
  "sprint",
]);

/** I10: no row, event or version belongs to one project and points into another. */
export function checkProjects(lookup: Lookup): readonly Finding[] {
  const places = Map.groupBy(lookup.world.rows, (row) => `${row.kind}/${row.id}`);
  return [
    ...lookup.world.rows.flatMap((row) => [...checkPlace(lookup, row), ...checkReferences(lookup, row)]),
    ...[...places.values()].filter((rows) => rows.length > 1).map((rows) => twice(lookup, rows)),
    ...lookup.world.events.flatMap((event) => checkEvent(lookup, event)),
    ...checkVersions(lookup),
  ];
}

function twice(lookup: Lookup, rows: readonly StateRow[]): Finding {
  const [first, ...others] = rows;
  if (first === undefined) throw new Error("A group without a row.");
  return found("I10", `One id is a ${first.kind} in ${String(rows.length)} places.`, { lookup, row: first, others: others.map(nameOf) });
}

function checkPlace(lookup: Lookup, row: StateRow): readonly Finding[] {
  const findings: Finding[] = [];
  if (projectKinds.has(row.kind) !== (row.projectId !== null))
    findings.push(
      found("I10", `A ${row.kind} ${row.projectId === null ? "has no project" : "has a project of its own"}.`, { lookup, row }),
    );
  if (row.projectId !== null && lookup.row(row.organizationId, "project", row.projectId) === undefined)
    findings.push(found("I10", `A ${row.kind} belongs to a project that its organization does not have.`, { lookup, row }));
  if (row.kind === "request" && text(row, "projectId") !== "" && text(row, "projectId") !== row.projectId)
    findings.push(found("I10", "A request names another project than the one it is in.", { lookup, row }));
  return findings;
}

function checkReferences(lookup: Lookup, row: StateRow): readonly Finding[] {
  const single = Object.entries(references).flatMap(([field, kind]) =>
    typeof row.fields[field] === "string" ? [{ field, kind, id: text(row, field) }] : [],
  );
  const many = Object.entries(listReferences).flatMap(([field, kind]) => texts(row, field).map((id) => ({ field, kind, id })));
  const subjectKind = text(row, "subjectKind");
  const subject = projectKinds.has(subjectKind) ? [{ field: "subjectId", kind: subjectKind, id: text(row, "subjectId") }] : [];
  return [...single, ...many, ...subject].flatMap(({ field, kind, id }) => {
    const target = lookup.row(row.organizationId, kind, id);
    if (target === undefined)
      return [
        found("I10", `The ${field} of a ${row.kind} names no ${kind} of its organization.`, { lookup, row, others: [`${kind}/${id}`] }),
      ];
    // What is spent belongs to no project, so that one budget counts for all, and names the one it was spent in.
    const home = row.projectId ?? (row.kind === "reservation" ? text(row, "projectId") : null);
    if (target.projectId === null || target.projectId === home) return [];
    return [found("I10", `The ${field} of a ${row.kind} names a ${kind} of another project.`, { lookup, row, others: [nameOf(target)] })];
  });
}

function checkEvent(lookup: Lookup, event: EventRow): readonly Finding[] {
  const subject = lookup.row(event.organizationId, event.subjectKind, event.subjectId);
  if (subject === undefined || subject.projectId === null || subject.projectId === event.projectId) return [];
  return [
    {
      invariant: "I10",
      message: `An event "${event.kind}" is in another project than the ${event.subjectKind} it is about.`,
      rows: [eventName(event), nameOf(subject)],
      prefix: [event],
    },
  ];
}

function checkVersions(lookup: Lookup): readonly Finding[] {
  return lookup.world.history.flatMap((version) => {
    const row = lookup.row(version.organizationId, version.kind, version.id);
    return row === undefined || row.projectId === version.projectId
      ? []
      : [found("I10", `A version of a ${version.kind} is in another project than the row.`, { lookup, row, others: [nameOf(version)] })];
  });
}

/** I13: texts that stand for secrets appear nowhere, plainly, reversed, in base64 or in hex. */
export function checkCanaries(world: World, canaries: readonly string[]): readonly Finding[] {
  const forms = canaries.flatMap((canary) => [
    canary,
    canary.split("").toReversed().join(""),
    Buffer.from(canary).toString("base64").replace(/=+$/u, ""),
    Buffer.from(canary).toString("hex"),
  ]);
  const places = [
    ...world.rows.map((row) => ({ name: nameOf(row), value: row.fields })),
    ...world.history.map((row) => ({ name: `history/${nameOf(row)}`, value: row.fields })),
    ...world.events.map((event) => ({ name: eventName(event), value: event.data })),
    ...world.commands.map((command) => ({ name: `command/${command.key}`, value: command.outcome })),
    ...(world.engine ?? []).map((job) => ({ name: `engine/${job.id}`, value: { id: job.id } })),
  ];
  if (forms.length === 0) return [];
  return places.flatMap(({ name, value }) => {
    const stored = JSON.stringify(value);
    return forms.some((form) => stored.includes(form))
      ? [{ invariant: "I13", message: "A secret is stored outside the vault.", rows: [name], prefix: [] } as const]
      : [];
  });
}
