import type { OrganizationId, ProjectId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { Failure, invariant } from "../../core/shared/failure.ts";
import type { Engine } from "../engine.ts";
import type { Ids } from "../ports/clock.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { Purse } from "../ports/purse.ts";
import type { Caller } from "../shared/caller.ts";

export interface PurseParts {
  readonly engine: Pick<Engine, "apply">;
  readonly ids: Pick<Ids, "next">;
  readonly organizationId: OrganizationId;
  readonly crash: CrashProbe;
}

/** The purse over the engine's commands: prices, budgets and windows are looked at in the transaction that reserves or books. */
export function enginePurse({ engine, ids, organizationId, crash }: PurseParts, projectId: ProjectId): Purse {
  const caller = (key: string): Caller => ({ organizationId, projectId, actor: { kind: "system", id: "worker" }, key });
  return {
    async reserve({ inputTokens, outputTokens, wallMs, runs, local, ...subject }) {
      const demand = {
        costMicro: local ? 0 : null,
        tokens: inputTokens + outputTokens,
        runs,
        wallMs,
        usage: { inputTokens, outputTokens },
      };
      const answer = await engine.apply(caller(`reserve:${ids.next()}`), { kind: "reserve-spend", ...subject, demand });
      const id = answer["reservationId"];
      invariant(typeof id === "string", "what was reserved has an id");
      crash("spend.after-reserve");
      return id;
    },
    async settle(reservationId, use, local) {
      const used =
        use === "unknown"
          ? use
          : {
              costMicro: local ? 0 : null,
              tokens: use.inputTokens + use.outputTokens,
              wallMs: use.wallMs,
              usage: { inputTokens: use.inputTokens, outputTokens: use.outputTokens },
            };
      crash("spend.before-settle");
      const answer = await engine.apply(caller(`settle:${reservationId}:${use === "unknown" ? use : "told"}`), {
        kind: "settle-spend",
        reservationId,
        used,
      });
      crash("spend.after-settle");
      return costOf(answer);
    },
  };
}

function costOf({ used }: JsonObject): number {
  const cost = typeof used === "object" && used !== null && "costMicro" in used ? used.costMicro : null;
  if (typeof cost !== "number") throw new Failure("bug", "bug.invariant", { message: "What was settled says what it cost." });
  return cost;
}
