/** A list as a person likes to see it: filters, order, columns. active -> removed. */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { PersonId } from "../shared/ids.ts";

export interface SavedView extends Entity {
  readonly personId: PersonId;
  /** `requests`, `tasks`, `inbox`, ... */
  readonly page: string;
  readonly state: "active" | "removed";
  readonly name: string;
  /** Search part of the page's address, without `?`. */
  readonly search: string;
  readonly shared: boolean;
}

export const savedViewKind = organizationKind<SavedView>("saved_view");
