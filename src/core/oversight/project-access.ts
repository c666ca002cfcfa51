import { isActive } from "./authority.ts";
import type { Person, Project } from "./person.ts";
import type { Team } from "./team.ts";

/** Whether a member may see and work in a project. Auditors see every project; the roles of an administrator open none. */
export function mayEnter(project: Project, person: Person | undefined, teams: readonly Team[]): boolean {
  if (!isActive(person)) return false;
  const { access } = project;
  if (access === undefined || access.kind === "everyone" || person.roles.includes("auditor")) return true;
  return (
    access.personIds.includes(person.id) ||
    teams.some((team) => team.state === "active" && access.teamIds.includes(team.id) && team.memberIds.some((id) => id === person.id))
  );
}

/** Whether teams have to be known to answer `mayEnter`. */
export const asksForTeams = ({ access }: Project): boolean => access?.kind === "named" && access.teamIds.length > 0;
