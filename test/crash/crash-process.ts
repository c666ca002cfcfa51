import { createHash, randomUUID } from "node:crypto";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../../src/adapters/system/system-clock.ts";
import { taskKind } from "../../src/core/execution/task.ts";
import { effectKindOf } from "../../src/core/gate/effect.ts";
import { type InboxItem, inboxItemKind } from "../../src/core/oversight/inbox-item.ts";
import { requestKind, type WorkRequest } from "../../src/core/requests/request.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import { asId, type ProjectId } from "../../src/core/shared/ids.ts";
import type { JsonObject } from "../../src/core/shared/json.ts";
import { performEffect } from "../../src/engine/gate/perform-effect.ts";
import type { Command } from "../../src/engine/shared/commands.ts";
import { ensureHome, type Home } from "../../src/main/first-run.ts";
import { findInstallation } from "../../src/main/installation.ts";
import { silentLog } from "../../src/main/log.ts";
import { openSystem, type System } from "../../src/main/open-system.ts";
import { startWorker } from "../../src/main/worker.ts";
import type { ClientEntry, Fields, ReceiverEntry } from "../../verify/world.ts";
import { addLine, fileReceivers, readLines } from "./file-receivers.ts";

/**
 * One process of the product with a scripted person in it, for tests that kill it: `<round> <requests> <clients file> <receivers file>`.
 * Everything it does is keyed by what it is about, so the next process goes on with the same keys. Prints `{"verifyUrl"}` at rest.
 */
const [, , roundText = "0", requestsText = "1", clientsFile = "", receiversFile = ""] = process.argv;
const round = Number(roundText);

/** A UUID of version 7 from a name: the same in every process. */
function idOf(name: string): string {
  const hash = createHash("sha256").update(name).digest("hex");
  return `0190b000-${hash.slice(0, 4)}-7${hash.slice(4, 7)}-8${hash.slice(7, 10)}-${hash.slice(10, 22)}`;
}

const projects = ["CRA", "CRB", "CRC"].map((key) => ({ key, id: asId<"project">(idOf(`project ${key}`)) }));
const script = {
  seed: 7,
  quality: 1,
  costPerHourMicro: 90_000_000,
  tasks: {
    architecture_design: { question: "Which customers come first?" },
    ui_design: { failedReviews: 1 },
    backend_implementation: { failedReviews: 2 },
  },
} as const satisfies JsonObject;
const requests = Array.from({ length: Number(requestsText) }, (_, number) => ({
  id: idOf(`request ${String(round)} ${String(number)}`),
  projectId: projects[(round + number) % projects.length]?.id ?? asId<"project">(""),
}));

interface Use {
  readonly system: System;
  readonly home: Home;
}

/** Sends under a key that does not change with the process, and writes down what came back. */
async function tell({ system, home }: Use, projectId: ProjectId | null, key: string, command: Command): Promise<void> {
  const entry = { client: "crash-person", organizationId: home.organizationId, projectId, key };
  try {
    const answer = await system.engine.apply(
      { organizationId: home.organizationId, projectId, actor: { kind: "person", id: home.personId }, key },
      command,
    );
    addLine(clientsFile, { ...entry, outcome: "ok", answer: answer as Fields } satisfies ClientEntry);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const outcome = error.kind === "unavailable" || error.code.startsWith("store.") ? "unknown" : "refused";
    if (error.kind === "bug") throw error;
    addLine(clientsFile, { ...entry, outcome, answer: null } satisfies ClientEntry);
  }
}

const choices: { readonly [kind in InboxItem["kind"]]: string } = {
  approval: "approve",
  question: "answer",
  escalation: "retry",
  check: "pass",
  "unknown-effect": "done",
  patch: "go-on",
};

async function answerAll(use: Use, projectId: ProjectId): Promise<void> {
  const scope = { organizationId: use.home.organizationId, projectIds: [projectId] };
  const items = await use.system.store.read(scope, (reader) =>
    reader.find(inboxItemKind, { where: { state: ["open", "delegated"] }, limit: 100 }),
  );
  for (const item of items) {
    const choice = item.kind === "unknown-effect" ? await whatHappened(use, projectId, item) : choices[item.kind];
    const command = {
      kind: "answer-item",
      itemId: item.id,
      choice,
      value: "Companies.",
      reason: "It is so.",
      inputs: [],
      confirmation: null,
    } as const;
    await tell(use, projectId, `crash:answer:${item.id}`, command);
  }
}

