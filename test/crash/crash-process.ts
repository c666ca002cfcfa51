import process from "node:process";
import { createInterface } from "node:readline";
import { systemClock } from "../../src/adapters/system/system-clock.ts";
import { signedWebhook } from "../../src/adapters/webhook/signed-webhook.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { type EffectDependencies, performEffect } from "../../src/engine/gate/perform-effect.ts";
import { enginePurse } from "../../src/engine/execution/model-purse.ts";
import type { Workbench } from "../../src/engine/execution/workbench.ts";
import type { AttemptContext, Executor } from "../../src/engine/ports/executor.ts";
import type { ModelDemand } from "../../src/engine/ports/purse.ts";
import type { ReachParts } from "../../src/engine/ports/messenger.ts";
import { crashProbe } from "../../src/main/crash-probe.ts";
import { ensureHome, type Home } from "../../src/main/first-run.ts";
import { findInstallation } from "../../src/main/installation.ts";
import { silentLog } from "../../src/main/log.ts";
import { openSystem, type System } from "../../src/main/open-system.ts";
import { startServer } from "../../src/main/server.ts";
import { openWorkbench } from "../../src/main/workbench.ts";
import { startWorker } from "../../src/main/worker.ts";
import { fileEgress } from "./file-notices.ts";
import { fileReceivers } from "./file-receivers.ts";

/**
 * The whole product in one process, for tests that kill it: `<receivers file>`. Says one line of JSON when it is ready. Each
 * line of its input is a crash point to die at from then on, such as `enqueue.after:2`; the end of its input stops it.
 */
const [, , receiversFile = ""] = process.argv;
const startedAtMs = Date.now();
let probe = crashProbe(process.env);

/** Tasks with this key pay for a call, and tell the outside world in each of the four ways. */
const actingTask = "architecture_design";

/** Short, so that a recovery does not wait long for a call that cannot be alive. */
const callDeadlineMs = 1_000;

function acting(inner: Executor, use: EffectDependencies & { readonly system: System }, home: Home): Executor {
  return {
    ...inner,
    async attempt(context, signal) {
      if (context.task.key !== actingTask) return inner.attempt(context, signal);
      const purse = enginePurse(
        { ...use.system, engine: spendingEngine(use.system), organizationId: home.organizationId, crash: use.crash },
        context.request.projectId,
      );
      const reservationId = await purse.reserve(callOf(context));
      for (const tool of fileReceivers(receiversFile)) await act(use, home, { context, tool });
      await purse.settle(reservationId, { inputTokens: 40, outputTokens: 10, wallMs: 5 }, true);
      return inner.attempt(context, signal);
    },
  };
}

/** A rehearsal spends nothing: the calls of its attempts are the organization's own here. */
const spendingEngine = ({ engine }: System): Pick<Engine, "apply"> => ({
  apply: (caller, command) =>
    engine.apply(
      { ...caller, projectId: null },
      command.kind === "reserve-spend" ? { ...command, requestId: null, taskId: null, attemptId: null } : command,
    ),
});

/** A call in the house: it costs no money, and its tokens count. */
const callOf = ({ request, task, attempt }: AttemptContext): ModelDemand => ({
  requestId: request.id,
  taskId: task.id,
  attemptId: attempt.id,
  personaKey: attempt.performer.id,
  provider: "house",
  model: "small",
  local: true,
  inputTokens: 100,
  outputTokens: 100,
  wallMs: 1_000,
  runs: 1,
});

async function act(
  use: EffectDependencies,
  home: Home,
  { context, tool }: { readonly context: AttemptContext; readonly tool: ReturnType<typeof fileReceivers>[number] },
): Promise<void> {
  const { task, attempt, request } = context;
  const caller = {
    organizationId: home.organizationId,
    projectId: request.projectId,
    actor: { kind: "persona", id: attempt.performer.id },
    key: `effect:${attempt.id}`,
  } as const;
  const planned = { requestId: request.id, taskId: task.id, epoch: attempt.epoch, step: "tell", ordinal: 1 };
  try {
    await performEffect(use, caller, { ...planned, tool, arguments: { note: request.title } });
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === "bug") throw error; // a no or an unknown end is on record; the task goes on
  }
}

/** The product's own webhooks, signed as always, over a network that is a file. */
function told({ reach: { parts } }: System): ReachParts {
  const webhook = signedWebhook(fileEgress(receiversFile), () => systemClock.nowMs());
  return { ...parts, reach: { ...parts.reach, messengers: { ...parts.reach.messengers, webhook } } };
}

function benchOf(system: System, home: Home): Workbench {
  const bench = openWorkbench(system, system.durable.executorId);
  const { apply, clock, digest, crash, executors } = bench;
  const { scripted } = executors;
  const reach = told(system);
  if (scripted === undefined) return { ...bench, reach };
  const use = { apply, clock, ids: system.ids, digest, crash, callDeadlineMs, system };
  return { ...bench, reach, executors: { ...executors, scripted: acting(scripted, use, home) } };
}

const system = await openSystem(findInstallation(process.env), process.env, {
  log: silentLog,
  graceMs: 2_000,
  onFenced: () => process.exit(7),
  crash: (point) => probe(point),
});
const home = await ensureHome(system);
const worker = await startWorker(system, benchOf(system, home));
const server = await startServer({ system, home, port: 0, environment: {}, requestStop: () => process.stdin.destroy() });
const said = {
  url: server.url,
  serverFile: system.installation.serverFile,
  verifyUrl: system.database.urls.verify,
  organizationId: home.organizationId,
  personId: home.personId,
  readyMs: systemClock.nowMs() - startedAtMs,
};
process.stdout.write(`${JSON.stringify(said)}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  probe = crashProbe({ XVC_CRASH_POINT: line });
  process.stdout.write(`${JSON.stringify({ armed: line })}\n`);
}
await server.stop();
await worker.stop();
await system.close();
process.exit(0);
