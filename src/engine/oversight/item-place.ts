import type { InboxItem } from "../../core/oversight/inbox-item.ts";
import type { ProjectId } from "../../core/shared/ids.ts";
import type { WorkRequest } from "../../core/requests/request.ts";

/** The requests that items belong to, each once. */
export const requestIdsOf = (items: readonly Pick<InboxItem, "requestId">[]): readonly string[] => [
  ...new Set(items.flatMap(({ requestId }) => requestId ?? [])),
];

/** The project of an item: its request's, or its own where it belongs to no request; undefined: the request is not there. */
export const itemProjectId = (
  { requestId, projectId }: Pick<InboxItem, "requestId" | "projectId">,
  requests: ReadonlyMap<string, Pick<WorkRequest, "projectId">>,
): ProjectId | undefined => (requestId === null ? projectId : requests.get(requestId)?.projectId);
