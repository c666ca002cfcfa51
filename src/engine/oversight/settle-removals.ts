import { type Person, personKind, projectKindOf } from "../../core/oversight/person.ts";
import { type OrganizationId, asId } from "../../core/shared/ids.ts";
import type { Engine } from "../engine.ts";
import type { Caller } from "../shared/caller.ts";

/** Removals settled in one round; the rest waits for the next. */
const batch = 20;
/** Calls for one person and project in one round. */
const maxRounds = 20;
const maxProjects = 10_000;

/**
 * Gives back what removed people held: claimed tasks are offered again, delegated items return. Every call is keyed by
 * the person's version, so a crash or a second sweeper repeats nothing. @returns how many removals were settled
 */
export async function settleRemovals(engine: Engine, organizationId: OrganizationId): Promise<number> {
  const scope = { organizationId, projectIds: [] };
  const open = await engine.read(scope, (reader) =>
    reader.find(personKind, { where: { state: "removed", workReturned: "false" }, newestFirst: true, limit: batch }),
  );
  if (open.length === 0) return 0;
  const projects = await engine.read(scope, (reader) => reader.find(projectKindOf, { limit: maxProjects }));
  const caller = (projectId: string | null, key: string): Caller => ({
    organizationId,
    projectId: projectId === null ? null : asId(projectId),
    actor: { kind: "system", id: "sweeper" },
    key,
  });
  let settled = 0;
  for (const person of open) {
    let remaining = 0;
    for (const project of projects) remaining += await returnFrom(engine, person, (key) => caller(project.id, key));
    if (remaining > 0) continue;
    await engine.apply(caller(null, `settle-removal:${person.id}`), { kind: "settle-removal", personId: person.id });
    settled += 1;
  }
  return settled;
}

async function returnFrom(engine: Engine, person: Person, caller: (key: string) => Caller): Promise<number> {
  for (let round = 0; round < maxRounds; round += 1) {
    const answer = await engine.apply(caller(`return-work:${person.id}:${person.version}:${round}`), {
      kind: "return-work",
      personId: person.id,
      round,
    });
    if (answer["remaining"] === 0) return 0;
  }
  return 1;
}
