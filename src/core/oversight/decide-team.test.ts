import { expect, test } from "vitest";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import type { Decided } from "../shared/transition.ts";
import { decideNewTeam, decideTeamChange, decideTeamRemoval, teamLimits } from "./decide-team.ts";
import type { Person } from "./person.ts";
import type { Team } from "./team.ts";

const context: DecideContext = { actor: { kind: "person", id: "dana" }, nowMs: 100, newId: () => "new" };
const member = (id: string, fields: Partial<Person> = {}): Person => ({
  id,
  version: 1,
  eventCount: 1,
  name: id,
  email: null,
  roles: ["contributor"],
  state: "active",
  ...fields,
});
const dana = member("dana", { roles: ["director"] });
const kim = member("kim");
const team = (id: string, name: string, state: Team["state"] = "active"): Team => ({
  id,
  version: 1,
  eventCount: 1,
  name,
  state,
  memberIds: [],
  leadId: null,
});
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const slice = { person: dana, teams: [team("t", "Legal")], named: [kim] };
type Wish = Omit<Parameters<typeof decideNewTeam>[1], "kind" | "id">;
const wish: Wish = { name: "Design", memberIds: ["kim"], leadId: null };
const making = (fields: Partial<Wish>, on: Partial<Parameters<typeof decideNewTeam>[0]> = {}): Decided =>
  decideNewTeam({ ...slice, ...on }, { kind: "create-team", id: "new", ...wish, ...fields }, context);

test("a team is made by those above, with a name of its own and members there are", () => {
  expect(codeOf(making({}))).toBe("accepted");
  for (const person of [undefined, kim, { ...dana, state: "removed" } as const])
    expect(codeOf(making({}, { person }))).toBe("team.wrong-role");
  expect(codeOf(making({}, { person: member("ada", { roles: ["administrator"] }) }))).toBe("accepted");
  expect([codeOf(making({ name: " " })), codeOf(making({ name: "x".repeat(201) }))]).toEqual(["team.name-missing", "team.name-missing"]);
  expect(codeOf(making({ name: "legal" }))).toBe("team.exists");
  expect(codeOf(making({ memberIds: ["nobody"] }))).toBe("person.not-found");
  expect(codeOf(making({}, { named: [{ ...kim, state: "removed" }] }))).toBe("person.not-found");
  const crowd = Array.from({ length: teamLimits.members + 1 }, (_, place) => String(place));
  expect(codeOf(making({ memberIds: crowd }))).toBe("team.too-large");
  const full = Array.from({ length: teamLimits.teams }, (_, place) => team(String(place), `Team ${String(place)}`));
  expect(codeOf(making({}, { teams: full }))).toBe("team.too-many");
});

test("whoever leads a team is in it, once", () => {
  const made = making({ memberIds: ["kim"], leadId: "kim" });
  expect(made.kind === "refused" ? null : made.transition.changes[0]).toMatchObject({
    after: { memberIds: [asId("kim")], leadId: asId("kim") },
  });
});

test("a team keeps its own name in a change, and one that was removed is neither changed nor removed again", () => {
  const changing = (on: Team, name: string, person: Person = dana): string =>
    codeOf(decideTeamChange({ ...slice, person, team: on }, { kind: "change-team", teamId: on.id, ...wish, name }, context));
  expect(changing(team("t", "Legal"), "LEGAL")).toBe("accepted");
  expect(changing(team("u", "Design"), "Legal")).toBe("team.exists");
  expect(changing(team("u", "Design"), "Design", kim)).toBe("team.wrong-role");
  expect(changing(team("u", "Old", "removed"), "Old")).toBe("team.removed");
  const removing = (person: Person, on: Team): string =>
    codeOf(decideTeamRemoval({ person, team: on }, { kind: "remove-team", teamId: on.id }));
  expect([removing(dana, team("t", "Legal")), removing(kim, team("t", "Legal")), removing(dana, team("t", "Legal", "removed"))]).toEqual([
    "accepted",
    "team.wrong-role",
    "team.removed",
  ]);
});
