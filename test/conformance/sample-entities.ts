import { sprintKind } from "../../src/core/execution/sprint.ts";
import { entityKindOf } from "../../src/core/memory/entity.ts";
import { entityTypeKind } from "../../src/core/memory/entity-type.ts";
import { relationKind } from "../../src/core/memory/relation.ts";
import { tagKind } from "../../src/core/memory/tag.ts";
import { epicKind } from "../../src/core/requests/epic.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { type OversightRows, sample } from "./sample-oversight.ts";

/** One row of every kind of `0010-entities.sql`. */
export function entityRows(
  next: () => string,
  about: { readonly personId: string; readonly requestId: string; readonly projectId: string },
): OversightRows {
  const projectId = asId<"project">(about.projectId);
  const entityId = next();
  return {
    ofOrganization: [
      sample(entityTypeKind, {
        id: next(),
        key: "customer",
        schemaVersion: 1,
        title: "Customer",
        description: "",
        dataSchema: { type: "object", properties: { country: { type: "string" } } },
        definedBy: about.personId,
        definedAtMs: 1_000,
      }),
    ],
    ofProject: [
      sample(entityKindOf, {
        id: entityId,
        projectId,
        typeKey: "customer",
        schemaVersion: 1,
        key: "acme",
        title: "Acme",
        state: "active",
        data: { country: "DE" },
        attachments: [{ name: "contract.pdf", sha256: asId<"sha256">("b".repeat(64)), mediaType: "application/pdf", bytes: 10 }],
        legalHold: null,
        stateMark: null,
        createdAtMs: 1_000,
        updatedAtMs: 1_000,
      }),
      sample(tagKind, {
        id: next(),
        projectId,
        subjectKind: "request",
        subjectId: about.requestId,
        key: "area",
        value: "payments",
        state: "present",
      }),
      sample(relationKind, {
        id: next(),
        projectId,
        fromKind: "entity",
        fromId: entityId,
        role: "ordered",
        toKind: "request",
        toId: about.requestId,
        state: "present",
      }),
      ...workBreakdown(next, about),
    ],
  };
}

const workBreakdown = (next: () => string, about: { readonly personId: string; readonly projectId: string }) => [
  sample(epicKind, {
    id: next(),
    projectId: asId(about.projectId),
    number: 1,
    state: "open",
    title: "Self service",
    goal: "Customers need nobody.",
    ownerId: about.personId,
    dueAtMs: null,
    reason: "",
    openedAtMs: 1_000,
  }),
  sample(sprintKind, {
    id: next(),
    projectId: asId(about.projectId),
    number: 1,
    state: "planning",
    title: "First",
    goal: "Something to show.",
    startsAtMs: 1_000,
    endsAtMs: 9_000,
    capacityHours: 40,
    closing: null,
  }),
];
