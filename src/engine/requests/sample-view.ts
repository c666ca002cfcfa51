import { projectKindOf } from "../../core/oversight/person.ts";
import { type WorkRequest, requestKind, requestMoves } from "../../core/requests/request.ts";
import { isTerminal } from "../../core/shared/moves.ts";
import type { Reader } from "../ports/store.ts";

/** Sample requests looked at; an installation files a handful. */
const maxSamples = 200;

/** Sample requests that are still around, with their projects' keys. */
export async function remainingSamples(reader: Reader): Promise<readonly { readonly request: WorkRequest; readonly projectKey: string }[]> {
  const samples = await reader.find(requestKind, { where: { sample: "true" }, limit: maxSamples });
  const projects = await reader.getMany(projectKindOf, [...new Set(samples.map((request) => request.projectId))]);
  const byId = new Map<string, (typeof projects)[number]>(projects.map((project) => [project.id, project]));
  return samples
    .filter(
      (request) =>
        byId.get(request.projectId)?.state === "active" && request.state !== "closed" && !isTerminal(requestMoves, request.state),
    )
    .map((request) => ({ request, projectKey: byId.get(request.projectId)?.key ?? "?" }));
}

/** Whether the one project that the reader sees holds samples alone. */
export const holdsSamplesAlone = async (reader: Reader): Promise<boolean> =>
  (await reader.count(requestKind, {})) === (await reader.count(requestKind, { where: { sample: "true" } }));
