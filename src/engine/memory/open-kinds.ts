import type { Role } from "../../core/oversight/person.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { Failure } from "../../core/shared/failure.ts";
import { entityTables } from "../ports/entity-tables.ts";

/** Kinds whose rows every member who sees their project may read whole, as the pages show them; a new kind is not until it stands here. */
const open: ReadonlySet<string> = new Set(
  [
    "attempt decision deliverable entity entity_type epic fact halt objective persona plan playbook",
    "policy principle project relation request review script sprint tag task team",
  ].flatMap((names) => names.split(" ")),
);

/**
 * Kinds of the organization that its overseers may read besides. The others of its kinds are what people keep for themselves, and what
 * may tell of projects that the reader is not part of: nobody reads those in the raw.
 */
const overseen: ReadonlySet<string> = new Set(["delegation", "organization", "person"]);

/** Roles that may also read those, and every kind of the projects they see: our own bookkeeping among them. */
const overseers: readonly Role[] = ["administrator", "auditor"];

const isFor = (kind: EntityKind<Entity>, roles: readonly Role[]): boolean =>
  open.has(kind.name) || (roles.some((role) => overseers.includes(role)) && (kind.scope === "project" || overseen.has(kind.name)));

/** Kinds that somebody with these roles may read in the raw, in the order of the alphabet. */
export const kindsFor = (roles: readonly Role[]): readonly string[] =>
  entityTables.flatMap(({ kind }) => (isFor(kind, roles) ? [kind.name] : [])).toSorted();

/** The kind of this name, if the roles may read it. @throws {Failure} `memory.kind-unknown`, `memory.kind-not-yours` */
export function kindFor(name: string, roles: readonly Role[]): EntityKind<Entity> {
  const wanted = name.replaceAll("-", "_");
  const kind = entityTables.find((table) => table.kind.name === wanted)?.kind;
  const known = kindsFor(roles);
  if (kind === undefined)
    throw new Failure("invalid", "memory.kind-unknown", {
      message: `There is no kind "${name.slice(0, 60)}". Known: ${known.join(", ")}.`,
    });
  if (!known.includes(kind.name))
    throw new Failure("forbidden", "memory.kind-not-yours", {
      message: `Rows of kind "${kind.name}" are not read in the raw with your roles. Those that are: ${known.join(", ")}.`,
    });
  return kind;
}
