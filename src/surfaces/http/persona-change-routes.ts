import { z } from "zod";
import { exportPersona } from "../../core/personas/export-files.ts";
import { readImport } from "../../core/personas/import-files.ts";
import { type PersonaFields, readPersona } from "../../core/personas/read-library.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import { findPersona, personaDiffView, proposalsView } from "../../engine/personas/proposal-view.ts";
import { commandAnswer } from "../../contract/fields.ts";
import {
  type PersonaDocument,
  type PersonaImported,
  personaAcceptance,
  personaDiff,
  personaExport,
  personaForm,
  personaImport,
  personaImported,
  personaProposals,
  personaReason,
  personaRevision,
  personaRollback,
} from "../../contract/persona-contract.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies } from "./http-dependencies.ts";
import { answerOf, command, reading } from "./references.ts";

/** Changing personas: versions, what comes in from outside, what goes out. */
export const personaChangeRoutes = (): readonly Endpoint[] => [...versionRoutes(), ...proposalRoutes(), showExport, takeImport];

const said = (value: Json | undefined): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** @throws {Failure} `persona.document-unreadable` with everything that is wrong */
export function readDocument(key: string, document: PersonaDocument): PersonaFields {
  const read = readPersona(key, document as Json); // it was parsed as JSON
  const [persona] = read.personas;
  if (persona === undefined)
    throw new Failure("invalid", "persona.document-unreadable", {
      message: read.problems.slice(0, 5).join(" "),
      problems: [...read.problems],
    });
  return persona;
}

const versionRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/personas/{reference}/diff",
    summary: "In which fields two versions of a persona differ; without versions the latest and the one before",
    query: z.object({ from: z.coerce.number().int().min(1).optional(), to: z.coerce.number().int().min(1).optional() }),
    answer: personaDiff,
    run: (use, { member, reference, query }) => reading(use, member, (reader) => personaDiffView(reader, reference, query)),
  }),
  endpoint({
    method: "post",
    path: "/api/personas/{reference}/revise",
    summary: "Write the next version of a persona",
    body: personaRevision,
    answer: commandAnswer,
    run: async (use, call) => {
      const { baseVersion, reason } = call.body;
      const { key } = await reading(use, call.member, (reader) => findPersona(reader, call.reference));
      const persona = readDocument(key, call.body.persona);
      const told = await command(use, call, {
        projectId: null,
        command: { kind: "revise-persona", key: call.reference, baseVersion, persona, reason },
      });
      return answerOf(told, { message: `${call.reference} is at version ${said(told["personaVersion"])} now` });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/personas/{reference}/roll-back",
    summary: "Make what an earlier version said the next version",
    body: personaRollback,
    answer: commandAnswer,
    run: async (use, call) => {
      const told = await command(use, call, {
        projectId: null,
        command: { kind: "roll-back-persona", key: call.reference, ...call.body },
      });
      return answerOf(told, { message: `Version ${said(told["personaVersion"])} says what version ${call.body.toVersion} said` });
    },
  }),
  ...(["retire", "restore"] as const).map((act) =>
    endpoint({
      method: "post",
      path: `/api/personas/{reference}/${act}`,
      summary: act === "retire" ? "Give a persona no new work" : "Let a retired persona work again",
      body: personaReason,
      answer: commandAnswer,
      run: async (use, call) =>
        answerOf(
          await command(use, call, {
            projectId: null,
            command: { kind: `${act}-persona`, key: call.reference, reason: call.body.reason },
          }),
          { message: act === "retire" ? `${call.reference} gets no new work` : `${call.reference} works again` },
        ),
    }),
  ),
];

const proposalRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/persona-proposals",
    summary: "Personas that came from outside or with a newer library, and wait for a person",
    answer: personaProposals,
    run: async (use, { member }) => ({
      schema: "xvc.persona-proposals/1" as const,
      items: [...(await reading(use, member, (reader) => proposalsView(reader)))] as never, // documents of personas are those of the contract
    }),
  }),
  endpoint({
    method: "post",
    path: "/api/persona-proposals/{reference}/accept",
    summary: "Take a proposed persona into the library, with those of its tools that are named",
    body: personaAcceptance,
    answer: commandAnswer,
    run: async (use, call) => {
      const { tools, reason = "" } = call.body;
      const told = await command(use, call, {
        projectId: null,
        command: { kind: "accept-persona", proposalId: call.reference, tools, reason },
      });
      return answerOf(told, { message: `${said(told["key"])} is in the library, version ${said(told["personaVersion"])}` });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/persona-proposals/{reference}/reject",
    summary: "Reject a proposed persona",
    body: personaReason,
    answer: commandAnswer,
    run: async (use, call) =>
      answerOf(
        await command(use, call, {
          projectId: null,
          command: { kind: "reject-persona", proposalId: call.reference, reason: call.body.reason },
        }),
        { message: "The proposal is rejected" },
      ),
  }),
];

const showExport = endpoint({
  method: "get",
  path: "/api/personas/{reference}/export",
  summary: "A persona as xvc.personas/1, as a folder with SKILL.md, or as an agent's Markdown file",
  past: true,
  query: z.object({ form: personaForm.optional() }),
  answer: personaExport,
  run: async (use, { member, reference, query }) => {
    const persona = await reading(use, member, (reader) => findPersona(reader, reference));
    return { schema: "xvc.persona-export/1" as const, files: [...exportPersona(persona, query.form ?? "json")] };
  },
});

const takeImport = endpoint({
  method: "post",
  path: "/api/persona-imports",
  summary: "Propose personas from files: SKILL.md folders, Markdown files of agents, xvc.personas/1",
  body: personaImport,
  answer: personaImported,
  status: 201,
  run: proposeAll,
});

type Refused = { readonly path: string; readonly key: string; readonly reason: string };

/** Each persona is a proposal of its own; one that is refused says why and holds up no other. */
async function proposeAll(use: HttpDependencies, call: Call<unknown, z.output<typeof personaImport>>): Promise<PersonaImported> {
  const proposed: PersonaImported["proposed"][number][] = [];
  const refused: Refused[] = [];
  for (const { path, source, personas, notices, problems } of readImport(call.body.files, use.readYaml)) {
    refused.push(...problems.map((reason) => ({ path, key: "", reason: reason.slice(0, 1_000) })));
    for (const persona of personas) {
      const told = await propose(use, call, { kind: "propose-persona", source, name: path, persona, notices });
      if ("reason" in told) refused.push({ path, key: persona.key, reason: told.reason });
      else proposed.push({ id: told.id, key: persona.key, path });
    }
  }
  return { schema: "xvc.persona-import/1", proposed, refused: refused.slice(0, 2_000) };
}

type Proposal = Extract<Parameters<typeof command>[2]["command"], { readonly kind: "propose-persona" }>;

async function propose(
  use: HttpDependencies,
  call: Call<unknown, unknown>,
  sent: Proposal,
): Promise<{ readonly id: string } | { readonly reason: string }> {
  try {
    const key = `${call.key}:${sent.name}:${sent.persona.key}`;
    const told = await command(use, { member: call.member, key }, { projectId: null, command: sent });
    return { id: said(told["id"]) };
  } catch (error) {
    // What is said to one persona is said in its line; a missing right or a fault of ours ends the import.
    if (error instanceof Failure && ["conflict", "invalid", "exhausted"].includes(error.kind)) return { reason: error.message };
    throw error;
  }
}
