/*
 * `npm start`: builds the page when the clone has none or its sources are newer, then runs everything.
 * The build takes a few seconds once; a later start looks at the sources' times only.
 */
import path from "node:path";
import process from "node:process";
import { ensurePage } from "./suites/ensure-page.ts";
import { root } from "./suites/run-command.ts";

const problem = await ensurePage(() => process.stderr.write("building the page (once)\n"));
if (problem !== null) process.stderr.write(`${problem}\nThe page could not be built; the server runs without it.\n`);
process.argv = [process.argv[0] ?? "node", path.join(root, "src", "main", "cli.ts"), "up", ...process.argv.slice(2)];
await import("../src/main/cli.ts");
