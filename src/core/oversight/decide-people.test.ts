import { expect, test } from "vitest";
import type { DecideContext } from "../shared/decide-context.ts";
import type { Decided } from "../shared/transition.ts";
import * as people from "./decide-people.ts";
import type { Organization, Person } from "./person.ts";

const context: DecideContext = { actor: { kind: "person", id: "ada" }, nowMs: 100, newId: () => "new" };
const organization: Organization = { id: "o", version: 1, eventCount: 1, name: "Acme", currency: "EUR", peopleCount: 2 };
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
const ada = member("ada", { roles: ["administrator"] });
const kim = member("kim");
const gone = member("kim", { state: "removed" });
const slice = (fields: Partial<people.PeopleSlice> = {}): people.PeopleSlice => ({
  organization,
  person: ada,
  subject: kim,
  sameEmail: undefined,
  administrators: 2,
  ...fields,
});
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const changesOf = (decided: Decided) => (decided.kind === "refused" ? [] : decided.transition.changes.length);

const add = { kind: "add-person", id: "new", name: "New", email: null, roles: ["lead"] } as const;
const adding = (fields: Partial<people.AddPerson>, on: Partial<people.PeopleSlice> = {}): string =>
  codeOf(people.decideNewPerson(slice({ subject: undefined, ...on }), { ...add, ...fields }, context));

test("an organization is founded once, with a name", () => {
  const found = {
    kind: "found-organization",
    id: "o",
    name: "Acme",
    currency: "EUR",
    person: { id: "ada", name: "Ada", email: " " },
  } as const;
  const founding = (name: string, existing?: Organization): string =>
    codeOf(people.decideFounding({ organization: existing }, { ...found, name }, context));
  expect([founding("Acme"), founding(" "), founding("Acme", organization)]).toEqual([
    "accepted",
    "organization.name-missing",
    "organization.exists",
  ]);
});

test("an organization keeps a name, and the same name again changes nothing", () => {
  const renamed = (name: string) => people.decideOrganizationName({ organization }, { kind: "rename-organization", name }, context);
  expect(["", "x".repeat(201), " Acme ", "Other"].map((name) => codeOf(renamed(name)))).toEqual([
    "organization.name-missing",
    "organization.name-missing",
    "accepted",
    "accepted",
  ]);
  expect([changesOf(renamed("Acme")), changesOf(renamed("Other"))]).toEqual([0, 1]);
});

test("only an active administrator adds members, each with a name, an own address and roles that go together", () => {
  expect(adding({})).toBe("accepted");
  expect(adding({}, { person: undefined })).toBe("person.administrator-only");
  expect(adding({}, { person: member("bo", { roles: ["director"] }) })).toBe("person.administrator-only");
  expect(adding({}, { person: { ...ada, state: "removed" } })).toBe("person.administrator-only");
  expect(adding({ name: " " })).toBe("person.name-missing");
  expect(adding({ name: "x".repeat(201) })).toBe("person.name-missing");
  expect(adding({ email: "no address" })).toBe("person.email-invalid");
  expect(adding({ email: `${"x".repeat(320)}@example.org` })).toBe("person.email-invalid");
  expect(adding({ email: "Kim@Example.org" }, { sameEmail: kim })).toBe("person.email-taken");
  expect(adding({ email: "Kim@Example.org" })).toBe("accepted");
  expect(adding({ roles: [] })).toBe("person.roles-missing");
  expect(adding({ roles: ["lead", "lead"] })).toBe("person.roles-missing");
  expect(adding({ roles: ["auditor", "lead"] })).toBe("person.roles-mixed");
  expect(adding({ roles: ["agent"] })).toBe("accepted");
  expect(adding({}, { subject: kim })).toBe("person.exists");
});

test("an invited person counts from the day they join, and joins once", () => {
  const invited = people.decideNewPerson(slice({ subject: undefined }), { ...add, kind: "invite-person" }, context);
  const added = people.decideNewPerson(slice({ subject: undefined }), add, context);
  expect([changesOf(invited), changesOf(added)]).toEqual([1, 2]);
  const joining = (person: Person | undefined): string =>
    codeOf(people.decideJoining(slice({ person }), { kind: "join-organization" }, context));
  expect([joining(member("kim", { state: "invited" })), joining(kim), joining(undefined)]).toEqual([
    "accepted",
    "person.not-invited",
    "person.not-invited",
  ]);
});

