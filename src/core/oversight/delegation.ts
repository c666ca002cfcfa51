/** A standing delegation: somebody else may decide in one's place, within limits and dates. granted -> revoked. */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { PersonId, ProjectId } from "../shared/ids.ts";
import type { RiskClass } from "./inbox-item.ts";

export interface Delegation extends Entity {
  readonly state: "granted" | "revoked";
  readonly fromId: PersonId;
  readonly toId: PersonId;
  readonly validFromMs: number;
  readonly validToMs: number;
  /** Nothing of a higher class is decided under it. */
  readonly maxRisk: RiskClass;
  /** In the organization's currency, micro units; null: no limit. */
  readonly maxAmountMicro: number | null;
  /** Null: every project. */
  readonly projectId: ProjectId | null;
  readonly reason: string;
}

export const delegationKind = organizationKind<Delegation>("delegation");
