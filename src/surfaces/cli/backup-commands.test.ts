import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";

test("backups and exports are asked for by words, and say what a person has to know beside the data", async () => {
  const { run } = await openCliWorld();
  expect(await run("backup")).toMatchObject({ exit: 0, out: "made\n", err: "" });
  expect(JSON.parse((await run("backup", "--to", "/b", "--json")).out)).toEqual({ schema: "xvc.backup-made/1", to: "/b" });
  expect(JSON.parse((await run("backup", "--keep", "3", "--without-database", "--json")).out)).toMatchObject({
    keep: 3,
    withoutDatabase: true,
  });
  expect(JSON.parse((await run("backup", "--keep-days", "35", "--key-to", "/k", "--json")).out)).toMatchObject({
    keepDays: 35,
    keyTo: "/k",
  });
  expect(JSON.parse((await run("backup", "list", "--to", "/b", "--json")).out)).toEqual({ schema: "xvc.backups/1", to: "/b" });
  const pruned = { schema: "xvc.backups-pruned/1", keep: null, keepDays: 35 };
  expect(JSON.parse((await run("backup", "prune", "--keep-days", "35", "--json")).out)).toEqual(pruned);
  const restored = await run("restore", "/b/1", "--until", "2026-11-23", "--json");
  expect(JSON.parse(restored.out)).toEqual({ schema: "xvc.restored/1", from: "/b/1", untilMs: Date.parse("2026-11-23") });
  expect(restored.err).toBe("halted\n");
  expect((await run("restore", "/b/1", "-q")).err).toBe("");
  expect(JSON.parse((await run("export", "--out", "/e", "--json")).out)).toEqual({ schema: "xvc.exported/1", to: "/e" });
  expect(JSON.parse((await run("import", "/e", "--json")).out)).toEqual({ schema: "xvc.imported/1", from: "/e" });
});

test("bad words are refused before anything is touched", async () => {
  const { run } = await openCliWorld();
  const bad: readonly (readonly string[])[] = [
    ["restore"],
    ["restore", ""],
    ["restore", "/b\n"],
    ["restore", "/b", "/c"],
    ["restore", "/b", "--until", "yesterday"],
    ["restore", "/b", "--log", " "],
    ["backup", "--to", ""],
    ["backup", "--to", "x".repeat(5_000)],
    ["backup", "more"],
    ["backup", "prune"],
    ["backup", "prune", "--keep-days", "0"],
    ["backup", "--keep", "0"],
    ["backup", "--keep", "some"],
    ["export"],
    ["export", "--out", "\u0000"],
    ["import"],
    ["import", " "],
  ];
  for (const words of bad) {
    const { exit, out, err } = await run(...words);
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toContain("next: ");
  }
});

test("a table has what the reader may see, as of now or then, on the output or in a file that is not replaced", async () => {
  const { run, world, files } = await openCliWorld();
  await world.filed("=HYPERLINK(1)");
  await world.asToken("POST", "/api/entity-types", {
    body: { key: "customer", title: "Customer", dataSchema: { type: "object", properties: { seats: { type: "integer" } } } },
  });
  await run("entity", "create", "customer/acme", "Acme, Ltd", "--set", "seats=40", "--set", "country=DE");
  const then = String(world.clock.nowMs());
  world.clock.advance(1_000);
  await run("entity", "create", "customer/bolt", "Bolt", "--set", "seats=-2");

  const requests = await run("export", "requests");
  expect(requests).toMatchObject({ exit: 0, err: "" });
  const [head, first] = requests.out.split("\r\n");
  expect(head).toMatch(/^label,title,projectKey,state,stage,requester,/u);
  expect(first).toContain(",'=HYPERLINK(1),");
  const customers = (await run("export", "entities:customer")).out.split("\r\n");
  expect(customers[0]).toMatch(/,data\.country,data\.seats$/u);
  expect(
    customers
      .slice(1, 3)
      .toSorted()
      .map((line) => line.split(",").slice(-2)),
  ).toEqual([
    ["DE", "40"],
    ["", "-2"],
  ]);
  expect((await run("export", "entities:customer", "--at", then)).out).not.toContain("Bolt");
  expect((await run("export", "entities", "--format", "markdown")).out).toContain("| customer/acme | Acme, Ltd |");
  expect(await run("export", "tasks", "--out", "/t/tasks.csv")).toMatchObject({ exit: 0, out: "", err: "0 rows in /t/tasks.csv\n" });
  expect(new TextDecoder().decode(files.get("/t/tasks.csv"))).toMatch(/^label,title,.*\r\n$/u);
  expect((await run("export", "tasks", "--out", "/t/tasks.csv")).exit).toBe(4);
  for (const words of [
    ["export", "people"],
    ["export", "tasks:x"],
    ["export", "--format", "csv"],
    ["export", "requests", "--format", "pdf"],
  ])
    expect((await run(...words)).exit).toBe(2);
});

test("what is derived is only compared, and a difference is an exit code", async () => {
  const { run, systemCalls } = await openCliWorld();
  expect(await run("memory", "rebuild", "--check")).toMatchObject({ exit: 0, out: "compared\n" });
  expect((await run("memory", "rebuild")).exit).toBe(2);
  systemCalls.push("changed past the product");
  expect((await run("memory", "rebuild", "--check", "--json")).exit).toBe(1);
});
