import { expect, test } from "vitest";
import { decideOn, proposeRequest } from "../../../test/support/active-request.ts";
import { type CoreWorld, documentOf, hashOf, look, openCoreWorld, person, type Told } from "../../../test/support/core-world.ts";
import { decisionKind } from "../../core/oversight/decision.ts";
import { defaultPolicies } from "../../core/oversight/default-policies.ts";
import { policyKind, policyName } from "../../core/oversight/policy.ts";
import type { Command } from "../shared/commands.ts";
import { policyDiffView, policyListView } from "./policy-view.ts";

const text = 'forbid (principal, action == Action::"approve-plan", resource)\nwhen { resource.risk == "low" };';
const propose = (key: string, body = text) =>
  ({ kind: "propose-policy", key, statement: `About ${key}.`, text: body, reason: "So." }) as const;
const idOf = (told: Told): string => (told.kind === "ok" ? (told.answer["id"] as string) : `refused ${told.code}`);
const agree = (policyId: string, confirmation: string | null = null) => ({ kind: "agree-policy", policyId, confirmation }) as const;

/** Founder, a director, a lead, a contributor, an auditor, an agent's account with the role of a director as well. */
const open = async () => {
  const world = await openCoreWorld([["director"], ["lead", "contributor"], ["contributor"], ["auditor"], ["agent", "director"]]);
  const [founder = "", director = "", lead = "", contributor = "", auditor = "", agent = ""] = world.people;
  return {
    world,
    founder: person(founder),
    director: person(director),
    others: [lead, contributor, auditor, agent].map(person),
    lead: person(lead),
  };
};

const stateOf = async (world: CoreWorld, id: string) => (await world.rows(policyKind)).find((policy) => policy.id === id)?.state;
const inForce = async (world: CoreWorld) =>
  (await world.rows(policyKind)).filter((policy) => policy.state === "in-force").map((policy) => policyName(policy));

test("an organization begins with the shipped policies in force, which are installed once", async () => {
  const { world } = await open();
  const shipped = defaultPolicies.map((policy) => `${policy.key}@1`).sort();
  expect((await inForce(world)).sort()).toEqual(shipped);
  await world.tell({ kind: "system", id: "first-run" }, { kind: "install-policies" });
  expect((await inForce(world)).sort()).toEqual(shipped);
});

test("two people put a policy in force, from the next decision on, and the decision names what it rests on", async () => {
  const { world, founder, director, lead } = await open();
  const first = await proposeRequest(world, [{ task: "a" }]);
  expect(await world.tell(lead, decideOn(first.planId))).toMatchObject({ kind: "ok" });
  const [decision] = await world.rows(decisionKind);
  expect(decision).toMatchObject({
    authority: "role:lead, by plan-approvers@1",
    evidence: {
      policy: {
        policies: ["plan-approvers@1"],
        statements: [defaultPolicies.find((policy) => policy.key === "plan-approvers")?.statement],
        request: {
          principal: { id: lead.id, roles: ["contributor", "lead"] },
          action: "approve-plan",
          resource: { kind: "plan", project: "T", risk: "low" },
          context: { askedRoles: ["administrator", "director", "lead"], handedOver: false, standsInFor: [] },
        },
      },
    },
  });
  const policy = idOf(await world.tell(director, propose("no-low")));
  expect(await stateOf(world, policy)).toBe("proposed");
  expect(await world.tell(director, agree(policy, "no-low@1"))).toMatchObject({ code: "policy.second-person" });
  expect(await world.tell(founder, agree(policy))).toMatchObject({ answer: { state: "in-force" } });
  const second = await proposeRequest(world, [{ task: "a" }]);
  expect(await world.tell(lead, decideOn(second.planId))).toMatchObject({ code: "authority.forbidden" });
  await world.tell(founder, { kind: "withdraw-policy", policyId: policy, reason: "Too strict." });
  expect(await world.tell(lead, decideOn(second.planId))).toMatchObject({ code: "authority.forbidden" });
  expect(await world.tell(director, agree(policy))).toMatchObject({ answer: { state: "withdrawn" } });
  expect(await world.tell(lead, decideOn(second.planId))).toMatchObject({ kind: "ok" });
});

test("a policy that fails to evaluate denies, and is put right by people all the same", async () => {
  const { world, founder, director, lead } = await open();
  const broken = "permit (principal, action, resource) when { resource.amountMicro + 9223372036854775807 + 1 > 0 };";
  const policy = idOf(await world.tell(director, propose("broken", broken)));
  await world.tell(founder, agree(policy));
  const { planId } = await proposeRequest(world, [{ task: "a" }]);
  expect(await world.tell(lead, decideOn(planId))).toMatchObject({ code: "authority.policy-error" });
  const mended = idOf(
    await world.tell(founder, propose("broken", "permit (principal, action, resource) when { resource.amountMicro < 0 };")),
  );
  expect(await world.tell(director, agree(mended))).toMatchObject({ answer: { state: "in-force" } });
  expect(await stateOf(world, policy)).toBe("superseded");
  expect(await world.tell(lead, decideOn(planId))).toMatchObject({ kind: "ok" });
});

