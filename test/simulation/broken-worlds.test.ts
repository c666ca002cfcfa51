import { readdir, readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { verify } from "../../verify/verify.ts";
import { runOrganization } from "./run-organization.ts";
import { breaks, type Case } from "./broken-worlds.ts";

/** Seeds are tried from 1 on until there are this many sound worlds and each case has one with what it breaks. */
const soundWorlds = 12;
const maxSeeds = 60;

describe("the world checker", () => {
  const sound: Case[] = [];

  beforeAll(async () => {
    // Which worlds hold what is rare changes with each look at the store, since every look is a turn of the scheduler.
    let lacking = breaks;
    for (let seed = 1; (sound.length < soundWorlds || lacking.length > 0) && seed <= maxSeeds; seed += 1) {
      const run = await runOrganization(seed);
      if (run.findings.length > 0) continue;
      const found: Case = { world: run.world, evidence: run.evidence };
      const still = lacking.filter(({ breakIt }) => breakIt(found) === undefined);
      if (sound.length < soundWorlds || still.length < lacking.length) sound.push(found);
      lacking = still;
    }
  }, 180_000);

  test("has sound worlds to break, and passes them", () => {
    expect(sound.length).toBeGreaterThanOrEqual(soundWorlds);
    expect(sound.flatMap(({ world, evidence }) => verify(world, evidence))).toEqual([]);
  });

  test("knows at least two hundred ways to break a world", () => {
    expect(breaks.length).toBeGreaterThanOrEqual(200);
    expect(new Set(breaks.map((one) => one.name)).size).toBe(breaks.length);
  });

  test.each(breaks)("reports under $invariant: $name", ({ invariant, breakIt }) => {
    const broken = sound.map(breakIt).find((one) => one !== undefined);
    expect(broken, "no sound world had what this case breaks").toBeDefined();
    if (broken === undefined) return;
    const findings = verify(broken.world, broken.evidence);
    expect(findings.map((finding) => finding.invariant)).toContain(invariant);
    const finding = findings.find((one) => one.invariant === invariant);
    expect(finding?.rows.length).toBeGreaterThan(0);
    expect(finding?.prefix.length).toBeLessThanOrEqual(50);
  });
});

test("the world checker shares no code with what it checks", async () => {
  const files = await readdir(new URL("../../verify/", import.meta.url), { recursive: true });
  const sources = files.filter((file) => file.endsWith(".ts"));
  expect(sources.length).toBeGreaterThan(10);
  const imports: string[] = [];
  for (const file of sources) {
    const text = await readFile(new URL(`../../verify/${file}`, import.meta.url), "utf8");
    imports.push(...[...text.matchAll(/(?:from|import)\s*\(?\s*"(?<path>[^"]+)"/gu)].map((match) => match.groups?.["path"] ?? ""));
  }
  expect(imports.filter((path) => path.includes("src/"))).toEqual([]);
});
