import { expect, test } from "vitest";
import type { PolicyRequest } from "../../core/oversight/policy-request.ts";
import { cedarAuthorizer } from "./cedar-authorizer.ts";

const authorizer = cedarAuthorizer();

const request: PolicyRequest = {
  principal: { id: "p", roles: ["lead"] },
  action: "approve-plan",
  resource: {
    id: "r",
    kind: "plan",
    project: "T",
    divisions: [],
    risk: "low",
    amountMicro: 5,
    effectKind: "",
    rule: "",
    rehearsal: false,
    alwaysReview: [],
  },
  context: { askedRoles: ["lead"], handedOver: false, standsInFor: [] },
};

const permit = "permit (principal, action, resource);";
const overflow = "forbid (principal, action, resource)\nwhen { resource.amountMicro + 9223372036854775807 < 0 };";

test("denies without a policy, and names the policy that permits or forbids", () => {
  expect(authorizer.prepare({}).decide(request)).toEqual({ allowed: false, policies: [], errors: [] });
  expect(authorizer.prepare({ "a@1": permit }).decide(request)).toEqual({ allowed: true, policies: ["a@1"], errors: [] });
  const both = authorizer.prepare({ "a@1": permit, "b@1": 'forbid (principal, action, resource) when { resource.project == "T" };' });
  expect(both.decide(request)).toEqual({ allowed: false, policies: ["b@1"], errors: [] });
});

test("denies when a policy fails to evaluate, although another permits", () => {
  const verdict = authorizer.prepare({ "a@1": permit, "b@1": overflow }).decide(request);
  expect(verdict).toMatchObject({ allowed: false, policies: [] });
  expect(verdict.errors.join()).toMatch(/b@1.*overflow/u);
});

test("denies a set that cannot be read and an amount out of range, with the reason", () => {
  expect(authorizer.prepare({ "a@1": permit, "b@1": "permit (" }).decide(request).errors.join()).toMatch(/b@1/u);
  const far = { ...request, resource: { ...request.resource, amountMicro: 2 ** 60 } };
  expect(authorizer.prepare({ "a@1": permit }).decide(far)).toMatchObject({ allowed: false });
});

test("keeps sets apart, also when there are more than it keeps read at once", () => {
  const sets = Array.from({ length: 80 }, (_, index) =>
    authorizer.prepare({ [`p${index}@1`]: `permit (principal, action, resource) when { resource.amountMicro == ${index % 7} };` }),
  );
  for (const round of [0, 1])
    for (const [index, set] of sets.entries()) expect([round, index, set.decide(request).allowed]).toEqual([round, index, index % 7 === 5]);
});

test("tells every fault of a text with its line and column", () => {
  const at = (text: string) => authorizer.problemsOf(text)[0];
  expect(at(permit)).toBeUndefined();
  expect(at(`${permit.slice(0, -1)}\nwhen { principal.rols.isEmpty() };`)).toMatchObject({
    line: 2,
    message: expect.stringMatching(/roles/u) as string,
  });
  expect(at("permit (principal, action, resource)\n\nwhen { true")).toMatchObject({ line: 3 });
  expect(at('permit (principal, action == Action::"approve-everything", resource);')).toMatchObject({ line: 1 });
  expect(at(`${permit}\n${permit}`)).toMatchObject({ line: 2, message: expect.stringMatching(/unexpected token/u) as string });
  expect(at("permit (principal == ?principal, action, resource);")).toMatchObject({ message: expect.stringMatching(/slot/u) as string });
  expect(
    at('permit (principal, action, resource) when { "é" == resource.project && resource.amountMicro == "x" };')?.column,
  ).toBeGreaterThan(50);
});

test("refuses hostile texts before they are parsed, and never throws", () => {
  const deep = (open: string, close: string, count: number) =>
    `permit (principal, action, resource) when { ${open.repeat(count)}true${close.repeat(count)} };`;
  const texts = [
    "",
    " \n",
    "x".repeat(8_001),
    deep("(", ")", 3_000),
    deep("!", "", 4_000),
    deep("if true then ", " else false", 200),
    `permit (principal, action, resource) when { ${"[".repeat(3_500)} };`,
    `permit (principal, action, resource) when { ${"- ".repeat(2_000)}1 == 1 };`,
    "permit (principal, action, resource)\u202e;",
    'permit (principal, action, resource) when { resource.kind == "\u200b" };',
    'permit (principal, action, resource) when { resource.kind like "*a*a*a*a*a*a*a*a*b" && decimal("x").lessThan(decimal("1.0")) };',
    `permit (principal, action, resource) when { ${Array.from({ length: 900 }, () => "true").join("&&")} };`,
    "\0permit",
    '{"effect": "permit"}',
  ];
  for (const text of texts) {
    const problems = authorizer.problemsOf(text);
    expect(problems.length).toBeLessThanOrEqual(20);
    expect(() => authorizer.prepare({ "a@1": text }).decide(request)).not.toThrow();
  }
  for (const text of texts.slice(0, 10))
    expect([text.slice(0, 60), authorizer.problemsOf(text).length]).not.toEqual([text.slice(0, 60), 0]);
  expect(authorizer.prepare({ "a@1": permit }).decide(request).allowed).toBe(true);
});
