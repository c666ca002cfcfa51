import { expect, test } from "vitest";
import { defaultPolicies } from "../../core/oversight/default-policies.ts";
import type { Role } from "../../core/oversight/person.ts";
import { type PolicyAction, type PolicyFacts, type PolicyRequest, policyActions } from "../../core/oversight/policy-request.ts";
import { cedarAuthorizer } from "./cedar-authorizer.ts";

const authorizer = cedarAuthorizer();

interface Case {
  readonly roles?: readonly Role[];
  readonly action: PolicyAction;
  readonly context?: Partial<PolicyFacts>;
  readonly allowed: boolean;
}

const requestOf = ({ roles = [], action, context = {} }: Omit<Case, "allowed">): PolicyRequest => ({
  principal: { id: "p", roles },
  action,
  resource: {
    id: "r",
    kind: "plan",
    project: "T",
    divisions: ["engineering"],
    risk: "high",
    amountMicro: 5_000_000,
    effectKind: "",
    rule: "plan.approval-required",
    rehearsal: false,
    alwaysReview: ["security"],
  },
  context: { askedRoles: [], handedOver: false, standsInFor: [], ...context },
});

const answers = ["answer-question", "decide-escalation", "judge-work", "decide-patch", "settle-effect"] as const;
const steering = ["steer-request", "reopen-request"] as const;
const plans = ["approve-plan", "change-plan"] as const;
const closedToAgents = ["approve-plan", "change-plan", "decide-patch", "settle-effect", "approve-tool-call", "record-decision"] as const;
const noCase = (allowed: boolean) => (action: PolicyAction) => ({ action, allowed }) as const;

