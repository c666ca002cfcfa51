import { expect, test } from "vitest";
import { asId } from "../shared/ids.ts";
import { type AuthorityFacts, answerProblem, decideAuthority, otherDeciders } from "./authority.ts";
import type { InboxItem, ItemChoice, ItemState } from "./inbox-item.ts";
import type { Person, Role } from "./person.ts";

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

test("grants exactly what the truth table of role, delegation, own work, others and confirmation allows", () => {
  for (const kind of ["person", "persona", "system"] as const)
    for (const state of ["active", "removed", "absent"] as const)
      for (const asked of [[], ["lead"]] as const satisfies readonly (readonly Role[])[])
        for (const held of [[], ["lead"]] as const satisfies readonly (readonly Role[])[])
          for (const isDelegate of bools)
            for (const isOwnWork of bools)
              for (const otherCount of [0, 2])
                for (const confirmation of [null, "T-2", "T-1"]) {
                  const person = state === "absent" ? undefined : member("p", held, state);
                  const facts: AuthorityFacts = {
                    actor: { kind, id: "p" },
                    person,
                    otherDeciders: otherCount,
                    isOwnWork,
                    isDelegate,
                    confirmation,
                    shortId: "T-1",
                  };
                  const stands = kind === "person" && state === "active" && (asked.length === 0 || held.length > 0 || isDelegate);
                  const may = stands && (!isOwnWork || (otherCount === 0 && confirmation === "T-1"));
                  const authority = decideAuthority(asked, facts);
                  expect(authority.kind).toBe(may ? "granted" : "denied");
                  expect(authority.kind === "granted" && authority.soloWaiver).toBe(may && isOwnWork);
                }
});

test("names the rule that gave the authority", () => {
  const facts: AuthorityFacts = {
    actor: { kind: "person", id: "p" },
    person: member("p", ["lead"]),
    otherDeciders: 0,
    isOwnWork: false,
    isDelegate: false,
    confirmation: null,
    shortId: "",
  };
  expect(decideAuthority(["director", "lead"], facts)).toMatchObject({ rule: "role:lead" });
  expect(decideAuthority([], facts)).toMatchObject({ rule: "any-member" });
  expect(decideAuthority(["director"], { ...facts, isDelegate: true })).toMatchObject({ rule: "delegate" });
  expect(decideAuthority([], { ...facts, isOwnWork: true, confirmation: "" })).toMatchObject({ rule: "any-member, solo waiver" });
});

test("counts as others only active members with a role whose own work it is not", () => {
  const members = [
    member("me", ["lead"]),
    member("b", ["lead"]),
    member("c", ["lead"], "removed"),
    member("d", ["contributor"]),
    member("e", ["lead"]),
  ];
  expect(otherDeciders({ roles: ["lead"], excludedPersonIds: [asId("e")] }, members, "me")).toBe(1);
  expect(otherDeciders({ roles: [], excludedPersonIds: [] }, members, "me")).toBe(3);
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
