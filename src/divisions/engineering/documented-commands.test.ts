import { expect, test } from "vitest";
import { needsOf } from "./documented-commands.ts";

const folders = new Set(["", "app", "app/sub"]);
const needs = (line: string, folder = "") =>
  needsOf(line, folders, folder).map((need) => (need.kind === "file" ? need.path : `${need.kind} ${need.name}`));

test.each([
  ["npm test", ["npm-script test"]],
  ["npm run build:web && make all", ["npm-script build:web", "make-target all"]],
  ["npm install left-pad", []],
  ["pnpm lint", ["npm-script lint"]],
  ["yarn tsc", []],
  ["./bin/start --port 3", []],
  ["./scripts/start.sh --port 3", ["scripts/start.sh"]],
  ["cd app && node sub/run.js", ["app/sub/run.js"]],
  ["cd elsewhere && ./gone.sh", []],
  ["NODE_ENV=x node tool.mjs", ["tool.mjs"]],
  ["python3 -m venv .venv", []],
  ["node $FILE", []],
  ["./run <name>", []],
  ["node dist/main.js", []],
  ["node /usr/lib/x.js", []],
  ["make -j4", []],
] as const)("%s", (line, expected) => {
  expect(needs(line)).toEqual(expected);
});