/** For each policy alone, beside a permit for everything where it forbids: each condition on both sides, with near misses. */
const tables: { readonly [key: string]: readonly Case[] } = {
  "members-answer": [
    ...answers.map(noCase(true)),
    ...plans.map(noCase(false)),
    ...answers.map((action): Case => ({ action, roles: ["lead"], context: { askedRoles: ["lead"] }, allowed: false })),
  ],
  "asked-roles-answer": [
    ...answers.map((action): Case => ({
      action,
      roles: ["contributor", "lead"],
      context: { askedRoles: ["director", "lead"] },
      allowed: true,
    })),
    ...answers.map((action): Case => ({ action, roles: ["contributor"], context: { askedRoles: ["director", "lead"] }, allowed: false })),
    ...answers.map((action): Case => ({ action, roles: ["lead"], allowed: false })),
    ...plans.map((action): Case => ({ action, roles: ["lead"], context: { askedRoles: ["lead"] }, allowed: false })),
  ],
  "plan-approvers": [
    ...plans.flatMap((action) =>
      (["administrator", "director", "lead"] as const).flatMap((role): readonly Case[] => [
        { action, roles: [role], context: { askedRoles: ["administrator", "director", "lead"] }, allowed: true },
        { action, roles: [role], allowed: true },
        { action, roles: [role], context: { askedRoles: ["contributor"] }, allowed: false },
        { action, roles: ["contributor", role], context: { askedRoles: [role, "auditor"] }, allowed: true },
      ]),
    ),
    ...plans.flatMap((action) =>
      (["contributor", "agent", "auditor"] as const).flatMap((role): readonly Case[] => [
        { action, roles: [role], context: { askedRoles: ["administrator", "director", "lead"] }, allowed: false },
        { action, roles: [role], context: { askedRoles: [role] }, allowed: false },
        { action, roles: [role], allowed: false },
      ]),
    ),
    ...answers.map((action): Case => ({ action, roles: ["lead"], allowed: false })),
  ],
  "tool-approvers": [
    ...(["administrator", "director", "lead"] as const).flatMap((role): readonly Case[] => [
      { action: "approve-tool-call", roles: [role], context: { askedRoles: ["administrator", "director", "lead"] }, allowed: true },
      { action: "approve-tool-call", roles: [role], allowed: true },
      { action: "approve-tool-call", roles: [role], context: { askedRoles: ["contributor"] }, allowed: false },
      { action: "approve-tool-call", roles: ["contributor", role], context: { askedRoles: [role, "auditor"] }, allowed: true },
    ]),
    ...(["contributor", "agent", "auditor"] as const).flatMap((role): readonly Case[] => [
      { action: "approve-tool-call", roles: [role], context: { askedRoles: [role] }, allowed: false },
      { action: "approve-tool-call", roles: [role], allowed: false },
    ]),
    ...[...answers, ...plans].map((action): Case => ({ action, roles: ["lead"], allowed: false })),
  ],
  deciders: [
    ...(["administrator", "director", "lead"] as const).map((role): Case => ({ action: "record-decision", roles: [role], allowed: true })),
    ...(["contributor", "auditor"] as const).map((role): Case => ({ action: "record-decision", roles: [role], allowed: false })),
    { action: "record-decision", allowed: false },
    ...[...answers, ...plans].map((action): Case => ({ action, roles: ["lead"], allowed: false })),
  ],
  steerers: [
    ...steering.flatMap((action) =>
      (["administrator", "director", "lead", "contributor"] as const).map((role): Case => ({ action, roles: [role], allowed: true })),
    ),
    ...steering.map((action): Case => ({ action, roles: ["auditor", "lead"], allowed: true })),
    ...steering.flatMap((action) => (["agent", "auditor"] as const).map((role): Case => ({ action, roles: [role], allowed: false }))),
    ...[...answers, ...plans, "reassign-task" as const].map((action): Case => ({ action, roles: ["lead"], allowed: false })),
  ],
  "task-movers": [
    ...(["administrator", "director", "lead"] as const).map((role): Case => ({ action: "reassign-task", roles: [role], allowed: true })),
    { action: "reassign-task", roles: ["contributor", "lead"], allowed: true },
    ...(["contributor", "agent", "auditor"] as const).map((role): Case => ({ action: "reassign-task", roles: [role], allowed: false })),
    ...[...answers, ...plans, ...steering].map((action): Case => ({ action, roles: ["lead"], allowed: false })),
  ],
  "handed-over": [
    ...policyActions.map((action): Case => ({ action, context: { handedOver: true, askedRoles: ["director"] }, allowed: true })),
    ...policyActions.map((action): Case => ({ action, roles: ["director"], context: { askedRoles: ["director"] }, allowed: false })),
  ],
  "stands-in": [
    ...policyActions.map((action): Case => ({
      action,
      context: { standsInFor: ["lead", "director"], askedRoles: ["director"] },
      allowed: true,
    })),
    ...policyActions.map((action): Case => ({ action, context: { standsInFor: ["lead"], askedRoles: ["director"] }, allowed: false })),
    ...policyActions.map((action): Case => ({ action, context: { standsInFor: ["lead"] }, allowed: false })),
    ...policyActions.map((action): Case => ({ action, roles: ["director"], context: { askedRoles: ["director"] }, allowed: false })),
  ],
  "agents-approve-nothing": [
    ...closedToAgents.map((action): Case => ({ action, roles: ["agent", "director"], allowed: false })),
    ...closedToAgents.map((action): Case => ({ action, roles: ["director"], allowed: true })),
    ...policyActions
      .filter((action) => !closedToAgents.some((closed) => closed === action))
      .map((action): Case => ({ action, roles: ["agent"], allowed: true })),
  ],
};

const opened = "permit (principal, action, resource);";

/** The policy by itself; a forbid is read beside a permit for everything, which it has to stop. */
const alone = (text: string, forbids: boolean) => authorizer.prepare({ "one@1": text, ...(forbids ? { "open@1": opened } : {}) });

const isKilled = (text: string, forbids: boolean, table: readonly Case[]): boolean => {
  const prepared = alone(text, forbids);
  return table.some((one) => {
    const { allowed, errors } = prepared.decide(requestOf(one));
    return allowed !== one.allowed || errors.length > 0;
  });
};

