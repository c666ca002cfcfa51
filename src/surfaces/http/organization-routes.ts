import { personaDocumentOf } from "../../core/personas/persona-document.ts";
import { personaKind } from "../../core/personas/persona.ts";
import { type Playbook, playbookKind } from "../../core/planning/plan.ts";
import { readPlaybook } from "../../core/planning/read-playbook.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import { commandAnswer } from "../../contract/fields.ts";
import { type PersonaDocument, type PersonaLibrary, personaLibrary } from "../../contract/persona-contract.ts";
import {
  type PlaybookBody,
  type PlaybookSummary,
  playbookDetail,
  playbookBody,
  playbooksDocument,
} from "../../contract/playbook-contract.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies } from "./http-dependencies.ts";
import { readDocument } from "./persona-change-routes.ts";
import { answerOf, command, reading } from "./references.ts";

const maxListed = 1_000;

const listPersonas = endpoint({
  method: "get",
  path: "/api/personas",
  summary: "The persona library",
  past: true,
  answer: personaLibrary,
  run: async (use, { member }) => {
    const personas = await reading(use, member, (reader) => reader.find(personaKind, { limit: maxListed }));
    return {
      schema: "xvc.personas/1" as const,
      // A document of a persona is what the contract says.
      persona_library: Object.fromEntries(personas.map((persona) => [persona.key, personaDocumentOf(persona) as PersonaDocument])),
    };
  },
});

const addPersonaLibrary = endpoint({
  method: "post",
  path: "/api/personas",
  summary: "Add personas, or new versions of them",
  body: personaLibrary,
  answer: commandAnswer,
  status: 201,
  run: addPersonas,
});

const listPlaybooks = endpoint({
  method: "get",
  path: "/api/playbooks",
  summary: "Playbooks, the latest version of each",
  past: true,
  answer: playbooksDocument,
  run: async (use, { member }) => ({
    schema: "xvc.playbooks/1" as const,
    items: (await latestPlaybooks(use, member)).map(playbookSummary),
  }),
});

const showPlaybook = endpoint({
  method: "get",
  path: "/api/playbooks/{reference}",
  summary: "One playbook with its plan",
  past: true,
  answer: playbookDetail,
  run: async (use, { member, reference }) => {
    const found = (await latestPlaybooks(use, member)).find((playbook) => playbook.name === reference || playbook.id === reference);
    if (found === undefined)
      throw new Failure("not-found", "playbook.not-found", {
        message: `There is no playbook ${reference}. xvc playbook list shows them.`,
      });
    return { ...playbookSummary(found), schema: "xvc.playbook-view/1" as const, plan: found.plan };
  },
});

const addPlaybookVersion = endpoint({
  method: "post",
  path: "/api/playbooks",
  summary: "Add a version of a playbook",
  body: playbookBody,
  answer: commandAnswer,
  status: 201,
  run: addPlaybook,
});

/** What belongs to the whole organization: personas and playbooks. */
export const organizationRoutes = (): readonly Endpoint[] => [
  listPersonas,
  addPersonaLibrary,
  listPlaybooks,
  showPlaybook,
  addPlaybookVersion,
];

/** Personas added in one call. */
const maxAdded = 200;

/** What a library may leave out: people do the work, and cost is not known. */
const personaFields = (key: string, persona: PersonaLibrary["persona_library"][string]) =>
  readDocument(key, { skills: persona.specializations, division: "engineering", ...persona });

async function addPersonas(use: HttpDependencies, call: Call<unknown, PersonaLibrary>) {
  const personas = Object.entries(call.body.persona_library);
  if (personas.length === 0 || personas.length > maxAdded)
    throw new Failure("invalid", "persona.count", {
      message: `A library holds 1 to ${maxAdded} personas; this one has ${personas.length}.`,
    });
  requireLead(call);
  const added: JsonObject[] = [];
  for (const [key, persona] of personas) {
    // Each persona is a command of its own, under a key of its own: sent again, those that were added stay as they are.
    added.push(
      await command(
        use,
        { member: call.member, key: `${call.key}:${key}` },
        { projectId: null, command: { kind: "add-persona", persona: personaFields(key, persona) } },
      ),
    );
  }
  return answerOf(
    { id: added[0]?.["id"] ?? "", keys: personas.map(([key]) => key) },
    { message: `${added.length} ${added.length === 1 ? "persona" : "personas"} added` },
  );
}

function requireLead(call: Call<unknown, unknown>): void {
  const { roles } = call.member.person;
  if (roles.some((role) => role === "administrator" || role === "director" || role === "lead")) return;
  throw new Failure("forbidden", "library.wrong-role", {
    message: `Changing the library needs one of the roles lead, director, administrator; you have ${roles.join(", ") || "none"}.`,
  });
}

async function addPlaybook(use: HttpDependencies, call: Call<unknown, PlaybookBody>) {
  requireLead(call);
  const read = readPlaybook(call.body as Json); // JSON by the contract
  if (read.kind === "problems")
    throw new Failure("invalid", "playbook.unsound", { message: read.problems.slice(0, 5).join(" "), problems: [...read.problems] });
  const answer = await command(use, call, { projectId: null, command: { kind: "add-playbook", playbook: read.playbook } });
  return answerOf(answer, { label: `${read.playbook.name}@${read.playbook.playbookVersion}` });
}

async function latestPlaybooks(use: HttpDependencies, member: Call<unknown, unknown>["member"]): Promise<readonly Playbook[]> {
  const rows = await reading(use, member, (reader) => reader.find(playbookKind, { limit: maxListed }));
  const latest = new Map<string, Playbook>();
  for (const row of rows) if ((latest.get(row.name)?.playbookVersion ?? 0) < row.playbookVersion) latest.set(row.name, row);
  return [...latest.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function playbookSummary({ id, name, playbookVersion, division, matches, inputs, plan }: Playbook): PlaybookSummary {
  const tasks = plan["decomposition"];
  return {
    id,
    name,
    version: playbookVersion,
    division,
    matches,
    inputs: inputs.map((input) => ({ ...input })),
    taskCount: Array.isArray(tasks) ? tasks.length : 0,
  };
}
