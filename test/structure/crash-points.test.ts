import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { crashPoints } from "../../src/engine/ports/crash-point.ts";

const root = fileURLToPath(new URL("../../src/", import.meta.url));
const registry = join("engine", "ports", "crash-point.ts");

const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.includes(".test.") && path !== registry)
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

test("every registered crash point is passed somewhere", () => {
  expect(crashPoints.filter((point) => !sources.some(({ text }) => text.includes(`"${point}"`)))).toEqual([]);
});

/** Calls that leave the process or commit, by the way they are written in the engine. */
const leaving = [
  /\.transact\(/u,
  /\bexecutors?\b.*\.attempt\(/u,
  /\breviewer\.review\(/u,
  /\btool\.call\(/u,
  /\bmessenger\.send\(/u,
  /\bcontent\.write\(/u,
  /\bcontent\.adopt\(/u,
];

test("every file of the engine that commits or calls outside passes a crash point", () => {
  const engine = sources.filter(({ path }) => path.startsWith("engine"));
  const bare = engine.filter(({ text }) => leaving.some((call) => call.test(text)) && !/\bcrash\(/u.test(text)).map(({ path }) => path);
  expect(engine.length).toBeGreaterThan(20);
  expect(bare).toEqual([]);
});

test("crash points have different names", () => {
  expect(new Set(crashPoints).size).toBe(crashPoints.length);
});
