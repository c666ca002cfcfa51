import { packLimits } from "../../core/memory/context-pack.ts";
import { asId } from "../../core/shared/ids.ts";
import { contextView } from "../../engine/memory/context-view.ts";
import { contextDocument, contextQuery, contextRows } from "../../contract/context-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { reading, taskOf } from "./references.ts";

/** What a task's performer is told, and why. */
export const contextRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/tasks/{reference}/context",
    summary: "What a task's performer is told within a token budget, and the reason of each piece in or out",
    past: true,
    query: contextQuery,
    answer: contextDocument,
    run: async (use, { member, reference, query }) => {
      const { row, request } = await taskOf(use, member, reference);
      const organizationId = asId<"organization">(member.organization.id);
      const asked = {
        taskId: row.id,
        content: use.content,
        digest: use.engine.digest,
        nowMs: await use.engine.projectTime.nowMs({ organizationId, projectId: request.projectId }),
        budgetTokens: query.budget ?? packLimits.defaultTokens,
      };
      // Nothing of another project is told, whatever else the member may see.
      const here = { ...member, projects: member.projects.filter(({ id }) => id === request.projectId) };
      return reading(use, here, (reader) => contextView(reader, asked, contextRows));
    },
  }),
];
