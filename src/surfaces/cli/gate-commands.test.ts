import { expect, test } from "vitest";
import { workingPersona } from "../../../test/support/asked-calls.ts";
import { openCliWorld } from "../../../test/support/cli-world.ts";

test("tools are listed and shown, tightened, suspended, resumed and agreed to", async () => {
  const { run } = await openCliWorld();
  expect((await run("gate")).out).toMatch(/^http\.fetch\toutward\tegress_read\tpure\tready\t-\tbuilt-in\tnobody yet$/mu);
  expect((await run("gate", "suspend", "http.fetch", "--reason", "Odd")).out).toBe("http.fetch suspended\n");
  expect((await run("gate", "list")).out).toMatch(/^http\.fetch\t.*\tsuspended\t/mu);
  expect((await run("gate", "tighten", "http.fetch", "--reason", "Watched")).exit).toBe(0);
  expect((await run("gate", "resume", "http.fetch", "--reason", "Fine")).exit).toBe(0);
  const shown = await run("gate", "show", "mail");
  expect(shown.out).toMatch(/standing: new/u);
  const hash = /definitionSha256: ([0-9a-f]{64})/u.exec(shown.out)?.[1] ?? "";
  expect((await run("gate", "agree", "mail", "--definition", "0".repeat(64), "--reason", "x")).exit).not.toBe(0);
  expect((await run("gate", "agree", "mail", "--definition", hash, "--reason", "Read it")).exit).toBe(0);
  expect((await run("gate", "show", "mail")).out).toMatch(/standing: ready/u);
  for (const wrong of [
    ["show", "none"],
    ["suspend", "none", "--reason", "x"],
    ["suspend", "mail"],
    ["revoke", "none"],
  ])
    expect([wrong, (await run("gate", ...wrong)).exit]).not.toEqual([wrong, 0]);
});

test("servers outside are listed with their tools", async () => {
  const { run, world } = await openCliWorld();
  const transport = { kind: "stdio", command: ["cat"] };
  await world.asToken("POST", "/api/tool-servers", { body: { name: "local", transport, reason: "A program." } });
  expect((await run("gate", "servers")).out).toMatch(/^local\t-\t-\t-\t-\tPrograms of tool servers run only in the sandbox/mu);
});

test("a grant is given for its targets, listed and revoked; calls come out as a record", async () => {
  const { run, world } = await openCliWorld();
  const { call } = await workingPersona(world);
  await call({ tool: "mail", arguments: { to: "a@example.org", text: "b" } });
  const terms = ["--project", "ENG", "--content", "inside", "--calls", "3", "--until", "2025-07-01", "--reason", "Weekly"];
  expect((await run("gate", "grant", "mail", ...terms)).exit).not.toBe(0);
  const given = await run("gate", "grant", "mail", "--target", "to=a@example.org", "--target", "to=b@example.org", ...terms);
  expect(given.exit).toBe(0);
  const id = given.out.trim();
  expect((await run("gate", "grants")).out).toContain(
    'mail\tENG\tevery persona\t{"to":["a@example.org","b@example.org"]}\tinside\t0 of 3\t',
  );
  expect((await run("gate", "revoke", id)).out).toBe(`${id} revoked\n`);
  expect((await run("gate", "grants")).out).not.toContain(id);
  expect((await run("gate", "grants", "--all")).out).toContain(id);
  const lines = (await run("gate", "record")).out.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ schema: "xvc.gate-question/1", allowed: true }]);
});
