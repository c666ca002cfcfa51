import { savedViewsView } from "../../engine/requests/saved-views.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import { savedViewBody, savedViews, savedViewsQuery } from "../../contract/view-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { answerOf, command, reading } from "./references.ts";

/** Views: lists as people like to see them. */
export const viewRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/views",
    summary: "The saved views of a page",
    query: savedViewsQuery,
    answer: savedViews,
    run: (use, { member, query }) => reading(use, member, (reader) => savedViewsView(reader, query.page, member.person.id)),
  }),
  endpoint({
    method: "post",
    path: "/api/views",
    summary: "Save a view under a name, or replace it",
    body: savedViewBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { page, name, search, shared } = call.body;
      const sent = { kind: "save-view", page, name, search, shared: shared === true } as const;
      return answerOf(await command(use, call, { projectId: null, command: sent }));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/views/{reference}/remove",
    summary: "Remove a view of one's own",
    body: reasonBody,
    answer: commandAnswer,
    run: async (use, call) =>
      answerOf(await command(use, call, { projectId: null, command: { kind: "remove-view", viewId: call.reference } })),
  }),
];
