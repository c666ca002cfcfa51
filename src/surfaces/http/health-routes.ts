import { z } from "zod";
import { statusDocument } from "../../contract/status-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";

/** Health with detail, and stopping: for those who may see it. `/livez` and `/readyz` tell nothing but yes or no. */
export const healthRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/status",
    summary: "Health by real probes: a write and a read",
    answer: statusDocument,
    run: (use) => use.status(),
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
