/* `npm run format`: writes every source as oxfmt prints it. */
import process from "node:process";
import { packageProgram, runCommand } from "./suites/run-command.ts";

const [file, ...args] = packageProgram("oxfmt");
const end = await runCommand({ file, args: [...args, "."], limitMs: 60_000, output: "show" });
process.exitCode = end.exitCode;
