import { type Entity, organizationKind } from "../shared/entity.ts";

export type Role = "administrator" | "director" | "lead" | "contributor" | "agent" | "auditor";

/** A human member of the organization. */
export interface Person extends Entity {
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
  readonly state: "active" | "removed";
}

export const personKind = organizationKind<Person>("person");

/** The tenant. `peopleCount` decides whether the solo rule holds. */
export interface Organization extends Entity {
  readonly name: string;
  readonly currency: string;
  readonly peopleCount: number;
}

export const organizationKindOf = organizationKind<Organization>("organization");

/** Where requests live. A project is real or rehearsal for ever; a rehearsal's clock is `clockAtMs`. */
export interface Project extends Entity {
  readonly key: string;
  readonly name: string;
  readonly mode: "real" | "rehearsal";
  /** Rehearsal only: the project's own time, epoch milliseconds. Null in a real project. */
  readonly clockAtMs: number | null;
  /** Roles that may approve a plan here. */
  readonly planApproverRoles: readonly Role[];
  readonly state: "active" | "archived";
}

export const projectKindOf = organizationKind<Project>("project");
