import { personKind } from "../../core/oversight/person.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type KnownMember, readMember } from "../../engine/oversight/membership-view.ts";
import type { Holder } from "../../engine/ports/session-store.ts";
import { type HttpDependencies, maxProjects } from "./http-dependencies.ts";

/** Who somebody is and which projects they may enter. Remembered for two seconds, so a removed person is out within that time. */
export interface Membership {
  /** @throws {Failure} `session.not-a-member` */
  of(holder: Holder): Promise<KnownMember>;
  /** This machine's own programs: they act for the person who started here, or once that one is gone for an administrator. */
  ofMachine(holder: Holder): Promise<KnownMember>;
  /** Forgets everything: people or projects changed. */
  forget(): void;
}

const rememberMs = 2_000;
const maxRemembered = 1_000;

export function membership(use: Pick<HttpDependencies, "engine" | "clock">): Membership {
  const remembered = new Map<string, { readonly known: KnownMember; readonly untilMs: number }>();
  const of = async (holder: Holder): Promise<KnownMember> => {
    const nowMs = use.clock.monotonicMs();
    const before = remembered.get(holder.personId);
    if (before !== undefined && before.untilMs > nowMs && before.known.organization.id === holder.organizationId) return before.known;
    const read = await readMember(use.engine, holder);
    const known = { ...read, projects: read.projects.slice(0, maxProjects) };
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(holder.personId, { known, untilMs: nowMs + rememberMs });
    return known;
  };
  return {
    of,
    async ofMachine(holder) {
      try {
        return await of(holder);
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== "session.not-a-member") throw error;
        const instead = await anAdministrator(use, holder);
        if (instead === undefined) throw error;
        return of(instead);
      }
    },
    forget: () => remembered.clear(),
  };
}

const maxLooked = 2_000;

async function anAdministrator(use: Pick<HttpDependencies, "engine">, { organizationId }: Holder): Promise<Holder | undefined> {
  const active = await use.engine.read({ organizationId, projectIds: [] }, (reader) =>
    reader.find(personKind, { where: { state: "active" }, limit: maxLooked }),
  );
  const found = active.find((person) => person.roles.includes("administrator"));
  return found === undefined ? undefined : { organizationId, personId: found.id as Holder["personId"] }; // a person's own id
}
