import { DBOSClient } from "@dbos-inc/dbos-sdk";
import { applicationName } from "./job-queue.ts";
import { engineLogger } from "./engine-log.ts";
import type { EngineLog } from "./engine-log.ts";

/** A handle on the engine's tables for processes that enqueue, list and cancel; runs nothing. `destroy` closes its connections. */
export const openEngineClient = (appUrl: string, log: EngineLog): Promise<DBOSClient> =>
  DBOSClient.create({
    systemDatabaseUrl: appUrl,
    applicationName,
    systemDatabasePoolSize: 3,
    logger: engineLogger(log),
  });
