import { expect, test } from "vitest";
import type { DecideContext } from "../shared/decide-context.ts";
import type { Decided } from "../shared/transition.ts";
import {
  type AgreePolicy,
  type ExistingPolicySlice,
  decidePolicyAgreement,
  decidePolicyInstallation,
  decidePolicyProposal,
  decidePolicyRejection,
  decidePolicyWithdrawal,
} from "./decide-policy.ts";
import { defaultPolicies } from "./default-policies.ts";
import type { Organization, Person, Role } from "./person.ts";
import { type Policy, policyLimits } from "./policy.ts";

let made = 0;
const context: DecideContext = { actor: { kind: "person", id: "dana" }, nowMs: 100, newId: () => `new-${String((made += 1))}` };
const row = { version: 1, eventCount: 1 } as const;
const organization: Organization = { ...row, id: "o", name: "Acme", currency: "EUR", peopleCount: 2 };
const member = (id: string, ...roles: readonly Role[]): Person => ({ ...row, id, name: id, email: null, roles, state: "active" });
const dana = member("dana", "director");
const ada = member("ada", "administrator");
const outsiders = [undefined, member("lea", "lead"), member("bot", "administrator", "agent"), { ...ada, state: "removed" } as const];
const policy = (fields: Partial<Policy> = {}): Policy => ({
  ...row,
  id: "deciders-2",
  key: "deciders",
  policyVersion: 2,
  state: "proposed",
  statement: "Leads decide.",
  text: "permit (principal, action, resource);",
  reason: "Wanted.",
  proposedBy: "dana",
  proposedAtMs: 1,
  approvedBy: ["dana"],
  soloWaiver: false,
  decidedAtMs: null,
  withdrawal: null,
  ...fields,
});
const inForce = (fields: Partial<Policy> = {}) => policy({ id: "deciders-1", policyVersion: 1, state: "in-force", ...fields });
const wanted = { by: "dana", reason: "Unused.", atMs: 2 };
const bad = { message: "expected `;`", line: 3, column: 7 };
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const messageOf = (decided: Decided) => (decided.kind === "refused" ? decided.details["message"] : "accepted");
const answerOf = (decided: Decided) => (decided.kind === "refused" ? decided.code : decided.transition.answer);
const changesOf = (decided: Decided) => (decided.kind === "refused" ? [] : decided.transition.changes.map((change) => change.after));
const slice: ExistingPolicySlice = {
  organization,
  person: ada,
  members: [dana, ada],
  policy: policy(),
  predecessor: undefined,
  inForceCount: 3,
  problems: [],
};

type Proposing = Parameters<typeof decidePolicyProposal>;
const proposing = (wish: Partial<Proposing[1]>, on: Partial<Proposing[0]> = {}): Decided => {
  const { key, statement, text, reason } = policy();
  return decidePolicyProposal(
    { organization, person: dana, members: [dana, ada], versions: [], problems: [], openCount: 0, ...on },
    { kind: "propose-policy", key, statement, text, reason, ...wish },
    context,
  );
};
const agreeing = (on: Partial<ExistingPolicySlice>, confirmation: AgreePolicy["confirmation"] = null): Decided =>
  decidePolicyAgreement({ ...slice, ...on }, { kind: "agree-policy", policyId: "any", confirmation }, context);
const rejecting = (on: Partial<ExistingPolicySlice>, reason = "No."): Decided =>
  decidePolicyRejection({ ...slice, ...on }, { kind: "reject-policy", policyId: "any", reason }, context);
const withdrawing = (on: Partial<ExistingPolicySlice>, reason = "Unused."): Decided =>
  decidePolicyWithdrawal({ ...slice, policy: inForce(), ...on }, { kind: "withdraw-policy", policyId: "any", reason }, context);

test("policies are changed by an administrator or director, and by no program", () => {
  for (const person of outsiders)
    for (const decided of [proposing({}, { person }), agreeing({ person }), rejecting({ person }), withdrawing({ person })])
      expect(codeOf(decided)).toBe("policy.wrong-role");
});

test("a proposal is complete and valid, one of a bounded number, and the next version of its key", () => {
  expect(answerOf(proposing({}))).toMatchObject({ state: "proposed", name: "deciders@1" });
  expect(answerOf(proposing({}, { versions: [inForce(), policy({ policyVersion: 4 })] }))).toMatchObject({ name: "deciders@5" });
  for (const key of ["", "Deciders", "1st", "x".repeat(65)]) expect(codeOf(proposing({ key }))).toBe("policy.bad-key");
  for (const statement of [" ", "x".repeat(policyLimits.statementChars + 1)])
    expect(codeOf(proposing({ statement }))).toBe("policy.bad-statement");
  for (const reason of [" ", "x".repeat(policyLimits.reasonChars + 1)]) expect(codeOf(proposing({ reason }))).toBe("policy.reason-missing");
  expect(codeOf(proposing({}, { openCount: policyLimits.proposed }))).toBe("policy.too-many");
  expect(messageOf(proposing({}, { problems: [bad] }))).toBe("The policy is not valid: line 3, column 7: expected `;`");
  expect(messageOf(proposing({}, { problems: [{ ...bad, line: 0 }] }))).toBe("The policy is not valid: expected `;`");
});

