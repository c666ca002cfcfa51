/* `npm run docs`: writes the pages of docs/reference from the sources. With `--check` it only compares, exit 1 when one differs. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { referencePages } from "./reference/pages.ts";
import { root } from "./suites/run-command.ts";

// The command's help is as wide as the terminal; on paper it is as wide as without one.
Object.defineProperty(process.stdout, "isTTY", { value: false });

const folder = path.join(root, "docs/reference");
const pages = await referencePages(root);
mkdirSync(folder, { recursive: true });
for (const [name, page] of pages) {
  const file = path.join(folder, name);
  if (existsSync(file) && readFileSync(file, "utf8") === page) continue;
  if (process.argv.includes("--check")) {
    process.stderr.write(`docs/reference/${name} is not what the sources say: run \`npm run docs\`\n`);
    process.exitCode = 1;
  } else writeFileSync(file, page);
}
