import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";

test("backups and exports are asked for by words, and say what a person has to know beside the data", async () => {
  const { run } = await openCliWorld();
  expect(await run("backup")).toMatchObject({ exit: 0, out: "made\n", err: "" });
  expect(JSON.parse((await run("backup", "--to", "/b", "--json")).out)).toEqual({ schema: "xvc.backup-made/1", to: "/b" });
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
