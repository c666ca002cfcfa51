/* `npm run bench`: every file of bench/, one after another. `node bin/run bench pipeline`: only bench/pipeline.ts. `--json` goes to each. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { endCommandsOnSignal, root, runCommand } from "./suites/run-command.ts";

const folder = path.join(root, "bench");
const known = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => path.basename(file, ".ts"))
      .toSorted()
  : [];
const flags = process.argv.slice(2).filter((word) => word.startsWith("--"));
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no such measurement: ${unknown.join(", ")}; there are ${known.join(", ")}\n`);
  process.exit(2);
}
endCommandsOnSignal();
for (const name of wanted.length > 0 ? wanted : known) {
  // The launcher's flags with it: what is measured runs as a person's own start would run it.
  const args = [...process.execArgv, path.join(folder, `${name}.ts`), ...flags];
  const end = await runCommand({ file: process.execPath, args, limitMs: 60 * 60_000, output: "show" });
  if (end.exitCode !== 0) process.exitCode = 1;
}
