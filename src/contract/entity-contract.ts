import { z } from "zod";
import {
  countField,
  idField,
  instantField,
  jsonObjectField,
  lineField,
  listOf,
  nameField,
  oneOrMore,
  pageOf,
  pageQuery,
  performerDocument,
  referenceField,
  sha256Field,
  textField,
} from "./fields.ts";

const plainKey = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/u, "is lower case letters, digits, dots and dashes, at most 80");
const labelKey = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/u, "is lower case letters, digits, dots and dashes, at most 40");
const versionField = z.number().int().min(1).max(1_000_000_000);
const entityStateField = z.enum(["active", "archived", "deleted", "purged"]);
const reasonField = z.string().trim().min(1, "is empty: say why").max(4_000);

/** A kind of row by the name of its table. */
const subjectKindField = z.string().regex(/^[a-z][a-z_]{0,39}$/u, "is no kind such as request, task or entity");

export const tagDocument = z.object({ key: z.string().max(40), value: z.string().max(200) });
export type TagDocument = z.infer<typeof tagDocument>;

export const namedSubjectDocument = z.object({ kind: subjectKindField, id: idField, title: lineField });

export const relationDocument = z.object({
  id: idField,
  role: z.string().max(40),
  direction: z.enum(["from", "to"]),
  other: namedSubjectDocument,
});
export type RelationDocument = z.infer<typeof relationDocument>;

export const entityRowDocument = z.object({
  id: idField,
  label: z.string().max(200),
  project: z.string().max(50),
  typeKey: z.string().max(80),
  schemaVersion: countField,
  key: z.string().max(80),
  title: lineField,
  state: entityStateField,
  /** Under a legal hold. */
  held: z.boolean(),
  tags: listOf(tagDocument, 100),
  version: countField,
  createdAtMs: instantField,
  updatedAtMs: instantField,
});
export type EntityRowDocument = z.infer<typeof entityRowDocument>;

export const entitiesDocument = pageOf("xvc.entities/1", entityRowDocument);
export type EntitiesDocument = z.infer<typeof entitiesDocument>;

const markDocument = z.object({ reason: textField, by: performerDocument, atMs: instantField });

const artifactDocument = z.object({
  name: z.string().max(200),
  sha256: sha256Field,
  mediaType: z.string().max(200),
  bytes: countField,
});

export const entityDocument = entityRowDocument.extend({
  schema: z.literal("xvc.entity/1"),
  type: z.object({ title: lineField, description: textField, dataSchema: jsonObjectField, latestVersion: countField }),
  data: jsonObjectField,
  attachments: listOf(artifactDocument, 100),
  relations: listOf(relationDocument, 1_000),
  legalHold: markDocument.nullable(),
  stateMark: markDocument.nullable(),
  contentSha256: sha256Field.nullable(),
  mayChange: z.boolean(),
  maySteward: z.boolean(),
});
export type EntityDocument = z.infer<typeof entityDocument>;

const typeRow = z.object({
  key: z.string().max(80),
  title: lineField,
  description: textField,
  schemaVersion: countField,
  count: countField,
});

export const entityTypesDocument = z.object({
  schema: z.literal("xvc.entity-types/1"),
  items: listOf(typeRow, 200),
  mayDefine: z.boolean(),
});
export type EntityTypesDocument = z.infer<typeof entityTypesDocument>;

export const entityTypeDocument = typeRow.extend({
  schema: z.literal("xvc.entity-type/1"),
  mayDefine: z.boolean(),
  versions: listOf(
    z.object({
      schemaVersion: countField,
      title: lineField,
      dataSchema: jsonObjectField,
      definedBy: performerDocument,
      definedAtMs: instantField,
    }),
    100,
  ),
});
export type EntityTypeDocument = z.infer<typeof entityTypeDocument>;

/** `area=payments`, or several with a comma and the next key between them. */
const tagsField = z
  .string()
  .max(1_000)
  .transform((text) => text.split(/,(?=[a-z0-9][a-z0-9._-]*(?:=|,|$))/u).map((part) => part.trim()));

/** `country=DE`, `address.city=Berlin`, `seats=3`; several as tags are. A value that reads as JSON is one. */
const fieldsField = z
  .string()
  .max(2_000)
  .transform((text) => text.split(/,(?=[A-Za-z0-9_.-]+=)/u).map((part) => part.trim()));

