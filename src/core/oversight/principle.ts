/** A sentence the organization stands for. Written by people alone. in-force -> superseded | withdrawn. */
import { type Entity, organizationKind } from "../shared/entity.ts";

export interface Principle extends Entity {
  /** Running number; shown as `P-2`. A new wording is a new principle that replaces this one. */
  readonly number: number;
  readonly state: "in-force" | "superseded" | "withdrawn";
  readonly statement: string;
  readonly explanation: string;
  readonly writtenBy: string;
  readonly writtenAtMs: number;
  /** The principle whose wording this one replaced. */
  readonly replacesId: string | null;
}

export const principleKind = organizationKind<Principle>("principle");

export const principleLabel = (number: number): string => `P-${number}`;

/** Upper bounds. More principles than that guide nobody. */
export const principleLimits = { inForce: 50, statementLength: 500, explanationLength: 4_000 } as const;
