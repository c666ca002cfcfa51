import { type Agent, agentKind, agentLimits } from "../../core/gate/agent.ts";
import type { Reader } from "../ports/store.ts";

/** Those that are not removed, in the order in which they are used. */
export const readAgents = async (reader: Pick<Reader, "find">): Promise<readonly Agent[]> =>
  (await reader.find(agentKind, { where: { state: ["active", "paused"] }, limit: agentLimits.agents })).toSorted(
    (left, right) => left.rank - right.rank,
  );
