/* `npm run docs`: writes docs/reference/failures.md from the sources. With `--check` it only compares, exit 1 when they differ. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { collectFailures, failuresPage } from "./reference/failures.ts";
import { root } from "./suites/run-command.ts";

const file = path.join(root, "docs/reference/failures.md");
const page = failuresPage(collectFailures(path.join(root, "src")));
if (process.argv.includes("--check")) {
  const same = existsSync(file) && readFileSync(file, "utf8") === page;
  if (!same) process.stderr.write("docs/reference/failures.md does not list the failures of the sources: run `npm run docs`\n");
  process.exitCode = same ? 0 : 1;
} else {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, page);
}
