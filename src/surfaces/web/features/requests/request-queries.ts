/** What the list of requests reads; the first word of each key is the one that `live.ts` knows. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type RequestSearch } from "../../api.ts";

/** Pages of 50 that stay in memory; what lies beyond is reached by a narrower filter. */
export const maxPages = 20;

export const requestListQuery = (search: RequestSearch) =>
  infiniteQueryOptions({
    queryKey: ["requests", "list", search],
    queryFn: ({ pageParam }) => api.requestList(search, pageParam),
    initialPageParam: "",
    getNextPageParam: (page, pages) => (pages.length < maxPages ? page.nextCursor : null),
    placeholderData: keepPreviousData,
  });

export const viewsQuery = (page: string) => queryOptions({ queryKey: ["views", page], queryFn: () => api.views(page), staleTime: 60_000 });

/** Everybody by name; the key is that of every list of people. */
export const membersQuery = queryOptions({ queryKey: ["people"], queryFn: api.people, staleTime: 60_000 });
