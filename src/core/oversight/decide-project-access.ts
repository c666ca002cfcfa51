import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, beginTransition, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import { type Person, type Project, type ProjectAccess, projectKindOf } from "./person.ts";
import type { Team } from "./team.ts";

export interface CreateProject {
  readonly kind: "create-project";
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly mode: Project["mode"];
  /** Rehearsal only: where its clock starts, epoch milliseconds. */
  readonly clockAtMs: number | null;
  /** Absent: open to every member. */
  readonly access?: ProjectAccess;
}

/** Renames a project or says who may enter it; what is null stays. */
export interface ChangeProject {
  readonly kind: "change-project";
  readonly projectId: string;
  readonly name: string | null;
  readonly access: ProjectAccess | null;
}

/** Puts a project away: nothing new is filed in it; what is in it stays readable. */
export interface ArchiveProject {
  readonly kind: "archive-project";
  readonly projectId: string;
}

/** People and teams named by one project. */
export const accessLimits = { people: 500, teams: 100 } as const;

interface ProjectSlice {
  readonly person: Person | undefined;
  readonly bySystem: boolean;
  /** The people and teams named, as far as they exist. */
  readonly people: readonly Person[];
  readonly teams: readonly Team[];
}

/** Opens a project, real or rehearsal for ever. */
export function decideNewProject(
  slice: ProjectSlice & { readonly sameKey: Project | undefined },
  command: CreateProject,
  context: DecideContext,
): Decided {
  const refused = projectProblem(slice, ["administrator", "director", "lead"]) ?? accessProblem(slice, command.access);
  if (refused !== null) return refused;
  if (!/^[A-Z][A-Z0-9]{0,9}$/u.test(command.key))
    return refuse(
      "invalid",
      "project.bad-key",
      "A project's key has 1 to 10 capital letters and digits and starts with a letter, such as ENG.",
    );
  if (slice.sameKey !== undefined) return refuse("conflict", "project.exists", `There is a project ${command.key} already.`);
  const draft = beginTransition();
  const project = draft.create(projectKindOf, {
    id: command.id,
    key: command.key,
    name: command.name,
    mode: command.mode,
    clockAtMs: command.mode === "rehearsal" ? (command.clockAtMs ?? context.nowMs) : null,
    planApproverRoles: ["administrator", "director", "lead"],
    access: command.access ?? { kind: "everyone" },
    state: "active",
  });
  draft.record(
    projectKindOf,
    project,
    "project.created",
    isOpen(project) ? { key: project.key, mode: project.mode } : { mode: project.mode },
  );
  return draft.accept({ id: project.id, key: project.key, mode: project.mode });
}

/** Renames a project, or changes who may enter it. Who opens it for themselves is on record like everybody else. */
export function decideProjectChange(
  slice: ProjectSlice & { readonly project: Project },
  command: ChangeProject,
  _context: DecideContext,
): Decided {
  const { project } = slice;
  const refused = projectProblem(slice, ["administrator", "director"]) ?? accessProblem(slice, command.access ?? undefined);
  if (refused !== null) return refused;
  const name = command.name?.trim() ?? project.name;
  if (name === "" || name.length > 200)
    return refuse("invalid", "project.name-missing", "A project needs a name of at most 200 characters.");
  const draft = beginTransition();
  const changed = draft.change(projectKindOf, project, { name, ...(command.access === null ? {} : { access: command.access }) });
  draft.record(projectKindOf, changed, "project.changed", told(project, changed, command));
  return draft.accept({ id: project.id, key: project.key });
}

const told = (before: Project, after: Project, { access }: ChangeProject) => ({
  ...(isOpen(before) && isOpen(after) ? { key: after.key, name: after.name } : {}),
  ...(access === null ? {} : { access: access.kind }),
});

/** These facts are the organization's and everybody may read them: what a project for named people is called stays out; history has the row. */
const isOpen = ({ access }: Project): boolean => access === undefined || access.kind === "everyone";

/** Archives a project whose requests are all at rest. */
export function decideProjectArchive(
  slice: ProjectSlice & { readonly project: Project; readonly liveRequests: number; readonly otherActive: number },
  _command: ArchiveProject,
  _context: DecideContext,
): Decided {
  const { project, liveRequests, otherActive } = slice;
  const refused = projectProblem(slice, ["administrator", "director"]);
  if (refused !== null) return refused;
  if (project.state !== "active") return refuse("conflict", "project.archived", `Project ${project.key} is archived already.`);
  if (liveRequests > 0)
    return refuse(
      "conflict",
      "project.busy",
      `${liveRequests} ${liveRequests === 1 ? "request is" : "requests are"} not at rest in ${project.key}; close or cancel them first.`,
    );
  if (project.mode === "real" && otherActive === 0)
    return refuse("conflict", "project.last", "This is the only open project for real work; open another one first.");
  const draft = beginTransition();
  draft.change(projectKindOf, project, { state: "archived" });
  draft.record(projectKindOf, project, "project.archived", isOpen(project) ? { key: project.key } : {});
  return draft.accept({ id: project.id, state: "archived" });
}

function projectProblem({ person, bySystem }: ProjectSlice, roles: readonly Person["roles"][number][]): Refusal | null {
  if (bySystem || (isActive(person) && roles.some((role) => person.roles.includes(role)))) return null;
  return refuse("forbidden", "project.wrong-role", `Projects are opened and changed by one of the roles ${roles.join(", ")}.`);
}

function accessProblem({ people, teams }: ProjectSlice, access: ProjectAccess | undefined): Refusal | null {
  if (access === undefined || access.kind === "everyone") return null;
  if (access.personIds.length + access.teamIds.length === 0)
    return refuse("invalid", "project.nobody-named", "Name at least one person or team, or open the project to everyone.");
  if (access.personIds.length > accessLimits.people || access.teamIds.length > accessLimits.teams)
    return refuse(
      "invalid",
      "project.too-many-named",
      `Name at most ${accessLimits.people} people and ${accessLimits.teams} teams; make a team of them.`,
    );
  const members = new Set(people.filter((one) => one.state !== "removed").map((one) => one.id));
  const active = new Set(teams.filter((one) => one.state === "active").map((one) => one.id));
  if (!access.personIds.every((id) => members.has(id)))
    return refuse("not-found", "person.not-found", "Somebody named is no member of the organization.");
  return access.teamIds.every((id) => active.has(id)) ? null : refuse("not-found", "team.not-found", "There is no such team.");
}
