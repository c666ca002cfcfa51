import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type Refusal, beginTransition, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import type { Person } from "./person.ts";
import { type Team, teamKind } from "./team.ts";

export interface CreateTeam {
  readonly kind: "create-team";
  readonly id: string;
  readonly name: string;
  readonly memberIds: readonly string[];
  readonly leadId: string | null;
}

/** States the team as it is from now on; whoever is not named is out. */
export interface ChangeTeam {
  readonly kind: "change-team";
  readonly teamId: string;
  readonly name: string;
  readonly memberIds: readonly string[];
  readonly leadId: string | null;
}

export interface RemoveTeam {
  readonly kind: "remove-team";
  readonly teamId: string;
}

/** Teams of one organization, and members of one team. */
export const teamLimits = { teams: 200, members: 500 } as const;

interface TeamSlice {
  readonly person: Person | undefined;
  /** Teams that are not removed. */
  readonly teams: readonly Team[];
  /** The people named, as far as they exist. */
  readonly named: readonly Person[];
}

/** Makes a team, by an administrator or director. */
export function decideNewTeam(slice: TeamSlice, command: CreateTeam, _context: DecideContext): Decided {
  const refused = stewardProblem(slice.person) ?? teamProblem(slice, command, null);
  if (refused !== null) return refused;
  if (slice.teams.length >= teamLimits.teams)
    return refuse("exhausted", "team.too-many", `There are ${teamLimits.teams} teams, the most there can be; remove one first.`);
  const draft = beginTransition();
  const team = draft.create(teamKind, {
    id: command.id,
    name: command.name.trim(),
    state: "active",
    memberIds: membersOf(command),
    leadId: leadOf(command),
  });
  draft.record(teamKind, team, "team.created", { name: team.name, memberIds: [...team.memberIds] });
  return draft.accept({ id: team.id, name: team.name });
}

/** Renames a team or changes who is in it. Who is in a team decides which projects they see. */
export function decideTeamChange(slice: TeamSlice & { readonly team: Team }, command: ChangeTeam, _context: DecideContext): Decided {
  const { team } = slice;
  const refused = stewardProblem(slice.person) ?? teamProblem(slice, command, team);
  if (refused !== null) return refused;
  if (team.state !== "active") return refuse("conflict", "team.removed", `The team ${team.name} was removed.`);
  const draft = beginTransition();
  draft.change(teamKind, team, { name: command.name.trim(), memberIds: membersOf(command), leadId: leadOf(command) });
  draft.record(teamKind, team, "team.changed", { name: command.name.trim(), memberIds: [...membersOf(command)] });
  return draft.accept({ id: team.id, name: command.name.trim() });
}

export function decideTeamRemoval(slice: { readonly person: Person | undefined; readonly team: Team }, _command: RemoveTeam): Decided {
  const { team } = slice;
  const refused = stewardProblem(slice.person);
  if (refused !== null) return refused;
  if (team.state !== "active") return refuse("conflict", "team.removed", `The team ${team.name} was removed before.`);
  const draft = beginTransition();
  draft.change(teamKind, team, { state: "removed" });
  draft.record(teamKind, team, "team.removed", { name: team.name });
  return draft.accept({ id: team.id, state: "removed" });
}

type Named = Pick<CreateTeam, "name" | "memberIds" | "leadId">;

/** A lead is a member of the team as well. */
const membersOf = ({ memberIds, leadId }: Named) =>
  [...new Set([...memberIds, ...(leadId === null ? [] : [leadId])])].map((id) => asId<"person">(id));
const leadOf = ({ leadId }: Named) => (leadId === null ? null : asId<"person">(leadId));

const stewardProblem = (person: Person | undefined): Refusal | null =>
  isActive(person) && person.roles.some((role) => role === "administrator" || role === "director")
    ? null
    : refuse("forbidden", "team.wrong-role", "Teams are changed by an administrator or director.");

function teamProblem({ teams, named }: TeamSlice, command: Named, self: Team | null): Refusal | null {
  const name = command.name.trim();
  if (name === "" || name.length > 200) return refuse("invalid", "team.name-missing", "A team needs a name of at most 200 characters.");
  if (teams.some((team) => team.id !== self?.id && team.name.toLowerCase() === name.toLowerCase()))
    return refuse("conflict", "team.exists", `There is a team named ${name} already.`);
  const wanted = membersOf(command);
  if (wanted.length > teamLimits.members) return refuse("invalid", "team.too-large", `A team has at most ${teamLimits.members} members.`);
  const known = new Set(named.filter((person) => person.state !== "removed").map((person) => person.id));
  return wanted.every((id) => known.has(id))
    ? null
    : refuse("not-found", "person.not-found", "Somebody named is no member of the organization.");
}