/** `GET /api/entities`. */
export const entitiesQuery = pageQuery.extend({
  project: z.string().max(60).optional(),
  type: plainKey.optional(),
  key: plainKey.optional(),
  state: oneOrMore(entityStateField).optional(),
  tag: tagsField.optional(),
  field: fieldsField.optional(),
  /** Id of what they are related with. */
  related: idField.optional(),
  role: labelKey.optional(),
  text: z.string().trim().min(1).max(200).optional(),
  sort: z.enum(["newest", "oldest", "updated"]).optional(),
});

/** `POST /api/entity-types`. */
export const entityTypeBody = z.strictObject({
  key: plainKey,
  title: nameField,
  description: z.string().trim().max(2_000).optional(),
  dataSchema: jsonObjectField,
  /** The latest version that was read; 0 or absent: the type is new. */
  expectedSchemaVersion: z.number().int().min(0).max(1_000_000).optional(),
});
export type EntityTypeBody = z.infer<typeof entityTypeBody>;

/** `POST /api/entities`. */
export const entityBody = z.strictObject({
  project: z.string().max(60).optional(),
  type: plainKey,
  schemaVersion: versionField.optional(),
  key: plainKey.optional(),
  title: z.string().trim().min(1, "is empty").max(300),
  data: jsonObjectField.optional(),
});
export type EntityBody = z.infer<typeof entityBody>;

/** `POST /api/entities/:reference/change`: only what is named changes. */
export const entityChangeBody = z.strictObject({
  /** The version that was read; If-Match does as well. */
  version: versionField.optional(),
  title: z.string().trim().min(1, "is empty").max(300).optional(),
  set: jsonObjectField.optional(),
  unset: listOf(z.string().min(1).max(200), 200).optional(),
  schemaVersion: versionField.optional(),
});
export type EntityChangeBody = z.infer<typeof entityChangeBody>;

/** Archive, restore, delete, purge, hold and release. */
export const entityReasonBody = z.strictObject({ version: versionField.optional(), reason: reasonField });
export type EntityReasonBody = z.infer<typeof entityReasonBody>;

export const attachBody = z.strictObject({ version: versionField.optional(), ...artifactDocument.shape });
export const detachBody = z.strictObject({ version: versionField.optional(), name: z.string().min(1).max(200) });

/** A thing of any kind: its kind, and its id or the label people use for it. */
const subjectBody = z.strictObject({ kind: subjectKindField, id: referenceField });

/** `POST /api/tags` and `POST /api/tags/remove`. */
export const tagBody = z.strictObject({
  subject: subjectBody,
  key: labelKey,
  value: z.string().trim().max(200).optional(),
  /** For what belongs to the organization: the project that says so. */
  project: z.string().max(60).optional(),
});
export type TagBody = z.infer<typeof tagBody>;

/** `POST /api/relations` and `POST /api/relations/remove`. */
export const relationBody = z.strictObject({ from: subjectBody, role: labelKey, to: subjectBody, project: z.string().max(60).optional() });
export type RelationBody = z.infer<typeof relationBody>;

export const marksQuery = z.object({ kind: subjectKindField, id: referenceField });

export const marksDocument = z.object({
  schema: z.literal("xvc.marks/1"),
  subject: namedSubjectDocument,
  tags: listOf(tagDocument, 100),
  relations: listOf(relationDocument, 1_000),
  /** The epic of a request, the sprint of a task. */
  partOf: namedSubjectDocument.extend({ label: z.string().max(60) }).nullable(),
});
export type MarksDocument = z.infer<typeof marksDocument>;

export const tagUsesDocument = z.object({
  schema: z.literal("xvc.tags/1"),
  items: listOf(tagDocument.extend({ count: countField }), 1_000),
});
export type TagUsesDocument = z.infer<typeof tagUsesDocument>;

export const tagUsesQuery = z.object({ kind: subjectKindField.optional(), project: z.string().max(60).optional() });

export const taggedQuery = pageQuery.extend({
  tag: z.string().trim().min(1).max(250),
  kind: subjectKindField.optional(),
  project: z.string().max(60).optional(),
});

export const taggedDocument = pageOf("xvc.tagged/1", namedSubjectDocument);