/** The person looks at the receiver, as the item asks. */
async function whatHappened(use: Use, projectId: ProjectId, item: InboxItem): Promise<"done" | "failed"> {
  const effect = await use.system.store.read({ organizationId: use.home.organizationId, projectIds: [projectId] }, (reader) =>
    reader.get(effectKindOf, item.subjectId),
  );
  return readLines<ReceiverEntry>(receiversFile).some((entry) => entry.effectKey === effect?.effectKey && entry.outcome === "applied")
    ? "done"
    : "failed";
}

/** The same planned acts for a request, however often a process comes to them. */
async function act({ system, home }: Use, request: WorkRequest): Promise<void> {
  const scope = { organizationId: home.organizationId, projectIds: [request.projectId] };
  const [task] = await system.store.read(scope, (reader) => reader.find(taskKind, { where: { requestId: request.id }, limit: 1 }));
  if (task === undefined) return;
  const use = {
    apply: system.engine.apply.bind(system.engine),
    clock: systemClock,
    ids: system.ids,
    digest: system.digest,
    crash: system.crash,
  };
  for (const tool of fileReceivers(receiversFile)) {
    const caller = {
      organizationId: home.organizationId,
      projectId: request.projectId,
      actor: { kind: "system", id: "crash-test" },
      key: `crash:effect:${randomUUID()}`,
    } as const;
    try {
      await performEffect(use, caller, {
        requestId: request.id,
        taskId: task.id,
        epoch: 1,
        step: "tell",
        ordinal: 1,
        tool,
        arguments: { note: request.title },
      });
    } catch (error) {
      if (!(error instanceof Failure) || error.kind === "bug") throw error;
    }
  }
}

async function fileRequests(use: Use): Promise<void> {
  for (const { key, id } of projects)
    await tell(use, null, `crash:project:${key}`, {
      kind: "create-project",
      id,
      key,
      name: `Crash ${key}`,
      mode: "rehearsal",
      clockAtMs: 1_700_000_000_000,
    });
  for (const { id, projectId } of requests) {
    const draft = {
      title: `Portal ${id.slice(-6)}`,
      text: "Build customer portal",
      urgency: "normal",
      budgetMicro: null,
      deadlineAtMs: null,
      playbook: null,
      inputs: [],
      approveBeforehand: false,
      script,
    } as const;
    await tell(use, projectId, `crash:submit:${id}`, { kind: "submit-request", id, draft });
  }
}

/** Longest wait for rest, milliseconds. */
const patienceMs = 120_000;

async function untilRest(use: Use): Promise<boolean> {
  const acted = new Set<string>();
  for (const endMs = Date.now() + patienceMs; Date.now() < endMs; await pause(40)) {
    for (const { id } of projects) await answerAll(use, id);
    const rows: WorkRequest[] = [];
    for (const { id, projectId } of requests) {
      const row = await use.system.store.read({ organizationId: use.home.organizationId, projectIds: [projectId] }, (reader) =>
        reader.get(requestKind, id),
      );
      if (row !== undefined) rows.push(row);
    }
    for (const row of rows.filter((one) => !acted.has(one.id) && ["active", "integrating", "delivered"].includes(one.state))) {
      await act(use, row);
      acted.add(row.id);
    }
    if (rows.length === requests.length && rows.every((row) => row.state === "delivered" && acted.has(row.id))) return true;
  }
  return false;
}

const system = await openSystem(findInstallation(process.env), process.env, {
  log: silentLog,
  graceMs: 2_000,
  onFenced: () => process.exit(7),
});
const use: Use = { system, home: await ensureHome(system) };
const worker = await startWorker(system);
await fileRequests(use);
const rested = await untilRest(use);
if (rested) await answerAll(use, projects[0]?.id ?? asId<"project">(""));
process.stdout.write(`${JSON.stringify({ rested, verifyUrl: system.database.urls.verify })}\n`);
await worker.stop();
await system.close();
process.exit(rested ? 0 : 3);
