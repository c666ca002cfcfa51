import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";

const files = {
  "good.cedar": 'permit (principal, action == Action::"approve-plan", resource)\nwhen { principal.roles.contains("director") };\n',
  "bad.cedar": "permit (principal, action, resource)\nwhen { principal.rank > 3 };\n",
};

test("a policy file is checked without a server, with the line of each fault", async () => {
  const { run } = await openCliWorld({ files });
  expect(await run("policy", "check", "good.cedar")).toMatchObject({ exit: 0, out: "valid\n" });
  const bad = await run("policy", "check", "bad.cedar");
  expect([bad.exit, bad.out]).toEqual([2, expect.stringMatching(/^2:\d+ {2}.*rank/u)]);
});

test("a policy is tried, proposed, shown, agreed to alone by its name, and withdrawn", async () => {
  const { run } = await openCliWorld({ files });
  expect((await run("policy", "list")).out).toContain("plan-approvers@1");
  expect((await run("policy", "diff", "plan-approvers", "good.cedar")).out).toMatch(/^0 of 0 decisions on record/u);
  expect((await run("policy", "diff", "plan-approvers", "bad.cedar")).err).toMatch(/line 2, column \d+/u);
  const words = ["--statement", "Directors approve plans.", "--reason", "Leads are new."];
  expect((await run("policy", "propose", "plan-approvers", "bad.cedar", ...words)).exit).not.toBe(0);
  expect((await run("policy", "propose", "plan-approvers", "good.cedar", ...words)).out).toContain("plan-approvers@2 proposed");
  expect((await run("policy", "diff", "plan-approvers@2")).exit).toBe(0);
  expect((await run("policy", "agree", "plan-approvers@2")).err).toContain("plan-approvers@2");
  expect((await run("policy", "agree", "plan-approvers@2", "--confirm", "plan-approvers@2")).out).toBe("plan-approvers@2 in-force\n");
  expect((await run("policy", "show", "plan-approvers")).out).toMatch(/plan-approvers@2 {2}in-force[\s\S]*plan-approvers@1 superseded/u);
  expect((await run("policy", "withdraw", "plan-approvers", "--reason", "Too strict.")).out).toContain("withdrawal wished");
  expect((await run("policy", "reject", "plan-approvers", "--reason", "It stays.")).out).toContain("in-force");
});

test("a scope is halted, listed and lifted by its name", async () => {
  const { run } = await openCliWorld();
  expect((await run("halt", "tool:mail", "--reason", "Bounces.")).out).toBe("tool:mail halted\n");
  expect((await run("halt", "--reason", "All.")).out).toBe("everything halted\n");
  expect((await run("halt", "list")).out).toMatch(/tool mail\tset\t[^\t]*\tBounces\./u);
  for (const scope of ["tool", "everything:x", "nothing", "project:NOPE"])
    expect((await run("halt", scope, "--reason", "x")).exit).not.toBe(0);
  expect((await run("halt", "lift", "everything")).out).toBe("everything goes on\n");
  expect((await run("halt", "lift", "everything")).err).toContain("lifted before");
  expect((await run("halt", "lift", "tool:mail", "--reason", "Mended.")).exit).toBe(0);
});

test("a shipped policy that the organization never had is named and proposed by its key", async () => {
  const { run, world } = await openCliWorld();
  expect((await run("policy", "list")).err).toBe("");
  const rows = world.store.record.tables.get("policy");
  const [chain] = rows?.order.filter(({ versions }) => JSON.stringify(versions).includes('"steerers"')) ?? [];
  if (rows === undefined || chain === undefined) throw new Error("no policy to take away");
  rows.order.splice(rows.order.indexOf(chain), 1);
  rows.byId.delete(chain.id);
  const listed = await run("policy", "list");
  expect([listed.out.includes("steerers"), listed.err]).toEqual([false, expect.stringContaining("never here: steerers")]);
  expect((await run("policy", "adopt", "deciders")).err).toContain("No shipped policy");
  expect(await run("policy", "adopt", "steerers")).toMatchObject({
    exit: 0,
    out: expect.stringContaining("steerers@1 proposed") as string,
  });
  expect((await run("policy", "list")).err).toBe("");
});
