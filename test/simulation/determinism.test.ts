import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { runOrganization } from "./run-organization.ts";
import { withoutOutside } from "./without-outside.ts";

const torture = process.env["XVC_TEST_VOLUME"] === "torture";
const seeds = Array.from({ length: torture ? 1_000 : 12 }, (_, place) => 10_000 + place);

const fingerprint = async (seed: number): Promise<string> => {
  const run = await runOrganization(seed);
  return createHash("sha256")
    .update(JSON.stringify([run.world, run.evidence, [...run.happened]]))
    .digest("hex");
};

test("the same seed gives the same world, byte for byte", async () => {
  const first: string[] = [];
  const second: string[] = [];
  for (const seed of seeds) first.push(await fingerprint(seed));
  for (const seed of seeds) second.push(await fingerprint(seed));
  expect(second).toEqual(first);
  expect(new Set(first).size).toBe(seeds.length);
});

test("time, chance and the network are out of reach inside a simulation, and back afterwards", async () => {
  const before = { now: Date.now, random: Math.random, timeout: globalThis.setTimeout };
  await withoutOutside(async () => {
    await Promise.resolve();
    expect(() => Date.now()).toThrow("Date.now");
    expect(() => Math.random()).toThrow("Math.random");
    expect(() => setTimeout(() => undefined, 1)).toThrow("setTimeout");
    expect(() => fetch("http://localhost")).toThrow("fetch");
  });
  expect({ now: Date.now, random: Math.random, timeout: globalThis.setTimeout }).toEqual(before);
});
