/** A sentence the organization stands for. Written by people alone. in-force -> superseded | withdrawn. */
import { type Entity, organizationKind } from "../shared/entity.ts";

export interface Principle extends Entity {
  readonly number: number;
  readonly state: "in-force" | "superseded" | "withdrawn";
  readonly statement: string;
  readonly explanation: string;
}

export const principleKind = organizationKind<Principle>("principle");
