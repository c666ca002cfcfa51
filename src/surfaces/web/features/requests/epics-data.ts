import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type { EpicBody, EpicChangeBody, EpicDocument, EpicsDocument } from "../../../../contract/work-contract.ts";
import { call, query } from "../../api.ts";

const segment = encodeURIComponent;
const maxPages = 20;

export const epicsQuery = (search: { readonly state?: string | undefined; readonly project?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: ["epics", search],
    queryFn: ({ pageParam }) => call<EpicsDocument>("GET", `/api/epics${query({ ...search, cursor: pageParam, limit: "50" })}`),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    maxPages,
  });

export const epicQuery = (reference: string) =>
  queryOptions({ queryKey: ["epic", reference], queryFn: () => call<EpicDocument>("GET", `/api/epics/${segment(reference)}`) });

const send = (path: string, body: object) => call<CommandAnswer>("POST", path, body);

export type EpicMove = "finish" | "cancel" | "reopen";

export const createEpic = (body: EpicBody) => send("/api/epics", body);
export const changeEpic = (id: string, body: EpicChangeBody) => send(`/api/epics/${segment(id)}/change`, body);
export const moveEpic = (id: string, move: EpicMove, body: { readonly version: number; readonly reason: string }) =>
  send(`/api/epics/${segment(id)}/${move}`, body);
export const linkEpic = (request: string, epic: string | null) => send(`/api/requests/${segment(request)}/epic`, { epic });
