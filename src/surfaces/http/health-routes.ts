import { z } from "zod";
import { statusDocument, statusQuery } from "../../contract/status-contract.ts";
import { countsView } from "../../engine/metrics/counts-view.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { reading } from "./references.ts";

/** Health with detail, and stopping: for those who may see it. `/livez` and `/readyz` tell nothing but yes or no. */
export const healthRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/status",
    summary: "Health by real probes: a write and a read; what is installed, and how many rows there are",
    query: statusQuery,
    answer: statusDocument,
    run: async (use, { member, query }) => {
      const [status, counts] = await Promise.all([
        use.status(query.probe),
        query.probe === undefined ? reading(use, member, countsView) : Promise.resolve({}),
      ]);
      return { ...status, counts };
    },
  }),
  endpoint({
    method: "post",
    path: "/api/stop",
    summary: "Stop the server",
    answer: z.object({ schema: z.literal("xvc.stopping/1") }),
    localOnly: true,
    run: async (use) => {
      await use.stop();
      return { schema: "xvc.stopping/1" as const };
    },
  }),
];
