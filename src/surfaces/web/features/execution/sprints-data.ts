import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type { SprintBody, SprintChangeBody, SprintDocument, SprintMoveBody, SprintsDocument } from "../../../../contract/work-contract.ts";
import { call, query } from "../../api.ts";

const segment = encodeURIComponent;
const maxPages = 20;

export const sprintsQuery = (search: { readonly state?: string | undefined; readonly project?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: ["sprints", search],
    queryFn: ({ pageParam }) => call<SprintsDocument>("GET", `/api/sprints${query({ ...search, cursor: pageParam, limit: "50" })}`),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    maxPages,
  });

export const sprintQuery = (reference: string) =>
  queryOptions({ queryKey: ["sprint", reference], queryFn: () => call<SprintDocument>("GET", `/api/sprints/${segment(reference)}`) });

const send = (path: string, body: object) => call<CommandAnswer>("POST", path, body);

export type SprintMove = "start" | "complete" | "cancel";

export const createSprint = (body: SprintBody) => send("/api/sprints", body);
export const changeSprint = (id: string, body: SprintChangeBody) => send(`/api/sprints/${segment(id)}/change`, body);
export const moveSprint = (id: string, move: SprintMove, body: SprintMoveBody) => send(`/api/sprints/${segment(id)}/${move}`, body);
export const planTask = (task: string, sprint: string | null) => send(`/api/tasks/${segment(task)}/sprint`, { sprint });
