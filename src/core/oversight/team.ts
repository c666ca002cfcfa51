/** People who work together. active -> removed. */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { PersonId } from "../shared/ids.ts";

export interface Team extends Entity {
  readonly name: string;
  readonly state: "active" | "removed";
  readonly memberIds: readonly PersonId[];
  readonly leadId: PersonId | null;
}

export const teamKind = organizationKind<Team>("team");
