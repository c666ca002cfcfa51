import { type Entity, organizationKind } from "../shared/entity.ts";
import type { ModelLink } from "../personas/model-link.ts";

export type Role = "administrator" | "director" | "lead" | "contributor" | "agent" | "auditor";

/** An account at an outside sign-in service (OIDC): who vouches, and under which name there. */
export interface OutsideIdentity {
  readonly issuer: string;
  readonly subject: string;
}

/** What is read where a text of an erased person stood. */
export const erasedText = "[erased]";

/** A human member of the organization, or a program that has an account of its own. */
export interface Person extends Entity {
  readonly name: string;
  /** In lower case; no two members who are not removed have the same. */
  readonly email: string | null;
  readonly roles: readonly Role[];
  /** invited -> active | removed; active -> removed. Only active members act; nobody comes back under the same id. */
  readonly state: "invited" | "active" | "removed";
  /** Absent: signs in by link alone. */
  readonly identity?: OutsideIdentity;
  /** Removed people only: what they held in projects went back to others. */
  readonly workReturned?: boolean;
  /** Somebody wants what is personal of a removed person gone; a second person has to agree. */
  readonly erasure?: Wish | null;
  /** Nothing of the person may be erased while this stands. `release`: somebody wants it lifted. */
  readonly legalHold?: (Wish & { readonly release: Wish | null }) | null;
  /** The person's key was destroyed then: name, address and account are gone at every instant. */
  readonly erasedAtMs?: number;
}

/** What one person asked for, and why. */
export interface Wish {
  readonly by: string;
  readonly atMs: number;
  readonly reason: string;
}

export const personKind = organizationKind<Person>("person");

/** The tenant. `peopleCount` counts active members: invited and removed people are not among them. */
export interface Organization extends Entity {
  readonly name: string;
  readonly currency: string;
  readonly peopleCount: number;
  /** Models that are asked, in order; absent or empty: the first of each provider, in their order. */
  readonly modelChain?: readonly ModelLink[];
}

export const organizationKindOf = organizationKind<Organization>("organization");

/** Who may enter a project: every member, or those named and the members of the teams named. */
export type ProjectAccess =
  | { readonly kind: "everyone" }
  | { readonly kind: "named"; readonly personIds: readonly string[]; readonly teamIds: readonly string[] };

/** Where requests live. A project is real or rehearsal for ever; a rehearsal's clock is `clockAtMs`. */
export interface Project extends Entity {
  readonly key: string;
  readonly name: string;
  readonly mode: "real" | "rehearsal";
  /** Rehearsal only: the project's own time, epoch milliseconds. Null in a real project. */
  readonly clockAtMs: number | null;
  /** Roles that may approve a plan here. */
  readonly planApproverRoles: readonly Role[];
  /** Absent: open to every member. */
  readonly access?: ProjectAccess;
  /** Models that are asked for its work, in order; absent or empty: as the organization says. */
  readonly modelChain?: readonly ModelLink[];
  readonly state: "active" | "archived";
}

export const projectKindOf = organizationKind<Project>("project");
