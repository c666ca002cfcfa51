/*
 * `npm start`: builds the page when the clone has none or its sources are newer, then runs everything.
 * The build takes a few seconds once; a later start looks at the sources' times only.
 */
import { existsSync, globSync, statSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { packageProgram, root, runCommand } from "./suites/run-command.ts";

const buildLimitMs = 5 * 60_000;

/** Newest change of whatever the page is made of, epoch milliseconds. */
function newestSourceMs(): number {
  const files = globSync(["src/surfaces/web/**/*", "src/contract/**/*", "src/core/**/*.ts", "vite.config.ts", "package-lock.json"], { cwd: root });
  return Math.max(...files.map((file) => statSync(path.join(root, file)).mtimeMs));
}

const page = path.join(root, "dist", "web", "index.html");
if (!existsSync(page) || statSync(page).mtimeMs < newestSourceMs()) {
  process.stderr.write("building the page (once)\n");
  const [file, ...args] = packageProgram("vite");
  const built = await runCommand({ file, args: [...args, "build"], limitMs: buildLimitMs, output: "keep" });
  if (built.exitCode !== 0) process.stderr.write(`${built.text}\nThe page could not be built; the server runs without it.\n`);
}
process.argv = [process.argv[0] ?? "node", path.join(root, "src", "main", "cli.ts"), "up", ...process.argv.slice(2)];
await import("../src/main/cli.ts");
