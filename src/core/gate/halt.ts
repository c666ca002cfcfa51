/** Everything of a scope stands still until a person lets it go on. set -> lifted. */
import { type Entity, organizationKind } from "../shared/entity.ts";

export interface Halt extends Entity {
  readonly scope: "everything" | "project" | "persona" | "tool" | "provider";
  /** What is halted; empty for everything. */
  readonly scopeId: string;
  readonly state: "set" | "lifted";
  readonly reason: string;
  readonly setBy: string;
  readonly setAtMs: number;
  readonly liftedBy: string | null;
  readonly liftedAtMs: number | null;
}

export const haltKind = organizationKind<Halt>("halt");
