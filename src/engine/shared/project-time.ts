import { projectKindOf } from "../../core/oversight/person.ts";
import type { OrganizationId, ProjectId } from "../../core/shared/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Store } from "../ports/store.ts";

/** The time that counts in a project: wall clock, or in a rehearsal the project's own clock row. */
export interface ProjectTime {
  nowMs(place: { readonly organizationId: OrganizationId; readonly projectId: ProjectId | null }): Promise<number>;
}

/** A project is real or rehearsal for ever, so real ones are looked up once; at most this many are remembered. */
const maxRemembered = 10_000;

/** Reads the clock row for rehearsals at each call; real projects cost nothing after the first. */
export function projectTime(store: Store, clock: Clock): ProjectTime {
  const real = new Set<string>();
  return {
    async nowMs({ organizationId, projectId }) {
      if (projectId === null || real.has(projectId)) return clock.nowMs();
      const project = await store.read({ organizationId, projectIds: [projectId] }, (reader) => reader.get(projectKindOf, projectId));
      if (project?.mode === "rehearsal") return project.clockAtMs ?? clock.nowMs();
      if (project !== undefined && real.size < maxRemembered) real.add(projectId);
      return clock.nowMs();
    },
  };
}
