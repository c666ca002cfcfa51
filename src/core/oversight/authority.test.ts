import { expect, test } from "vitest";
import { asId } from "../shared/ids.ts";
import { type AuthorityFacts, answerProblem, decideAuthority, otherDeciders } from "./authority.ts";
import type { InboxItem, ItemChoice, ItemState } from "./inbox-item.ts";
import type { Person, Role } from "./person.ts";
import type { PolicyBasis, PolicyFacts, PolicyVerdict } from "./policy-request.ts";

const member = (id: string, roles: readonly Role[], state: Person["state"] = "active"): Person => ({
  id,
  version: 1,
  eventCount: 1,
  name: id,
  email: null,
  roles,
  state,
});
const bools = [false, true] as const;

const basis = (verdict: Partial<PolicyVerdict>, context: Partial<PolicyFacts> = {}, roles: readonly Role[] = []): PolicyBasis => ({
  request: {
    principal: { id: "p", roles },
    action: "approve-plan",
    resource: {
      id: "r",
      kind: "plan",
      project: "T",
      divisions: [],
      risk: "low",
      amountMicro: 0,
      effectKind: "",
      rule: "",
      rehearsal: false,
      alwaysReview: [],
    },
    context: { askedRoles: [], handedOver: false, standsInFor: [], ...context },
  },
  verdict: { allowed: false, policies: [], errors: [], ...verdict },
  setSha256: "set",
  statements: ["It says so."],
});

const verdicts = {
  permitted: { allowed: true, policies: ["a@1"] },
  forbidden: { policies: ["b@2"] },
  unmentioned: {},
  broken: { errors: ["a@1: overflow"] },
  permittedAndBroken: { allowed: true, policies: ["a@1"], errors: ["b@2: overflow"] },
} as const;

test("grants exactly what the truth table of verdict, membership, own work, others and confirmation allows", () => {
  for (const kind of ["person", "persona", "system"] as const)
    for (const state of ["active", "invited", "removed", "absent"] as const)
      for (const [name, verdict] of Object.entries(verdicts))
        for (const isOwnWork of bools)
          for (const others of [0, 1])
            for (const confirmation of [null, "T-2", "T-1"]) {
              const person = state === "absent" ? undefined : member("p", ["lead"], state);
              const facts: AuthorityFacts = {
                actor: { kind, id: "p" },
                person,
                basis: basis(verdict),
                standIn: undefined,
                otherDeciders: others,
                isOwnWork,
                confirmation,
                shortId: "T-1",
              };
              const stands = kind === "person" && state === "active" && name === "permitted";
              const may = stands && (!isOwnWork || (others === 0 && confirmation === "T-1"));
              const authority = decideAuthority(facts);
              expect(authority.kind).toBe(may ? "granted" : "denied");
              expect(authority.kind === "granted" && authority.soloWaiver).toBe(may && isOwnWork);
            }
});

test("says by which standing and which policy, and why not", () => {
  const facts = (over: Partial<AuthorityFacts>): AuthorityFacts => ({
    actor: { kind: "person", id: "p" },
    person: member("p", ["lead"]),
    basis: basis(verdicts.permitted),
    standIn: undefined,
    otherDeciders: 0,
    isOwnWork: false,
    confirmation: null,
    shortId: "",
    ...over,
  });
  const permitted = (context: Partial<PolicyFacts>): PolicyBasis => basis(verdicts.permitted, context, ["lead"]);
  expect(decideAuthority(facts({ basis: permitted({ askedRoles: ["director", "lead"] }) }))).toMatchObject({ rule: "role:lead, by a@1" });
  expect(decideAuthority(facts({ basis: permitted({}) }))).toMatchObject({ rule: "any-member, by a@1" });
  expect(decideAuthority(facts({ basis: permitted({ askedRoles: ["director"], handedOver: true }) }))).toMatchObject({
    rule: "delegate, by a@1",
  });
  const standIn = { rule: "delegated-by:q" } as const;
  expect(decideAuthority(facts({ basis: permitted({ askedRoles: ["director"] }), standIn }))).toMatchObject({
    rule: "delegated-by:q, by a@1",
  });
  expect(decideAuthority(facts({ isOwnWork: true, confirmation: "" }))).toMatchObject({ rule: "any-member, by a@1, solo waiver" });
  expect(decideAuthority(facts({ basis: basis(verdicts.forbidden) }))).toMatchObject({ code: "authority.forbidden" });
  expect(decideAuthority(facts({ basis: basis(verdicts.broken) }))).toMatchObject({ code: "authority.policy-error" });
  expect(decideAuthority(facts({ basis: basis({}, { askedRoles: ["director"] }) }))).toMatchObject({
    code: "authority.wrong-role",
    message: "This needs one of the roles director; you have lead.",
  });
});

test("counts as another only an active member whose own work it is not and whom the policies permit", () => {
  const members = [member("me", ["lead"]), member("b", ["lead"]), member("c", ["lead"], "removed"), member("d", []), member("e", ["lead"])];
  const among = (excluded: readonly string[], may: (one: Person) => boolean, of = members): number =>
    otherDeciders({ excludedPersonIds: excluded.map((id) => asId<"person">(id)) }, { members: of, actorId: "me", may });
  const isLead = (one: Person): boolean => one.roles.includes("lead");
  expect(among(["e"], isLead)).toBe(1);
  expect(among(["b", "e"], isLead)).toBe(0);
  expect(among([], () => false)).toBe(0);
  const many = Array.from({ length: 300 }, (_, index) => member(`m${index}`, []));
  expect(among([], () => false, many)).toBe(1);
});

const item = (state: ItemState, needs: ItemChoice["needs"]): InboxItem => ({
  id: "i",
  version: 1,
  eventCount: 1,
  kind: "question",
  state,
  requestId: asId("r"),
  subjectKind: "request",
  subjectId: "r",
  title: "",
  detail: "",
  ruleId: "",
  choices: [{ id: "yes", label: "Yes", needs }],
  risk: "low",
  roles: [],
  excludedPersonIds: [],
  delegateId: null,
  evidence: {},
  askedAtMs: 0,
  dueAtMs: null,
  defaultChoice: null,
  answer: null,
});
const given = { choice: "yes", value: null, reason: "", inputs: [] };

test("takes no answer that is late, unknown or lacks a part", () => {
  for (const state of ["answered", "expired", "withdrawn"] as const)
    expect(answerProblem(item(state, "nothing"), given)?.code).toBe("inbox.already-closed");
  expect(answerProblem(item("open", "nothing"), { ...given, choice: "no" })?.code).toBe("inbox.unknown-choice");
  for (const needs of ["reason", "text", "playbook", "plan", "input"] as const)
    expect(answerProblem(item("open", needs), given)?.code).toBe(`inbox.${needs}-missing`);
  for (const needs of ["reason", "text", "playbook", "plan", "input"] as const) {
    expect(answerProblem(item("delegated", needs), { choice: "yes", value: "x", reason: "y", inputs: [1] })).toBeNull();
  }
  expect(answerProblem(item("open", "plan"), { ...given, value: "" })?.code).toBe("inbox.plan-missing");
  for (const needs of ["nothing", "task"] as const) expect(answerProblem(item("open", needs), given)).toBeNull();
});
