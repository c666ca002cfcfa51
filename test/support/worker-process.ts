import process from "node:process";
import { dbosDurable } from "../../src/adapters/dbos/dbos-durable.ts";

/**
 * A worker of its own process for tests that kill one: `<database url> hold|finish`. Prints a line when it is ready,
 * for every job it begins and when it was fenced; `hold` never ends a job.
 */
const [, , appUrl = "", mode = "hold"] = process.argv;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const durable = await dbosDurable({
  appUrl,
  log: (level, text) => {
    if (level !== "info") process.stderr.write(`${text}\n`);
  },
  onFenced: () => say("fenced"),
  beatEveryMs: 200,
});
await durable.launch(async (run, steps) => {
  say(`began ${run.kind}:${run.subjectId}:${String(run.epoch)}`);
  if (mode === "finish") return;
  await new Promise<void>((resolve) => {
    steps.signal.addEventListener("abort", () => {
      say(`aborted ${run.kind}:${run.subjectId}:${String(run.epoch)}`);
      resolve();
    });
  });
});
say(`ready ${durable.executorId}`);
// The engine's timers do not keep a process alive.
setInterval(() => {}, 60_000);
