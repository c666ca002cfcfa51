import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";

test("budgets are listed, set with a reason, and withdrawn", async () => {
  const { run } = await openCliWorld();
  const fresh = await run("budget", "list");
  expect(fresh.out).toMatch(/^the organization\tday\t\w{3}\t10\.00\t0\.00\t0\.00\t10\.00\topen\t-$/mu);
  expect(fresh.out).toMatch(/^each request\ttotal\t\w{3}\t2\.00\t/mu);
  expect((await run("budget", "set", "each-request", "--money", "5")).exit).not.toBe(0);
  expect((await run("budget", "set", "each-request", "--money", "5", "--reason", "Larger work")).out).toBe("each-request set\n");
  const words = ["--tokens", "2000", "--window-hours", "5", "--hold-at", "0.9", "--reason", "Our plan"];
  expect((await run("budget", "set", "provider:one", ...words)).exit).toBe(0);
  const listed = (await run("budget")).out;
  expect(listed).toMatch(/^each request\ttotal\t\w{3}\t5\.00\t/mu);
  expect(listed).toMatch(/^provider one\twindow\ttokens\t2000\t0\t0\t2000\topen\t/mu);
  const id = /^provider one.*\t(\S+)$/mu.exec(listed)?.[1] ?? "";
  expect((await run("budget", "withdraw", id, "--reason", "Gone")).exit).toBe(0);
  expect((await run("budget", "list")).out).not.toContain("provider one");
  for (const scope of ["nothing", "project", "project:NOPE", "request:NO-1"])
    expect([scope, (await run("budget", "set", scope, "--money", "1", "--reason", "x")).exit]).not.toEqual([scope, 0]);
  for (const flags of [
    ["--money", "x"],
    ["--tokens", "1.5"],
    ["--warn-at", "0"],
  ])
    expect((await run("budget", "set", "organization", ...flags, "--reason", "x")).exit).not.toBe(0);
});

test("prices are set with their currency and source, and the latest counts", async () => {
  const { run } = await openCliWorld();
  expect((await run("budget", "prices")).out).toBe("");
  const price = ["--input", "3", "--output", "15", "--source", "the vendor's page"];
  expect((await run("budget", "prices", "set", "one/m", ...price, "--currency", "CHF", "--rate", "0")).exit).not.toBe(0);
  expect((await run("budget", "prices", "set", "one/m", ...price, "--currency", "CHF", "--rate", "0.9")).out).toBe("one/m priced\n");
  expect((await run("budget", "prices", "list")).out).toMatch(/^one\/m\t3\.00\t15\.00\tCHF\t[^\t]*\tyes\tthe vendor's page$/mu);
});

test("what a request has cost is shown with its parts", async () => {
  const { run } = await openCliWorld();
  await run("request", "submit", "Paint the fence");
  expect((await run("budget", "show", "ENG-1")).out).toMatch(/^0\.00 \w{3} in 0 calls$/mu);
  expect((await run("budget", "show", "ENG-9")).exit).not.toBe(0);
});
