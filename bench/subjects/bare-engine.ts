import { DBOS, DBOSClient } from "@dbos-inc/dbos-sdk";
import process from "node:process";
import { serveActs } from "../support/subject.ts";

/*
 * The durable engine alone, with nothing of ours: what the same shape of work costs when it is written as workflows.
 * Settings as in our worker: one queue, sixteen at a time, polled every 20 ms.
 */
const url = process.env["BENCH_APP_URL"] ?? "";
const applicationName = "bench-bare";
const applicationVersion = "bench-bare-1";
const queue = { minPollingIntervalMs: 20, workerConcurrency: 16 } as const;
const layeredQueue = "bare-layered";
const drainQueue = "bare-drain";

let ended = 0;
let firstAtMs = 0;
let lastAtMs = 0;

const twoSteps = DBOS.registerWorkflow(
  async (subject: string): Promise<string> => {
    if (firstAtMs === 0) firstAtMs = performance.now();
    await DBOS.runStep(() => Promise.resolve(subject), { name: "work" });
    await DBOS.runStep(() => Promise.resolve(subject), { name: "check" });
    ended += 1;
    lastAtMs = performance.now();
    return subject;
  },
  { name: "two-steps" },
);

interface Layered {
  readonly tasks: number;
  readonly width: number;
  readonly run: string;
}

const layered = DBOS.registerWorkflow(
  async ({ tasks, width, run }: Layered): Promise<number> => {
    for (let from = 0; from < tasks; from += width) {
      const handles = [];
      for (let task = from; task < Math.min(from + width, tasks); task += 1) {
        handles.push(await DBOS.startWorkflow(twoSteps, { workflowID: `${run}-${task}`, queueName: layeredQueue })(`${run}-${task}`));
      }
      for (const handle of handles) await handle.getResult({ pollingIntervalMs: 20 });
    }
    return tasks;
  },
  { name: "layered" },
);

const directly = DBOS.registerWorkflow(
  async ({ tasks, width, run }: Layered): Promise<number> => {
    for (let from = 0; from < tasks; from += width) {
      const handles = [];
      for (let task = from; task < Math.min(from + width, tasks); task += 1)
        handles.push(await DBOS.startWorkflow(twoSteps, { workflowID: `${run}-${task}` })(`${run}-${task}`));
      for (const handle of handles) await handle.getResult({ pollingIntervalMs: 20 });
    }
    return tasks;
  },
  { name: "layered-directly" },
);

DBOS.setConfig({
  name: applicationName,
  systemDatabaseUrl: url,
  applicationVersion,
  executorID: `bench-${process.pid}`,
  runMigrations: false,
  logger: { debug: () => {}, info: () => {}, warn: () => {}, error: (entry: unknown) => void process.stderr.write(`${String(entry)}\n`) },
});
await DBOS.launch();
await DBOS.registerQueue(layeredQueue, queue);
const client = await DBOSClient.create({ systemDatabaseUrl: url, applicationName });
// The engine looks for new queues once a second.
await new Promise((resolve) => void setTimeout(resolve, 1_500));

const timed = async (work: () => Promise<unknown>): Promise<{ readonly ms: number }> => {
  const startedMs = performance.now();
  await work();
  return { ms: performance.now() - startedMs };
};

serveActs(
  {
    layered: (shape: Layered) =>
      timed(async () => (await DBOS.startWorkflow(layered, { workflowID: shape.run })(shape)).getResult({ pollingIntervalMs: 20 })),
    directly: (shape: Layered) =>
      timed(async () => (await DBOS.startWorkflow(directly, { workflowID: shape.run })(shape)).getResult({ pollingIntervalMs: 20 })),
    async fill({ tasks, run }: Layered) {
      for (let task = 0; task < tasks; task += 1) {
        await client.enqueue(
          { workflowName: "two-steps", queueName: drainQueue, workflowID: `${run}-${task}`, appVersion: applicationVersion },
          `${run}-${task}`,
        );
      }
      return null;
    },
    /** From the first body's begin to the last one's end; the queue is only polled from now on. */
    async drain({ tasks }: Layered) {
      ended = 0;
      firstAtMs = 0;
      await DBOS.registerQueue(drainQueue, queue);
      while (ended < tasks) await new Promise((resolve) => void setTimeout(resolve, 5));
      await DBOS.deleteQueue(drainQueue);
      return { ms: lastAtMs - firstAtMs };
    },
  },
  async () => {
    await client.destroy();
    await DBOS.shutdown();
  },
);
