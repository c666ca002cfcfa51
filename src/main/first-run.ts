import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { userInfo } from "node:os";
import { organizationKindOf, personKind, projectKindOf } from "../core/oversight/person.ts";
import type { PlaybookFields } from "../core/planning/decide-organization.ts";
import { sameDocument } from "../core/personas/persona-document.ts";
import { personaKind } from "../core/personas/persona.ts";
import { type PersonaFields, readLibrary } from "../core/personas/read-library.ts";
import { readPlaybook } from "../core/planning/read-playbook.ts";
import { Failure } from "../core/shared/failure.ts";
import { type OrganizationId, asId } from "../core/shared/ids.ts";
import type { Json } from "../core/shared/json.ts";
import { unnamedOrganization } from "../contract/organization-name.ts";
import type { Command } from "../engine/shared/commands.ts";
import { hasMovedOn } from "../engine/shared/refusal.ts";
import type { System } from "./open-system.ts";
import { shippedSuites } from "./shipped-suites.ts";

/** The first organization of an installation has this id, so that two first starts at once found only one. */
export const firstOrganizationId: OrganizationId = asId("0190a000-0000-7000-8000-000000000001");
const firstPersonId = "0190a000-0000-7000-8000-000000000002";
const firstProjectId = "0190a000-0000-7000-8000-000000000003";

/** Members among whom an administrator is looked for. */
const maxLooked = 2_000;

export interface Home {
  readonly organizationId: OrganizationId;
  /** An administrator: programs of this machine act in this name. */
  readonly personId: string;
  readonly projectId: string;
}

/** Founds the organization at the first start and brings the shipped personas and playbooks up to date at every one. */
export async function ensureHome(system: Pick<System, "engine" | "store">): Promise<Home> {
  const scope = { organizationId: firstOrganizationId, projectIds: [] };
  const known = await system.store.read(scope, (reader) => reader.get(organizationKindOf, firstOrganizationId));
  if (known === undefined) {
    await ensure(system, "first-run:organization", {
      kind: "found-organization",
      id: firstOrganizationId,
      name: unnamedOrganization,
      currency: "EUR",
      person: { id: firstPersonId, name: accountName(), email: null },
    });
    await ensure(system, "first-run:project", {
      kind: "create-project",
      id: firstProjectId,
      key: "WORK",
      name: "Work",
      mode: "real",
      clockAtMs: null,
    });
  }
  await ensure(system, "library:policies:1", { kind: "install-policies" });
  await ensureLibrary(system);
  const people = await system.store.read(scope, (reader) => reader.find(personKind, { where: { state: "active" }, limit: maxLooked }));
  const person = people.find((one) => one.roles.includes("administrator"));
  const [project] = await system.store.read(scope, (reader) =>
    reader.find(projectKindOf, { where: { mode: "real", state: "active" }, limit: 1 }),
  );
  if (person === undefined || project === undefined)
    throw new Failure("bug", "first-run.incomplete", { message: "The first organization has no person or no project." });
  return { organizationId: firstOrganizationId, personId: person.id, projectId: project.id };
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return "Owner"; // an account without a passwd entry has no name
  }
}

/** The playbooks, personas and suites that ship with the divisions, as commands keyed by name and version. */
async function ensureLibrary(system: Pick<System, "engine" | "store">): Promise<void> {
  const divisions = path.join(import.meta.dirname, "..", "divisions");
  for (const division of shippedDivisions) await ensurePersonas(system, await shippedPersonas(path.join(divisions, division)));
  for (const playbook of await shippedPlaybooks(path.join(divisions, "engineering")))
    await ensure(system, `library:playbook:${playbook.name}:${playbook.playbookVersion}`, { kind: "add-playbook", playbook });
  for (const suite of await shippedSuites(path.join(divisions, "engineering")))
    await ensure(system, `library:suite:${suite.key}:${suite.suiteVersion}`, { kind: "add-suite", suite });
}

/** Divisions with personas of their own, in the order in which they come into a new organization. */
const shippedDivisions = ["engineering", "management", "policy", "legal", "support", "executive"] as const;

/** Most personas of an organization that are looked at. */
const maxPersonas = 1_000;

/**
 * A persona that the organization never had is added. A newer one than it was brought to is proposed: what people have made of a
 * persona is never overwritten, and one that they retired stays retired.
 */
export async function ensurePersonas(system: Pick<System, "engine" | "store">, shipped: readonly PersonaFields[]): Promise<void> {
  const scope = { organizationId: firstOrganizationId, projectIds: [] };
  const rows = await system.store.read(scope, (reader) => reader.find(personaKind, { limit: maxPersonas }));
  for (const persona of shipped) {
    const row = rows.find(({ key }) => key === persona.key);
    const libraryVersion = persona.personaVersion;
    const key = `${persona.key}:${libraryVersion}`;
    if (row === undefined) await ensure(system, `library:persona:${key}`, { kind: "add-persona", persona: { ...persona, libraryVersion } });
    else if ((row.libraryVersion ?? 0) < libraryVersion && !sameDocument(row, persona))
      await ensure(system, `library:proposal:${key}`, {
        kind: "propose-persona",
        source: "library",
        name: `library, version ${libraryVersion}`,
        persona,
        notices: [],
      });
  }
}

export async function shippedPersonas(directory: string): Promise<readonly PersonaFields[]> {
  const raw = JSON.parse(await readFile(path.join(directory, "personas.json"), "utf8")) as Json; // JSON.parse gives JSON
  const read = readLibrary(raw);
  if (read.problems.length > 0) throw new Failure("bug", "library.bad-personas", { message: read.problems.join(" ") });
  return read.personas;
}

export async function shippedPlaybooks(directory: string): Promise<readonly PlaybookFields[]> {
  const folder = path.join(directory, "playbooks");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (file) => {
      const read = readPlaybook(JSON.parse(await readFile(path.join(folder, file), "utf8")) as Json); // as above
      if (read.kind === "problems") throw new Failure("bug", "library.bad-playbook", { message: `${file}: ${read.problems.join(" ")}` });
      return read.playbook;
    }),
  );
}

/** Applies a keyed command whose effect may be there already, from another start or an older version. */
async function ensure(system: Pick<System, "engine">, key: string, command: Command): Promise<void> {
  try {
    await system.engine.apply(
      { organizationId: firstOrganizationId, projectId: null, actor: { kind: "system", id: "first-run" }, key },
      command,
    );
  } catch (error) {
    if (!hasMovedOn(error)) throw error;
  }
}
