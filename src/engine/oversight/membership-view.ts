import { asksForTeams, mayEnter } from "../../core/oversight/project-access.ts";
import {
  type Organization,
  type Person,
  type Project,
  organizationKindOf,
  personKind,
  projectKindOf,
} from "../../core/oversight/person.ts";
import { type Team, teamKind } from "../../core/oversight/team.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { OrganizationId } from "../../core/shared/ids.ts";
import type { Reader, Store } from "../ports/store.ts";

/** Who somebody is, and the projects they may enter: what every reading of theirs is bounded by. */
export interface KnownMember {
  readonly person: Person;
  readonly organization: Organization;
  /** Active projects, archived ones last. */
  readonly projects: readonly Project[];
}

/** Projects of one organization that are looked through, and teams. */
const maxLooked = 1_000;

export const activeTeams = (reader: Reader): Promise<readonly Team[]> =>
  reader.find(teamKind, { where: { state: "active" }, limit: maxLooked });

/** @throws {Failure} `session.not-a-member` */
export const readMember = (
  store: Pick<Store, "read">,
  holder: { readonly organizationId: OrganizationId; readonly personId: string },
): Promise<KnownMember> =>
  store.read({ organizationId: holder.organizationId, projectIds: [] }, async (reader) => {
    const [person, organization, projects] = await Promise.all([
      reader.get(personKind, holder.personId),
      reader.get(organizationKindOf, holder.organizationId),
      reader.find(projectKindOf, { limit: maxLooked }),
    ]);
    if (person?.state !== "active" || organization === undefined)
      throw new Failure("forbidden", "session.not-a-member", { message: "You are no active member of this organization any more." });
    const teams = projects.some(asksForTeams) ? await activeTeams(reader) : [];
    const open = projects.filter((project) => mayEnter(project, person, teams));
    return {
      person,
      organization,
      projects: [...open.filter((one) => one.state === "active"), ...open.filter((one) => one.state !== "active")],
    };
  });
