import { z } from "zod";
import { countField, executorField, idField, instantField, jsonField, lineField, listOf, microField, nameField } from "./fields.ts";

const keyField = z.string().min(1).max(100);

const rangeField = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("one-of"), values: listOf(jsonField, 100) }),
  z.object({ kind: z.literal("between"), min: z.number(), max: z.number() }),
]);

/** One persona as the vision writes it; what it leaves out gets the library's defaults, what nothing knows is kept as it is. */
export const personaDocument = z.looseObject({
  worldview: z.string().max(500),
  worldviewText: z.string().max(20_000).optional(),
  specializations: listOf(keyField, 100),
  tools: listOf(keyField, 100),
  version: z.number().int().min(1).max(1_000_000).optional(),
  division: keyField.or(z.literal("")).optional(),
  skills: listOf(keyField, 100).optional(),
  languages: listOf(z.string().max(35), 20).optional(),
  checks: listOf(z.object({ id: keyField, kind: z.enum(["rule", "question"]), statement: lineField }), 30).optional(),
  executors: listOf(executorField, 6).optional(),
  attemptsWith: z.partialRecord(executorField, z.number().int().min(1).max(100)).optional(),
  costPerHourMicro: microField.optional(),
  tokenRates: z.object({ inputMicro: microField, outputMicro: microField }).optional(),
  capacity: z.number().int().min(1).max(10_000).optional(),
  limits: z
    .object({
      tools: listOf(keyField, 100).optional(),
      effectKinds: listOf(keyField, 100).optional(),
      ranges: z.record(keyField, z.record(keyField, rangeField)).optional(),
    })
    .optional(),
  reviews: z.object({ divisions: listOf(keyField, 100), skills: listOf(keyField, 100) }).optional(),
  context: z.object({ budgetTokens: countField.optional(), leaveOut: listOf(keyField, 100).optional() }).optional(),
});
export type PersonaDocument = z.infer<typeof personaDocument>;

/** `xvc.personas/1`: also what `POST /api/personas` takes (`schema` may be left out, as in the vision's example). */
export const personaLibrary = z.object({
  schema: z.literal("xvc.personas/1").optional(),
  persona_library: z.record(
    z.string().regex(/^[a-z0-9][a-z0-9_-]{0,99}$/u, "is no persona key: lower-case letters, digits, - and _"),
    personaDocument,
  ),
});
export type PersonaLibrary = z.infer<typeof personaLibrary>;

const reason = z.string().trim().max(2_000);

/** The next version of a persona; `baseVersion` is the one that was looked at. */
export const personaRevision = z.strictObject({ baseVersion: z.number().int().min(1), persona: personaDocument, reason });
export const personaRollback = z.strictObject({ toVersion: z.number().int().min(1), reason });
export const personaReason = z.strictObject({ reason });

/** In which fields two versions of a persona differ; null: it is not there. */
export const fieldChange = z.object({ field: z.string().max(50), before: jsonField.nullable(), after: jsonField.nullable() });
export type FieldChange = z.infer<typeof fieldChange>;

export const personaDiff = z.object({
  schema: z.literal("xvc.persona-diff/1"),
  key: keyField,
  from: countField,
  to: countField,
  changes: listOf(fieldChange, 50),
});
export type PersonaDiff = z.infer<typeof personaDiff>;

export const personaForm = z.enum(["json", "skill", "agent"]);

/** Files by their path inside a folder, `/` between its parts. */
const fileField = z.object({ path: z.string().max(1_000), text: z.string().max(500_000) });

export const personaExport = z.object({ schema: z.literal("xvc.persona-export/1"), files: listOf(fileField, 10) });

/** Files to read personas from: `SKILL.md` folders, Markdown files of agents, `xvc.personas/1`. */
export const personaImport = z.strictObject({ files: listOf(fileField, 1_000) });

export const personaImported = z.object({
  schema: z.literal("xvc.persona-import/1"),
  proposed: listOf(z.object({ id: idField, key: keyField, path: lineField }), 1_000),
  refused: listOf(z.object({ path: lineField, key: z.string().max(100), reason: lineField }), 2_000),
});
export type PersonaImported = z.infer<typeof personaImported>;

/** What waits for a person: shown whole, and without effect. */
export const personaProposal = z.object({
  id: idField,
  key: keyField,
  state: z.enum(["proposed", "accepted", "rejected", "superseded"]),
  source: z.enum(["library", "json", "skill", "agent"]),
  name: nameField,
  persona: personaDocument,
  notices: listOf(lineField, 50),
  /** Null: the organization has no such persona. */
  currentVersion: countField.nullable(),
  changes: listOf(fieldChange, 50),
  proposedBy: lineField,
  proposedAtMs: instantField,
  decidedBy: lineField.nullable(),
  decidedAtMs: instantField.nullable(),
  reason: z.string().max(2_000),
});
export type PersonaProposalDocument = z.infer<typeof personaProposal>;

export const personaProposals = z.object({ schema: z.literal("xvc.persona-proposals/1"), items: listOf(personaProposal, 500) });
export type PersonaProposalsDocument = z.infer<typeof personaProposals>;

export const personaAcceptance = z.strictObject({ tools: listOf(keyField, 100), reason: reason.optional() });

/** What a skill means in words that others use too. */
export const skillMeaning = z.object({ skill: keyField, elements: listOf(z.object({ id: z.string().max(20), name: lineField }), 10) });
