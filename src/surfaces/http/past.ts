import { z } from "zod";
import { instantField } from "../../contract/fields.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import type { Moment } from "../../engine/ports/store.ts";
import type { HttpDependencies } from "./http-dependencies.ts";

/** A recorded instant: ISO 8601 with a time zone, or epoch milliseconds. */
export const atField = z.union(
  [
    z
      .string()
      .regex(/^\d{1,16}$/u)
      .transform(Number)
      .pipe(instantField),
    z.iso
      .datetime({ offset: true })
      .pipe(z.coerce.date())
      .transform((date) => date.getTime()),
  ],
  "is neither an instant such as 2026-11-02T09:00:00Z nor epoch milliseconds",
);

/** The moment that a call asks for; undefined: the present. @throws {Failure} `memory.past-is-read-only`, `memory.no-past-here` */
export async function momentOf(
  use: HttpDependencies,
  spec: { readonly method: "get" | "post"; readonly past?: boolean },
  at: string | undefined,
): Promise<Moment | undefined> {
  if (at === undefined) return undefined;
  if (spec.past !== true) refuseInstant(spec.method);
  return use.engine.moment(atField.parse(at));
}

function refuseInstant(method: "get" | "post"): never {
  if (method === "post")
    throw new Failure("invalid", "memory.past-is-read-only", {
      message: "Nothing can be changed in the past. Send this without an instant to change what is now.",
    });
  throw new Failure("invalid", "memory.no-past-here", {
    message: "This address shows the present only. /openapi.json says which take an instant (`at`).",
  });
}

/**
 * What a route uses to answer as of a moment: every read is made there, and the clock says the moment, so that ages are what they were
 * then. Who may see what is decided by who the caller is now.
 */
export const usingPast = (use: HttpDependencies, moment: Moment): HttpDependencies => ({
  ...use,
  present: use,
  clock: {
    nowMs: () => moment.atMs,
    monotonicMs: () => use.clock.monotonicMs(),
    pause: (durationMs, signal) => use.clock.pause(durationMs, signal),
    deadline: (durationMs) => use.clock.deadline(durationMs),
  },
  engine: {
    ...use.engine,
    read: (scope, work) => use.engine.read(scope, work, moment),
    projectTime: {
      ...use.engine.projectTime,
      async nowMs({ organizationId, projectId }) {
        if (projectId === null) return moment.atMs;
        const scope = { organizationId, projectIds: [asId<"project">(projectId)] };
        const project = await use.engine.read(scope, (reader) => reader.get(projectKindOf, projectId), moment);
        return project?.clockAtMs ?? moment.atMs;
      },
    },
  },
});
