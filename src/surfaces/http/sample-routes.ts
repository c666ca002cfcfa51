import { requestLabel } from "../../core/requests/request.ts";
import { asId } from "../../core/shared/ids.ts";
import { Failure } from "../../core/shared/failure.ts";
import { holdsSamplesAlone, remainingSamples } from "../../engine/requests/sample-view.ts";
import { type ReasonBody, reasonBody } from "../../contract/fields.ts";
import { type SampleRemoved, sampleDocument, sampleRemoved } from "../../contract/sample-contract.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { command, reading } from "./references.ts";

/** The sample that an installation begins with. */
export const sampleRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/sample",
    summary: "Sample requests that are still around",
    answer: sampleDocument,
    run: async (use, { member }) => ({
      schema: "xvc.sample/1" as const,
      requests: (await reading(use, member, remainingSamples)).map(({ request, projectKey }) => ({
        id: request.id,
        label: requestLabel(projectKey, request.number),
        title: request.title,
        state: request.state,
      })),
      mayRemove: mayRemove(member),
    }),
  }),
  endpoint({
    method: "post",
    path: "/api/sample/remove",
    summary: "Cancel what is left of the sample and archive projects that hold nothing else; history keeps all of it",
    body: reasonBody,
    answer: sampleRemoved,
    run: remove,
  }),
];

const mayRemove = ({ person }: Member): boolean => person.roles.some((role) => role === "administrator" || role === "director");

async function remove(use: HttpDependencies, call: Call<unknown, ReasonBody>): Promise<SampleRemoved> {
  if (!mayRemove(call.member))
    throw new Failure("forbidden", "sample.wrong-role", { message: "The sample is removed by an administrator or director." });
  const reason = call.body.reason ?? "The sample was removed.";
  const samples = await reading(use, call.member, remainingSamples);
  for (const { request } of samples) {
    const act = request.state === "delivered" ? "close-request" : "cancel-request";
    await command(
      use,
      { ...call, key: `${call.key}:${request.id}` },
      { projectId: request.projectId, command: { kind: act, requestId: request.id, reason } },
    );
  }
  const archivedProjects: string[] = [];
  const organizationId = asId<"organization">(call.member.organization.id);
  for (const [projectId, key] of new Map<string, string>(samples.map((one) => [one.request.projectId, one.projectKey]))) {
    if (!(await use.engine.read({ organizationId, projectIds: [asId(projectId)] }, holdsSamplesAlone))) continue;
    // The last project of its kind stays: work needs a place.
    const { mode } = call.member.projects.find((project) => project.id === projectId) ?? {};
    if (!call.member.projects.some((project) => project.id !== projectId && project.state === "active" && project.mode === mode)) continue;
    await command(use, { ...call, key: `${call.key}:${projectId}` }, { projectId: null, command: { kind: "archive-project", projectId } });
    archivedProjects.push(key);
  }
  if (archivedProjects.length > 0) call.forgetMembers();
  return { schema: "xvc.sample-removed/1", cancelled: samples.length, archivedProjects };
}