test("nobody but administrators and directors, and no program, persona or part of the engine, touches a policy", async () => {
  const { world, founder, director, others } = await open();
  const waiting = idOf(await world.tell(director, propose("waiting")));
  const before = (await world.rows(policyKind)).length;
  for (const actor of [...others, { kind: "persona", id: "writer" } as const, { kind: "system", id: "worker" } as const]) {
    const commands = [
      propose("mine"),
      agree(waiting),
      { kind: "reject-policy", policyId: waiting, reason: "x" } as const,
      { kind: "withdraw-policy", policyId: waiting, reason: "x" } as const,
    ];
    for (const command of commands)
      expect([actor, await world.tell(actor, command)]).toMatchObject([actor, { kind: "refused", failure: "forbidden" }]);
  }
  expect(await world.tell(founder, { kind: "install-policies" })).toMatchObject({ failure: "forbidden" });
  expect([(await world.rows(policyKind)).length, await stateOf(world, waiting)]).toEqual([before, "proposed"]);
});

test("whoever is alone types the policy's name, which is on record; a second person ends that", async () => {
  const world = await openCoreWorld([["lead"]]);
  const founder = person(world.people[0] ?? "");
  const policy = idOf(await world.tell(founder, propose("alone")));
  for (const typed of [null, "", "alone", "alone@2"])
    expect(await world.tell(founder, agree(policy, typed))).toMatchObject({ code: "policy.solo-confirmation-missing" });
  expect(await world.tell(founder, agree(policy, "alone@1"))).toMatchObject({ answer: { state: "in-force" } });
  expect((await world.rows(policyKind)).find((one) => one.id === policy)).toMatchObject({ soloWaiver: true, approvedBy: [founder.id] });
  await world.tell(founder, { kind: "add-person", id: world.newId(), name: "Two", email: null, roles: ["director"] });
  const next = idOf(await world.tell(founder, propose("alone")));
  expect(await world.tell(founder, agree(next, "alone@2"))).toMatchObject({ code: "policy.second-person" });
});

test("refuses what cannot be read, with its line, and what is settled already", async () => {
  const { world, founder, director } = await open();
  const bad = await world.tell(director, propose("bad", "permit (principal, action, resource)\nwhen { principal.nobody };"));
  expect(bad).toMatchObject({ code: "policy.invalid" });
  for (const key of ["", "Bad", "a b", "x".repeat(70)])
    expect(await world.tell(director, propose(key))).toMatchObject({ code: "policy.bad-key" });
  const policy = idOf(await world.tell(director, propose("once")));
  expect(await world.tell(director, { kind: "reject-policy", policyId: policy, reason: "No." })).toMatchObject({
    answer: { state: "rejected" },
  });
  expect(await world.tell(founder, agree(policy))).toMatchObject({ code: "policy.not-open" });
  const [older, newer] = [idOf(await world.tell(director, propose("twice"))), idOf(await world.tell(director, propose("twice")))];
  expect(await world.tell(founder, agree(newer))).toMatchObject({ kind: "ok" });
  expect(await world.tell(founder, agree(older))).toMatchObject({ code: "policy.old-version" });
});

test("a diff finds exactly the decisions that a planted policy would have refused", async () => {
  const { world, founder, director, lead } = await open();
  const by = [lead, director, lead, founder, director];
  for (const actor of by) {
    const { planId } = await proposeRequest(world, [{ task: "a" }]);
    await world.tell(actor, decideOn(planId, "reject"));
  }
  const clock = { pause: () => Promise.resolve() };
  const { policies } = world.engine;
  const use = { policies, organizationId: world.scope.organizationId, clock };
  const diff = (key: string, body: string | null) =>
    world.engine.read(world.scope, (reader) => policyDiffView(reader, { key, text: body, statement: "" }, use));
  const noLeads =
    'forbid (principal, action == Action::"approve-plan", resource) when { principal.roles.contains("lead") && !principal.roles.contains("administrator") };';
  const planted = await diff("no-leads", noLeads);
  expect([planted.flipCount, planted.replayed, planted.complete]).toEqual([2, 5, true]);
  expect(planted.flips.map((flip) => [flip.who.id, flip.before.policies, flip.after.policies])).toEqual([
    [lead.id, ["plan-approvers@1"], ["no-leads@1"]],
    [lead.id, ["plan-approvers@1"], ["no-leads@1"]],
  ]);
  expect(planted.reach.map((one) => one.who.id)).toEqual([lead.id]);
  expect((await diff("plan-approvers", null)).flipCount).toBe(5);
  expect((await diff("harmless", 'forbid (principal, action, resource) when { resource.project == "OTHER" };')).flipCount).toBe(0);
  const wide = await diff("wide", "permit (principal, action, resource);");
  expect(wide.flipCount).toBe(0);
  expect(wide.reach.every((one) => !one.before.allowed && one.after.allowed)).toBe(true);
  expect(wide.reachCount).toBeGreaterThan(0);
  expect((await diff("broken", "permit (")).flipCount).toBe(5);
});

