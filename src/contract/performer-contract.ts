import { z } from "zod";
import { countField, executorField, idField, instantField, lineField, listOf, microField } from "./fields.ts";
import { personaDocument, personaProposal, skillMeaning } from "./persona-contract.ts";
import { intervalDocument } from "./metrics-contract.ts";

/** What a performer has on hand now. */
const loadDocument = z.object({ onHand: countField, running: countField, held: countField });

/** First-pass yield: of submissions judged in their first round, the share that passed. */
export const qualityDocument = z.object({
  n: countField,
  fewest: countField,
  /** Null below `fewest`. */
  share: z.number().min(0).max(1).nullable(),
  interval: intervalDocument.nullable(),
});
export type QualityDocument = z.infer<typeof qualityDocument>;

export const staffPerson = z.object({
  id: idField,
  name: lineField,
  roles: listOf(z.string().max(50), 10),
  load: loadDocument,
  quality: qualityDocument,
});
export type StaffPerson = z.infer<typeof staffPerson>;

export const staffTeam = z.object({ id: idField, name: lineField, leadId: idField.nullable(), memberIds: listOf(idField, 1_000) });
export type StaffTeam = z.infer<typeof staffTeam>;

export const staffPersona = z.object({
  key: z.string().max(100),
  division: z.string().max(100),
  version: countField,
  worldview: z.string().max(500),
  specializations: listOf(z.string().max(100), 100),
  skills: listOf(z.string().max(100), 100),
  executors: listOf(executorField, 6),
  capacity: countField,
  load: loadDocument,
  quality: qualityDocument,
});
export type StaffPersona = z.infer<typeof staffPersona>;

/** `GET /api/staff`: everybody who can do work, people and personas. */
export const staffDocument = z.object({
  schema: z.literal("xvc.staff/1"),
  people: listOf(staffPerson, 2_000),
  teams: listOf(staffTeam, 200),
  personas: listOf(staffPersona, 1_000),
  /** Of the newest judged submissions at most this many were counted, over this many days. */
  newest: countField,
  days: countField,
});
export type StaffDocument = z.infer<typeof staffDocument>;

/** One recorded version of a persona, the newest first. */
export const personaVersion = z.object({
  version: countField,
  atMs: instantField,
  by: lineField,
  /** Names of the fields that differ from the version before; empty for the first. */
  changed: listOf(z.string().max(50), 20),
  /** Why; empty: nobody had to say. */
  reason: z.string().max(4_000),
});

/** One attempt of a performer. */
export const workDocument = z.object({
  attemptId: idField,
  taskLabel: z.string().max(200),
  title: lineField,
  number: countField,
  state: z.string().max(50),
  executor: executorField,
  startedAtMs: instantField.nullable(),
  endedAtMs: instantField.nullable(),
  rehearsal: z.boolean(),
});
export type WorkDocument = z.infer<typeof workDocument>;

/** `GET /api/personas/{reference}`: one persona whole. */
export const personaDetail = staffPersona.extend({
  schema: z.literal("xvc.persona/1"),
  /** Everything that it says, as it is exported. */
  document: personaDocument,
  /** Its skills in the words of O*NET; a word of its own has none. */
  meanings: listOf(skillMeaning, 100),
  retired: z.boolean(),
  libraryVersion: countField.nullable(),
  /** New versions that wait for a person. */
  proposals: listOf(personaProposal, 500),
  tools: listOf(z.string().max(100), 100),
  costPerHourMicro: microField,
  currency: z.string().max(10),
  versions: listOf(personaVersion, 50),
  work: listOf(workDocument, 50),
});
export type PersonaDetail = z.infer<typeof personaDetail>;

/** `GET /api/divisions`: what each function of the organization has. */
export const divisionDocument = z.object({
  key: z.string().max(100),
  name: lineField,
  purpose: lineField,
  personas: listOf(z.string().max(100), 1_000),
  playbooks: listOf(z.object({ name: lineField, version: countField, taskCount: countField }), 1_000),
  /** Tasks that this installation does by rules alone. */
  ruleTasks: listOf(z.string().max(100), 1_000),
});
export type DivisionDocument = z.infer<typeof divisionDocument>;

export const divisionsDocument = z.object({ schema: z.literal("xvc.divisions/1"), items: listOf(divisionDocument, 50) });
export type DivisionsDocument = z.infer<typeof divisionsDocument>;
