/* `npm run dev`: server, worker and page, each started again when its sources change. Ctrl-C ends all of them. */
import process from "node:process";
import { endCommandsOnSignal, packageProgram, runCommand } from "./suites/run-command.ts";

const oneDayMs = 24 * 60 * 60_000;
const port = "4680";

endCommandsOnSignal();
const server = { file: process.execPath, args: ["--watch", "src/main/cli.ts", "up", "--port", port] };
const [vite, ...viteArgs] = packageProgram("vite");
const page = { file: vite, args: viteArgs, env: { XVC_API: `http://127.0.0.1:${port}` } };
await Promise.all([server, page].map((command) => runCommand({ ...command, limitMs: oneDayMs, output: "show" })));
