import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { filesUnder, root, typescript } from "./source-tree.ts";

/*
 * One word per concept, the same in every room. A new word is a decision: it gets a record in docs/decisions, then its place here.
 */
const concepts = [
  "shared",
  "personas",
  "oversight",
  "gate",
  "requests",
  "planning",
  "scheduling",
  "assignment",
  "execution",
  "review",
  "integration",
  "memory",
  "feedback",
  "metrics",
];
const divisions = ["engineering", "management", "policy", "legal", "support", "executive"];
const surfaces = ["http", "cli", "mcp", "a2a", "inbound", "web"];
const rooms = ["core", "divisions", "engine", "contract", "adapters", "surfaces", "main"];
const vagueWords = /(?:^|-)(?:utils?|helpers?|common|manager|misc|impl|stuff)(?:-|\.|$)/;

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(path.join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

test.each([
  ["src", rooms],
  ["src/core", concepts],
  ["src/engine", [...concepts, "ports"]],
  ["src/divisions", divisions],
  ["src/surfaces", surfaces],
  ["src/surfaces/web/features", concepts],
  ["src/contract", concepts],
])("%s has only folders named by the list of words", (folder, words) => {
  expect(foldersIn(folder).filter((name) => !words.includes(name))).toEqual([]);
});

test("no file or folder has a name that says nothing", () => {
  const files = ["src", "verify", "test", "bench", "scripts", "migrations"].flatMap((folder) => filesUnder(folder, /./));
  expect(files.filter((file) => file.split("/").some((part) => vagueWords.test(part)))).toEqual([]);
});

test("sources are kebab-case", () => {
  const files = ["src", "verify", "test", "bench", "scripts"].flatMap((folder) => filesUnder(folder, typescript));
  const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|property\.test|db\.test|web\.test|workflow|worker|d))?\.tsx?$/;
  expect(files.filter((file) => !kebab.test(path.basename(file)))).toEqual([]);
});

test("an index file exists only where a division is published", () => {
  const files = filesUnder("src", /^index\.tsx?$/);
  expect(files.filter((file) => !/^src\/divisions\/[^/]+\/index\.ts$/.test(file))).toEqual([]);
});