test("everybody changes their own name and address, administrators anybody's", () => {
  const changing = (on: Partial<people.PeopleSlice>, name = "Kim Berg"): string =>
    codeOf(people.decideProfile(slice(on), { kind: "change-person", personId: "kim", name, email: null }, context));
  expect(changing({})).toBe("accepted");
  expect(changing({ person: member("ada"), subject: member("ada") })).toBe("accepted");
  expect(changing({ person: member("ada") })).toBe("person.not-yours");
  expect(changing({ person: undefined })).toBe("person.not-yours");
  expect(changing({}, "")).toBe("person.name-missing");
  expect([changing({ subject: undefined }), changing({ subject: gone })]).toEqual(["person.not-found", "person.not-found"]);
});

test("nobody changes their own roles, and one administrator always stays", () => {
  const changing = (on: Partial<people.PeopleSlice>, roles: people.ChangeRoles["roles"] = ["lead"]): string =>
    codeOf(people.decideRoles(slice(on), { kind: "change-roles", personId: "kim", roles }, context));
  const other = member("bo", { roles: ["administrator"] });
  expect(changing({})).toBe("accepted");
  expect(changing({ person: kim })).toBe("person.administrator-only");
  expect(changing({}, [])).toBe("person.roles-missing");
  expect([changing({ subject: undefined }), changing({ subject: gone })]).toEqual(["person.not-found", "person.not-found"]);
  expect(changing({ subject: ada })).toBe("person.own-roles");
  expect(changing({ subject: other, administrators: 1 })).toBe("person.last-administrator");
  expect(changing({ subject: other, administrators: 2 })).toBe("accepted");
  expect(changing({ subject: other, administrators: 1 }, ["administrator", "lead"])).toBe("accepted");
});

test("a membership is ended once, by another administrator, and never the last one's", () => {
  const removing = (on: Partial<people.PeopleSlice>) =>
    people.decideRemoval(slice(on), { kind: "remove-person", personId: "kim", reason: "Left." }, context);
  expect(codeOf(removing({ person: kim }))).toBe("person.administrator-only");
  expect(codeOf(removing({ subject: undefined }))).toBe("person.not-found");
  expect(codeOf(removing({ subject: gone }))).toBe("person.removed-before");
  expect(codeOf(removing({ subject: ada, administrators: 1 }))).toBe("person.last-administrator");
  expect(codeOf(removing({ subject: ada }))).toBe("person.own-removal");
  // Whoever never joined was never counted.
  expect([changesOf(removing({})), changesOf(removing({ subject: member("kim", { state: "invited" }) }))]).toEqual([2, 1]);
});

test("a removal is settled once it happened; again changes nothing", () => {
  const settling = (subject: Person | undefined) =>
    people.decideSettledRemoval({ subject }, { kind: "settle-removal", personId: "kim" }, context);
  expect([codeOf(settling(undefined)), codeOf(settling(kim))]).toEqual(["person.not-removed", "person.not-removed"]);
  expect([changesOf(settling(gone)), changesOf(settling({ ...gone, workReturned: true }))]).toEqual([1, 0]);
});

test("an outside account is tied to one member, and a member to one account", () => {
  const identity = { issuer: "https://id.example.org", subject: "1" } as const;
  const linking = (subject: Person | undefined, holder?: Person) =>
    people.decideIdentity({ subject, holder }, { kind: "link-identity", personId: "kim", identity }, context);
  expect([codeOf(linking(undefined)), codeOf(linking(gone))]).toEqual(["person.not-found", "person.not-found"]);
  expect(codeOf(linking(kim, ada))).toBe("person.identity-taken");
  expect(codeOf(linking(member("kim", { identity: { ...identity, subject: "2" } })))).toBe("person.identity-other");
  const tied = member("kim", { identity });
  expect([changesOf(linking(kim)), changesOf(linking(tied, tied))]).toEqual([1, 0]);
});
