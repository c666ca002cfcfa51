/*
 * `npm run db:reset -- --yes`: ends the running system and deletes the data directory named by XVC_HOME.
 * Only a directory named on purpose is deleted: without XVC_HOME nothing happens to the data of the user's own installation.
 */
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { root, runCommand } from "./suites/run-command.ts";

const home = process.env["XVC_HOME"] ?? "";
if (home === "" || !process.argv.includes("--yes")) {
  process.stderr.write("this deletes all data: set XVC_HOME to the directory to delete and add `-- --yes`\n");
  process.exit(2);
}
const folder = path.resolve(home);
const looksLikeOurs = ["pg-18", "pg-18.json"].some((name) => existsSync(path.join(folder, name)));
if (existsSync(folder) && !looksLikeOurs) {
  process.stderr.write(`${folder} holds no xVC database; nothing was deleted\n`);
  process.exit(2);
}
const stop = await runCommand({
  file: process.execPath,
  args: [path.join(root, "src/main/cli.ts"), "stop"],
  limitMs: 60_000,
  output: "show",
});
if (stop.exitCode !== 0) process.exit(stop.exitCode);
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`deleted ${folder}; the next start makes a new database\n`);
