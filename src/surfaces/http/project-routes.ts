import { type Project, type ProjectAccess, projectKindOf } from "../../core/oversight/person.ts";
import { Failure } from "../../core/shared/failure.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import { projectAccessDocument, projectChangeBody, type ProjectChangeBody } from "../../contract/people-contract.ts";
import { type ProjectBody, projectBody, projectsDocument } from "../../contract/session-contract.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, reading } from "./references.ts";
import { idFromKey } from "./request-routes.ts";
import { projectView } from "./session-routes.ts";

const maxListed = 1_000;

/** Projects, and who may enter them. */
export const projectRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/projects",
    summary: "Projects that the caller may enter",
    answer: projectsDocument,
    run: async (_use, { member }) => ({ schema: "xvc.projects/1" as const, items: member.projects.map(projectView) }),
  }),
  endpoint({
    method: "post",
    path: "/api/projects",
    summary: "Open a project",
    body: projectBody,
    answer: commandAnswer,
    status: 201,
    run: addProject,
  }),
  endpoint({
    method: "get",
    path: "/api/project-access",
    summary: "Every project with who may enter it, for those who say so",
    answer: projectAccessDocument,
    run: async (use, { member }) => {
      const open = new Set(member.projects.map((project) => project.id));
      const projects = isSteward(member) ? await allProjects(use, member) : member.projects;
      return {
        schema: "xvc.project-access/1" as const,
        items: projects.map((project) => ({ ...projectView(project), open: open.has(project.id) })),
      };
    },
  }),
  endpoint({
    method: "post",
    path: "/api/projects/{reference}",
    summary: "Rename a project or say who may enter it",
    body: projectChangeBody,
    answer: commandAnswer,
    run: changeProject,
  }),
  endpoint({
    method: "post",
    path: "/api/projects/{reference}/archive",
    summary: "Put a project away; what is in it stays readable",
    body: reasonBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const project = await oneProject(use, call.member, call.reference);
      const answer = await command(use, call, { projectId: project.id, command: { kind: "archive-project", projectId: project.id } });
      call.accessChanged();
      return answerOf(answer, { label: project.key });
    },
  }),
];

/** Administrators and directors say who may enter, so they see that a project is there; its rows they see only from inside. */
const isSteward = (member: Member): boolean =>
  !member.bound && member.person.roles.some((role) => role === "administrator" || role === "director");

const allProjects = (use: HttpDependencies, member: Member): Promise<readonly Project[]> =>
  reading(use, member, (reader) => reader.find(projectKindOf, { limit: maxListed }));

/** @throws {Failure} `project.not-found`, also for one that is not the caller's to see */
async function oneProject(use: HttpDependencies, member: Member, reference: string): Promise<Project> {
  const known = isSteward(member) ? await allProjects(use, member) : member.projects;
  const found = known.find((project) => project.id === reference || project.key === reference.toUpperCase());
  if (found === undefined)
    throw new Failure("not-found", "project.not-found", {
      message: `There is no project ${reference}, or it is not yours to see. xvc project list lists those that are.`,
    });
  return found;
}

async function addProject(use: HttpDependencies, call: Call<unknown, ProjectBody>) {
  const { key, name, mode, access } = call.body;
  const answer = await command(use, call, {
    projectId: null,
    command: {
      kind: "create-project",
      id: idFromKey(use.engine.digest(`${call.key} project`)),
      key,
      name,
      mode,
      clockAtMs: null,
      ...(access === undefined ? {} : { access: access satisfies ProjectAccess }),
    },
  });
  call.forgetMembers();
  return answerOf(answer, { label: key });
}

async function changeProject(use: HttpDependencies, call: Call<unknown, ProjectChangeBody>) {
  const project = await oneProject(use, call.member, call.reference);
  const answer = await command(use, call, {
    projectId: null,
    command: { kind: "change-project", projectId: project.id, name: call.body.name ?? null, access: call.body.access ?? null },
  });
  call.accessChanged();
  return answerOf(answer, { label: project.key });
}
