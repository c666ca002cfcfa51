import { expect, test } from "vitest";
import type { DecideContext } from "../shared/decide-context.ts";
import type { Decided } from "../shared/transition.ts";
import { accessLimits, decideNewProject, decideProjectArchive, decideProjectChange } from "./decide-project-access.ts";
import type { Person, Project, ProjectAccess } from "./person.ts";
import type { Team } from "./team.ts";

const context: DecideContext = { actor: { kind: "person", id: "dana" }, nowMs: 100, newId: () => "new" };
const row = { version: 1, eventCount: 1 } as const;
const member = (id: string, fields: Partial<Person> = {}): Person => ({
  ...row,
  id,
  name: id,
  email: null,
  roles: ["contributor"],
  state: "active",
  ...fields,
});
const dana = member("dana", { roles: ["director"] });
const kim = member("kim");
const legal: Team = { ...row, id: "legal", name: "Legal", state: "active", memberIds: [], leadId: null };
const everyone = { kind: "everyone" } as const;
const named = (personIds: readonly string[], teamIds: readonly string[] = []): ProjectAccess => ({ kind: "named", personIds, teamIds });
const project = (fields: Partial<Project> = {}): Project => ({
  ...row,
  id: "p",
  key: "ENG",
  name: "Engineering",
  mode: "real",
  clockAtMs: null,
  planApproverRoles: ["lead"],
  access: everyone,
  state: "active",
  ...fields,
});
const slice = { person: dana, bySystem: false, people: [kim], teams: [legal] } as const;
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const factsOf = (decided: Decided) => (decided.kind === "refused" ? decided.code : decided.transition.events[0]?.data);
const madeOf = (decided: Decided) => (decided.kind === "refused" ? decided.code : decided.transition.changes[0]?.after);

type Making = Parameters<typeof decideNewProject>;
const making = (wish: Partial<Making[1]>, on: Partial<Making[0]> = {}): Decided =>
  decideNewProject(
    { ...slice, sameKey: undefined, ...on },
    { kind: "create-project", id: "p", key: "ENG", name: "Engineering", mode: "real", clockAtMs: null, ...wish },
    context,
  );
type Changing = Parameters<typeof decideProjectChange>;
const changing = (wish: Partial<Changing[1]>, on: Partial<Changing[0]> = {}): Decided =>
  decideProjectChange(
    { ...slice, project: project(), ...on },
    { kind: "change-project", projectId: "p", name: null, access: null, ...wish },
    context,
  );
type Archiving = Parameters<typeof decideProjectArchive>;
const archiving = (on: Partial<Archiving[0]>): Decided =>
  decideProjectArchive(
    { ...slice, project: project(), liveRequests: 0, otherActive: 1, ...on },
    { kind: "archive-project", projectId: "p" },
    context,
  );

test("a project is opened by those who lead, and by the system, under a key of its own", () => {
  for (const person of [dana, member("ada", { roles: ["administrator"] }), member("lea", { roles: ["lead"] })])
    expect(codeOf(making({}, { person }))).toBe("accepted");
  expect(codeOf(making({}, { person: undefined, bySystem: true }))).toBe("accepted");
  for (const person of [undefined, kim, member("rob", { roles: ["director"], state: "removed" })])
    expect(codeOf(making({}, { person }))).toBe("project.wrong-role");
  for (const key of ["", "eng", "1ENG", "ELEVENCHARS", "E-G"]) expect(codeOf(making({ key }))).toBe("project.bad-key");
  expect(codeOf(making({}, { sameKey: project() }))).toBe("project.exists");
});

test("only a rehearsal has a clock of its own; what a named project is called stays out of the log", () => {
  expect(madeOf(making({ clockAtMs: 5 }))).toMatchObject({ mode: "real", clockAtMs: null, access: everyone });
  expect(madeOf(making({ mode: "rehearsal", clockAtMs: 5 }))).toMatchObject({ clockAtMs: 5 });
  expect(madeOf(making({ mode: "rehearsal" }))).toMatchObject({ clockAtMs: 100 });
  expect(factsOf(making({}))).toEqual({ key: "ENG", mode: "real" });
  expect(factsOf(making({ access: named(["kim"]) }))).toEqual({ mode: "real" });
});

test("a project for named people names members and teams there are, some and not too many", () => {
  expect(codeOf(making({ access: named(["kim"], ["legal"]) }))).toBe("accepted");
  expect(codeOf(making({ access: named([]) }))).toBe("project.nobody-named");
  const crowd = (size: number) => Array.from({ length: size }, (_, place) => String(place));
  expect(codeOf(making({ access: named(crowd(accessLimits.people + 1)) }))).toBe("project.too-many-named");
  expect(codeOf(making({ access: named([], crowd(accessLimits.teams + 1)) }))).toBe("project.too-many-named");
  expect(codeOf(making({ access: named(["nobody"]) }))).toBe("person.not-found");
  expect(codeOf(making({ access: named(["kim"]) }, { people: [{ ...kim, state: "removed" }] }))).toBe("person.not-found");
  expect(codeOf(making({ access: named([], ["none"]) }))).toBe("team.not-found");
  expect(codeOf(making({ access: named([], ["legal"]) }, { teams: [{ ...legal, state: "removed" }] }))).toBe("team.not-found");
});

test("a project is renamed or closed to others by a director, and what is null stays", () => {
  expect(codeOf(changing({}, { person: member("lea", { roles: ["lead"] }) }))).toBe("project.wrong-role");
  expect([codeOf(changing({ name: " " })), codeOf(changing({ name: "x".repeat(201) }))]).toEqual([
    "project.name-missing",
    "project.name-missing",
  ]);
  expect(codeOf(changing({ access: named([]) }))).toBe("project.nobody-named");
  expect(madeOf(changing({ name: " Machines " }))).toMatchObject({ name: "Machines", access: everyone });
  expect(factsOf(changing({ name: "Machines" }))).toEqual({ key: "ENG", name: "Machines" });
  expect(madeOf(changing({ access: named(["kim"]) }))).toMatchObject({ name: "Engineering", access: named(["kim"]) });
  expect(factsOf(changing({ access: named(["kim"]) }))).toEqual({ access: "named" });
  expect(factsOf(changing({ access: everyone }, { project: project({ access: named(["kim"]) }) }))).toEqual({ access: "everyone" });
  const { access: _none, ...older } = project();
  expect(factsOf(changing({ name: "Machines" }, { project: older }))).toEqual({ key: "ENG", name: "Machines" });
});

test("a project is put away once its requests are at rest, and never the last one for real work", () => {
  expect(codeOf(archiving({}))).toBe("accepted");
  expect(factsOf(archiving({ project: project({ access: named(["kim"]) }) }))).toEqual({});
  expect(codeOf(archiving({ person: kim }))).toBe("project.wrong-role");
  expect(codeOf(archiving({ project: project({ state: "archived" }) }))).toBe("project.archived");
  const busy = [1, 2].map((liveRequests) => archiving({ liveRequests }));
  expect(busy.map((one) => (one.kind === "refused" ? one.details["message"] : ""))).toEqual([
    "1 request is not at rest in ENG; close or cancel them first.",
    "2 requests are not at rest in ENG; close or cancel them first.",
  ]);
  expect(codeOf(archiving({ otherActive: 0 }))).toBe("project.last");
  expect(codeOf(archiving({ otherActive: 0, project: project({ mode: "rehearsal" }) }))).toBe("accepted");
});
