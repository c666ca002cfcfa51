/* `npm run coverage`: unit and property tests with the branches of core they reach; fails below 100 %. */
import process from "node:process";
import { packageProgram, runCommand } from "./suites/run-command.ts";

const [file, ...args] = packageProgram("vitest");
const end = await runCommand({ file, args: [...args, "run", "--project", "unit", "--coverage"], limitMs: 15 * 60_000, output: "show" });
process.exitCode = end.exitCode;
