import { mayDecideView } from "../../engine/memory/decision-authority.ts";
import { decisionDetailView, decisionPageView } from "../../engine/memory/decisions-view.ts";
import { decisionDetail, decisionPage, decisionsQuery } from "../../contract/decision-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { lookingOf, narrowed, reading, requestOf } from "./references.ts";

const defaultRows = 50;

/** What was decided. */
export const decisionRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/decisions",
    summary: "Decisions on record, the newest first: question, choice, who, by which authority",
    past: true,
    query: decisionsQuery,
    answer: decisionPage,
    run: async (use, { member, query }) => {
      const request = query.request === undefined ? undefined : await requestOf(use, member, query.request);
      return reading(use, narrowed(member, query.project), (reader) =>
        decisionPageView(reader, {
          limit: query.limit ?? defaultRows,
          ...(query.state === undefined ? {} : { state: query.state }),
          ...(request === undefined ? {} : { requestId: request.id }),
          ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
        }),
      );
    },
  }),
  endpoint({
    method: "get",
    path: "/api/decisions/{reference}",
    summary: "One decision with its options, reason, evidence and what was decided about the same subject",
    past: true,
    answer: decisionDetail,
    run: (use, { member, reference }) =>
      reading(use, member, async (reader) => ({
        ...(await decisionDetailView(reader, reference)),
        may: await mayDecideView(reader, reference, lookingOf(use, member)),
      })),
  }),
];
