import { organizationKindOf, personKind, projectKindOf } from "../../core/oversight/person.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Holder } from "../../engine/ports/session-store.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { maxProjects } from "./http-dependencies.ts";

type Known = Pick<Member, "person" | "organization" | "projects">;

/** Who somebody is and which projects exist. Remembered for two seconds, so a removed person is out within that time. */
export interface Membership {
  /** @throws {Failure} `session.not-a-member` */
  of(holder: Holder): Promise<Known>;
  /** Forgets everything: people or projects changed. */
  forget(): void;
}

const rememberMs = 2_000;
const maxRemembered = 1_000;

export function membership(use: Pick<HttpDependencies, "engine" | "clock">): Membership {
  const remembered = new Map<string, { readonly known: Known; readonly untilMs: number }>();
  return {
    async of(holder) {
      const nowMs = use.clock.monotonicMs();
      const before = remembered.get(holder.personId);
      if (before !== undefined && before.untilMs > nowMs && before.known.organization.id === holder.organizationId) return before.known;
      const known = await read(use, holder);
      if (remembered.size >= maxRemembered) remembered.clear();
      remembered.set(holder.personId, { known, untilMs: nowMs + rememberMs });
      return known;
    },
    forget: () => remembered.clear(),
  };
}

const read = (use: Pick<HttpDependencies, "engine">, holder: Holder): Promise<Known> =>
  use.engine.read({ organizationId: holder.organizationId, projectIds: [] }, async (reader) => {
    const [person, organization, projects] = await Promise.all([
      reader.get(personKind, holder.personId),
      reader.get(organizationKindOf, holder.organizationId),
      reader.find(projectKindOf, { limit: maxProjects }),
    ]);
    if (person?.state !== "active" || organization === undefined)
      throw new Failure("forbidden", "session.not-a-member", { message: "You are no active member of this organization any more." });
    return {
      person,
      organization,
      projects: [...projects.filter((one) => one.state === "active"), ...projects.filter((one) => one.state !== "active")],
    };
  });