test("the list says to each person what they may do about what waits", async () => {
  const { world, founder, director, lead } = await open();
  await world.tell(director, propose("waiting"));
  const seen = async (viewerId: string) =>
    world.engine.read(world.scope, (reader) =>
      policyListView(reader, { policies: world.engine.policies, organizationId: world.scope.organizationId, viewerId, all: false }),
    );
  expect((await seen(founder.id)).items[0]).toMatchObject({ name: "waiting@1", may: { agree: true, reject: true, confirm: null } });
  expect((await seen(director.id)).items[0]).toMatchObject({
    may: { agree: false, reject: true, whyNot: expect.stringMatching(/another/u) as string },
  });
  expect((await seen(lead.id)).items[0]).toMatchObject({ may: { agree: false, reject: false, withdraw: false } });
  expect((await seen(lead.id)).mayPropose).toBe(false);
});

test("nobody decides about a plan they wrote, by any policy, while another could", async () => {
  const { world, founder, director, lead } = await open();
  const policy = idOf(await world.tell(director, propose("everything", "permit (principal, action, resource);")));
  await world.tell(founder, agree(policy));
  const { requestId } = await proposeRequest(world, [{ task: "a" }]);
  const document = documentOf([{ task: "b" }]);
  const origin = { kind: "person", name: "x", edited: true, authorId: null } as const;
  await world.tell(lead, {
    kind: "propose-plan",
    requestId,
    epoch: null,
    document,
    documentSha256: hashOf(document),
    origin,
    forecast: null,
  });
  const planId = (await look(world)).plans.at(-1)?.id ?? "";
  expect(await world.tell(lead, decideOn(planId))).toMatchObject({ code: "authority.own-work" });
  expect(await world.tell(director, decideOn(planId))).toMatchObject({ kind: "ok" });
});

test("steering, reassigning and reopening ask the policies in force, and a refusal names the one that forbids", async () => {
  const { world, founder, director, lead } = await open();
  const { requestId, planId } = await proposeRequest(world, [{ task: "a" }]);
  await world.tell(lead, decideOn(planId));
  const steer = (kind: "pause-request" | "resume-request" | "cancel-request") => world.tell(lead, { kind, requestId, reason: "So." });
  expect(await steer("pause-request")).toMatchObject({ kind: "ok" });
  expect((await world.rows(decisionKind)).find((made) => made.choice === "pause-request")).toMatchObject({
    authority: "any-member, by steerers@1",
    evidence: { policy: { request: { action: "steer-request", resource: { kind: "request", rule: "request.pause" } } } },
  });
  const taskId = (await look(world)).tasks[0]?.id ?? "";
  const { organizationId, projectIds } = world.scope;
  const tell = (command: Command) =>
    world.engine.apply({ organizationId, projectId: projectIds[0] ?? null, actor: lead, key: world.newId() }, command);
  const acts: readonly (readonly [key: string, action: string, when: string, command: Command])[] = [
    ["no-resume", "steer-request", 'resource.rule == "request.resume"', { kind: "resume-request", requestId, reason: "So." }],
    ["no-cancel", "steer-request", 'resource.rule == "request.cancel"', { kind: "cancel-request", requestId, reason: "So." }],
    ["no-move", "reassign-task", 'resource.kind == "task"', { kind: "reassign-task", taskId, toPersona: "editor", reason: "So." }],
  ];
  for (const [key, action, when, command] of acts) {
    const body = `forbid (principal, action == Action::"${action}", resource) when { ${when} };`;
    await world.tell(founder, agree(idOf(await world.tell(director, propose(key, body)))));
    await expect(tell(command)).rejects.toMatchObject({
      code: "authority.forbidden",
      message: `Policy ${key}@1 forbids this: About ${key}.`,
    });
  }
  expect((await look(world)).requests.find((request) => request.id === requestId)?.state).toBe("paused");
});

test("a reassignment is on record with what the policies were asked, and is replayed under others", async () => {
  const { world, lead } = await open();
  const { planId } = await proposeRequest(world, [{ task: "a" }]);
  await world.tell(lead, decideOn(planId));
  const taskId = (await look(world)).tasks[0]?.id ?? "";
  expect(await world.tell(lead, { kind: "reassign-task", taskId, toPersona: "editor", reason: "Knows it better." })).toMatchObject({
    kind: "ok",
  });
  const [made] = (await world.rows(decisionKind)).filter(({ choice }) => choice === "reassign-task");
  expect(made).toMatchObject({
    subjectKind: "task",
    subjectId: taskId,
    rationale: "Knows it better.",
    evidence: { to: "editor", policy: { request: { action: "reassign-task", resource: { kind: "task", rule: "task.reassign" } } } },
  });
  const use = { policies: world.engine.policies, organizationId: world.scope.organizationId, clock: { pause: () => Promise.resolve() } };
  const forbidden = { key: "no-move", text: 'forbid (principal, action == Action::"reassign-task", resource);', statement: "" };
  const { flips } = await world.engine.read(world.scope, (reader) => policyDiffView(reader, forbidden, use));
  expect(flips.map(({ decisionId, action }) => [decisionId, action])).toEqual([[made?.id, "reassign-task"]]);
});
