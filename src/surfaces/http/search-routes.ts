import { searchView } from "../../engine/memory/search-view.ts";
import { maxSearchHits, searchDocument, searchQuery } from "../../contract/search-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { reading } from "./references.ts";

/** Finding things by label, name or title. */
export const searchRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/search",
    summary: "Things by label, name or title, a few of each kind",
    query: searchQuery,
    answer: searchDocument,
    run: async (use, { member, query }) => ({
      schema: "xvc.search/1" as const,
      items: (await reading(use, member, (reader) => searchView(reader, query.q))).slice(0, maxSearchHits),
    }),
  }),
];