test("a proposal comes into force by a second person, in the place of the version before", () => {
  expect(changesOf(agreeing({}))).toMatchObject([
    { state: "in-force", approvedBy: ["dana", "ada"], soloWaiver: false, decidedAtMs: 100 },
    {},
  ]);
  expect(changesOf(agreeing({ predecessor: inForce(), inForceCount: policyLimits.inForce }))).toMatchObject([
    { state: "superseded" },
    { state: "in-force" },
    { id: "o" },
  ]);
  expect(codeOf(agreeing({ inForceCount: policyLimits.inForce }))).toBe("policy.too-many");
  expect(codeOf(agreeing({ predecessor: inForce({ policyVersion: 3 }) }))).toBe("policy.old-version");
  expect(codeOf(agreeing({ problems: [bad] }))).toBe("policy.invalid");
});

test("whoever proposed agrees only where nobody else can, and types its name", () => {
  expect(codeOf(agreeing({ person: dana }, "deciders@2"))).toBe("policy.second-person");
  const alone = { person: dana, members: [dana, member("lea", "lead")] };
  for (const typed of [null, "deciders", "deciders@1"]) expect(codeOf(agreeing(alone, typed))).toBe("policy.solo-confirmation-missing");
  expect(changesOf(agreeing(alone, "deciders@2"))[0]).toMatchObject({ state: "in-force", approvedBy: ["dana"], soloWaiver: true });
});

test("a policy leaves force by the wish of one and the agreement of another", () => {
  expect(changesOf(withdrawing({}))).toMatchObject([{ state: "in-force", withdrawal: { by: "ada", reason: "Unused.", atMs: 100 } }]);
  expect(messageOf(withdrawing({ policy: inForce({ withdrawal: wanted }) }))).toBe("Its withdrawal waits for agreement already.");
  expect(messageOf(withdrawing({ policy: policy() }))).toBe("deciders@2 is proposed.");
  for (const reason of ["", "x".repeat(policyLimits.reasonChars + 1)])
    expect(codeOf(withdrawing({}, reason))).toBe("policy.reason-missing");

  expect(codeOf(agreeing({ policy: inForce() }))).toBe("policy.not-open");
  expect(codeOf(agreeing({ policy: inForce({ state: "superseded", withdrawal: wanted }) }))).toBe("policy.not-open");
  const taken = agreeing({ policy: inForce({ withdrawal: wanted }) });
  expect(answerOf(taken)).toMatchObject({ state: "withdrawn", name: "deciders@1" });
  const alone = agreeing({ policy: inForce({ withdrawal: wanted }), person: dana, members: [dana] }, "deciders@1");
  expect([taken, alone].map((decided) => (decided.kind === "refused" ? "" : decided.transition.events[0]?.data))).toMatchObject([
    { approvedBy: ["dana", "ada"], soloWaiver: false },
    { approvedBy: ["dana"], soloWaiver: true },
  ]);
});

test("turning down ends a proposal, or the wish to withdraw, and nothing else", () => {
  expect(changesOf(rejecting({}))).toMatchObject([{ state: "rejected", decidedAtMs: 100 }]);
  expect(changesOf(rejecting({ policy: inForce({ withdrawal: wanted }) }))).toMatchObject([{ state: "in-force", withdrawal: null }]);
  expect(codeOf(rejecting({ policy: inForce() }))).toBe("policy.not-open");
  for (const reason of [" ", "x".repeat(policyLimits.reasonChars + 1)]) expect(codeOf(rejecting({}, reason))).toBe("policy.reason-missing");
});

test("shipped policies that an organization never had come by the system alone, once", () => {
  const installing = (bySystem: boolean, known: readonly string[]): Decided =>
    decidePolicyInstallation({ organization, bySystem, known: new Set(known) }, { kind: "install-policies" }, context);
  expect(codeOf(installing(false, []))).toBe("policy.wrong-role");
  const keys = defaultPolicies.map((shipped) => shipped.key);
  expect(answerOf(installing(true, []))).toMatchObject({ installed: keys.length });
  expect(answerOf(installing(true, keys.slice(1)))).toMatchObject({ installed: 1 });
  expect(changesOf(installing(true, keys))).toEqual([]);
});
