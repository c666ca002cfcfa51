/*
 * `npm run build`: what the published package carries. Node strips no types below node_modules, so the sources become
 * JavaScript in dist/, with the data files beside them, and the page is bundled into dist/web.
 */
import { cpSync, existsSync, globSync, rmSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { endCommandsOnSignal, packageProgram, root, runCommand } from "./suites/run-command.ts";

const limitMs = 5 * 60_000;

async function run(what: string, command: readonly [file: string, ...args: string[]]): Promise<void> {
  const [file, ...args] = command;
  const end = await runCommand({ file, args, limitMs, output: "keep" });
  if (end.exitCode === 0) return;
  process.stderr.write(`${end.text}\n${what} failed\n`);
  process.exit(1);
}

endCommandsOnSignal();
const dist = path.join(root, "dist");
rmSync(dist, { recursive: true, force: true });
for (const project of ["tsconfig.build.json", "tsconfig.verify-build.json"])
  await run("tsc", [...packageProgram("typescript", "tsc"), "-p", project]);
const isSource = (file: string): boolean => /\.tsx?$/.test(file) || file.startsWith(path.join("surfaces", "web"));
for (const file of globSync("**/*.*", { cwd: path.join(root, "src") })) {
  if (!isSource(file)) cpSync(path.join(root, "src", file), path.join(dist, file), { recursive: true });
}
if (existsSync(path.join(root, "vite.config.ts"))) await run("vite", [...packageProgram("vite"), "build"]);
process.stdout.write(`built ${path.relative(process.cwd(), dist) || "."}\n`);