/** Every fault of the list that the text can have. */
function mutantsOf(text: string): readonly { readonly fault: string; readonly text: string }[] {
  const [, head = "", condition = ""] = /^([\s\S]*?)when\s*\{([\s\S]*)\};\s*$/u.exec(text) ?? [];
  const parts = condition.split(/(?<=[\w\])])\s*&&\s*|\s*\|\|\s*/u);
  const actions = /action in \[([^\]]*)\]/u.exec(head)?.[1]?.split(", ") ?? [];
  const roles = /^\s*\[("[^\]]*)\]/u.exec(condition)?.[1]?.split(", ") ?? [];
  return [
    { fault: "negate", text: `${head} when { !(${condition}) };` },
    { fault: "drop all conditions", text: `${head.trim()};` },
    { fault: "flip", text: text.startsWith("permit") ? text.replace("permit", "forbid") : text.replace("forbid", "permit") },
    {
      fault: "delete",
      text: `${text.startsWith("permit") ? "permit" : "forbid"} (principal, action, resource) when { principal.roles.contains("nobody") };`,
    },
    { fault: "throw", text: `${head} when { (${condition}) && resource.amountMicro + 9223372036854775807 > 0 };` },
    ...(parts.length < 2 ? [] : [{ fault: "or for and", text: `${head} when { ${condition.replaceAll("&&", "||")} };` }]),
    ...(parts.slice(1).length === 0
      ? []
      : [
          { fault: "drop the first", text: text.replace(/\{\s*[^&]*&&/u, "{ ") },
          { fault: "drop the second", text: text.replace(/&&[\s\S]*\}/u, "}") },
        ]),
    ...actions.map((action) => ({
      fault: `without ${action}`,
      text: text.replace(/action in \[[^\]]*\]/u, `action in [${actions.filter((one) => one !== action).join(", ")}]`),
    })),
    ...(actions.length === 0 ? [] : [{ fault: "any action", text: text.replace(/action in \[[^\]]*\]/u, "action") }]),
    ...roles.map((role) => ({ fault: `without ${role}`, text: text.replace(role, '"nobody"') })),
    ...(roles.length === 0
      ? []
      : [
          {
            fault: "wider",
            text: text.replace(roles[0] ?? "", `${roles[0] ?? ""}, ${text.includes('"contributor"') ? '"agent"' : '"contributor"'}`),
          },
        ]),
    ...(text.includes('contains("agent")') ? [{ fault: "other role", text: text.replace('"agent"', '"auditor"') }] : []),
    ...(text.includes("containsAny") ? [{ fault: "all for any", text: text.replaceAll("containsAny", "containsAll") }] : []),
  ];
}

for (const { key, text } of defaultPolicies) {
  const table = tables[key] ?? [];
  const forbids = text.startsWith("forbid");

  test(`${key} decides as its truth table says, and nothing in it fails to evaluate`, () => {
    expect(authorizer.problemsOf(text)).toEqual([]);
    expect(table.length).toBeGreaterThan(0);
    const prepared = alone(text, forbids);
    for (const one of table) expect([one, prepared.decide(requestOf(one)).allowed]).toEqual([one, one.allowed]);
    for (const one of table) expect(prepared.decide(requestOf(one)).errors).toEqual([]);
  });

  test(`${key}: the table kills every mutant`, () => {
    const mutants = mutantsOf(text);
    expect(mutants.length).toBeGreaterThanOrEqual(5);
    expect(mutants.filter((mutant) => !isKilled(mutant.text, forbids, table))).toEqual([]);
    expect(isKilled(text, forbids, table)).toBe(false);
  });
}

test("all shipped policies together answer as the roles did before there were policies", () => {
  const set = authorizer.prepare(Object.fromEntries(defaultPolicies.map((policy) => [`${policy.key}@1`, policy.text])));
  const kinds = ["administrator", "director", "lead", "contributor", "auditor"] as const;
  for (const asked of [[], ["administrator", "director", "lead"], ["director", "lead"]] as const)
    for (const roles of [[], ...kinds.map((role) => [role])] as const)
      for (const action of answers) {
        const may = asked.length === 0 || asked.some((role) => roles.some((held) => held === role));
        expect(set.decide(requestOf({ action, roles, context: { askedRoles: asked } })).allowed).toBe(may);
      }
});

test("no combination of roles with agent in it, however handed over, reaches a plan", () => {
  const set = authorizer.prepare(Object.fromEntries(defaultPolicies.map((policy) => [`${policy.key}@1`, policy.text])));
  const others = ["administrator", "director", "lead", "contributor", "auditor"] as const;
  for (let mask = 0; mask < 2 ** others.length; mask++)
    for (const handedOver of [false, true])
      for (const standsInFor of [[], ["director"]] as const)
        for (const action of plans) {
          const roles: readonly Role[] = ["agent", ...others.filter((_, index) => (mask & (1 << index)) !== 0)];
          const verdict = set.decide(requestOf({ action, roles, context: { askedRoles: ["director"], handedOver, standsInFor } }));
          expect([verdict.allowed, verdict.policies]).toEqual([false, ["agents-approve-nothing@1"]]);
        }
});
