/** What the pages of tasks read; the first word of each key is the one that `live.ts` knows. */
import { queryOptions } from "@tanstack/react-query";
import type { ContextDocument } from "../../../../contract/context-contract.ts";
import type { BoardDocument } from "../../../../contract/task-contract.ts";
import { api, type BoardSearch } from "../../api.ts";

export const boardKey = (search: BoardSearch) => ["tasks", "board", search] as const;

export const boardQuery = (search: BoardSearch) =>
  queryOptions<BoardDocument>({ queryKey: boardKey(search), queryFn: () => api.board(search), placeholderData: (before) => before });

export const myWorkQuery = (tag?: string) =>
  queryOptions({ queryKey: ["tasks", "my-work", tag ?? ""], queryFn: () => api.myWork(tag), placeholderData: (before) => before });

export const taskContextQuery = (reference: string) =>
  queryOptions<ContextDocument>({ queryKey: ["task", reference, "context"], queryFn: () => api.taskContext(reference) });

export const taskTimelineQuery = (reference: string) =>
  queryOptions({ queryKey: ["task", reference, "events"], queryFn: () => api.taskTimeline(reference) });
