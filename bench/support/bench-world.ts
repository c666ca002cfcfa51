import process from "node:process";
import type { Artifact } from "../../src/core/shared/content.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import { asId } from "../../src/core/shared/ids.ts";
import type { Json, JsonObject } from "../../src/core/shared/json.ts";
import { canonicalJson } from "../../src/core/shared/json.ts";
import type { PlanDocument } from "../../src/core/planning/plan-document.ts";
import { calendarReader } from "../../src/adapters/calendar/calendar-reader.ts";
import { checkDataBySchema } from "../../src/adapters/schemas/schema-checker.ts";
import { cedarAuthorizer } from "../../src/adapters/cedar/cedar-authorizer.ts";
import { systemClock } from "../../src/adapters/system/system-clock.ts";
import { systemRng } from "../../src/adapters/system/system-rng.ts";
import { openEngine } from "../../src/engine/engine.ts";
import type { Executor } from "../../src/engine/ports/executor.ts";
import type { Caller } from "../../src/engine/shared/caller.ts";
import type { Command } from "../../src/engine/shared/commands.ts";
import { type Home, ensureHome } from "../../src/main/first-run.ts";
import { findInstallation } from "../../src/main/installation.ts";
import { silentLog } from "../../src/main/log.ts";
import { type System, openSystem } from "../../src/main/open-system.ts";
import { benchPersona } from "./layered-plan.ts";

/** The real system of `XVC_HOME`, with rules that serve every task by returning at once. */
export interface BenchWorld {
  readonly system: System;
  readonly home: Home;
  readonly instant: Executor;
  caller(actor: "person" | "system"): Caller;
  apply(actor: "person" | "system", command: Command): Promise<JsonObject>;
  /** Files a request and puts a plan before the person; nothing is dispatched yet. */
  propose(document: PlanDocument): Promise<Proposed>;
  approve(proposed: Proposed): Promise<JsonObject>;
}

interface Proposed {
  readonly requestId: string;
  readonly planId: string;
  /** What the person types to approve a plan of their own. */
  readonly label: string;
}

/** A list that has every name: the stand-in rules serve whatever a plan calls its tasks. */
const everyTask: readonly string[] = Object.assign([] as string[], { includes: () => true });

export async function openBenchWorld(): Promise<BenchWorld> {
  const installation = findInstallation(process.env);
  const opened = await openSystem(installation, process.env, { log: silentLog, graceMs: 5_000, onFenced: () => process.exit(7) });
  const capabilities = { ...opened.capabilities, ruleTasks: everyTask };
  const { store, ids, digest, crash } = opened;
  const system: System = {
    ...opened,
    capabilities,
    engine: openEngine({
      store,
      clock: systemClock,
      ids,
      rng: systemRng,
      digest,
      crash,
      capabilities,
      authorizer: cedarAuthorizer(),
      calendars: calendarReader,
      checkData: checkDataBySchema,
    }),
  };
  const home = await ensureHome(system);
  const bytes = new TextEncoder().encode("done\n");
  const artifact = { sha256: await system.content.write(bytes), mediaType: "text/plain", bytes: bytes.byteLength };
  const caller = (actor: "person" | "system"): Caller => ({
    organizationId: home.organizationId,
    projectId: asId(home.projectId),
    actor: actor === "person" ? { kind: "person", id: home.personId } : { kind: "system", id: "bench" },
    key: `bench:${ids.next()}`,
  });
  const apply = (actor: "person" | "system", command: Command): Promise<JsonObject> => system.engine.apply(caller(actor), command);
  await addPersonas(system, caller("system"));
  return {
    system,
    home,
    instant: instantRules(artifact),
    caller,
    apply,
    propose: (document) => propose(system, apply, document),
    approve: ({ planId, label }) =>
      apply("person", {
        kind: "decide-plan",
        planId,
        choice: "approve",
        reason: "",
        documentSha256: null,
        confirmation: label,
        beforehand: false,
      }),
  };
}

const instantRules = (artifact: Omit<Artifact, "name">): Executor => ({
  kind: "rules",
  serves: () => ({ ok: true }),
  attempt: async ({ task }) => ({
    kind: "submitted",
    outputs: task.spec.outputs.map((name) => ({ ...artifact, name })),
    interpretation: "",
    notes: [],
    costMicro: 0,
  }),
});

async function addPersonas(system: System, caller: Caller): Promise<void> {
  for (const key of [benchPersona, "bench_reviewer"]) {
    const persona = {
      key,
      personaVersion: 1,
      worldview: "",
      specializations: [],
      tools: [],
      skills: ["bench"],
      division: "engineering",
      executors: ["rules"],
      costPerHourMicro: 0,
      capacity: 1_000,
    } as const;
    await system.engine.apply({ ...caller, projectId: null, key: `bench:persona:${key}` }, { kind: "add-persona", persona });
  }
}

type Apply = BenchWorld["apply"];

async function propose(system: System, apply: Apply, document: PlanDocument): Promise<Proposed> {
  const requestId = system.ids.next();
  const opened = await apply("person", {
    kind: "submit-request",
    id: requestId,
    draft: {
      title: "",
      text: document.request,
      urgency: "normal",
      budgetMicro: null,
      deadlineAtMs: null,
      playbook: null,
      inputs: [],
      approveBeforehand: false,
      script: null,
    },
  });
  await askHow(apply, requestId);
  const proposed = await apply("person", {
    kind: "propose-plan",
    requestId,
    epoch: null,
    document,
    documentSha256: system.digest(canonicalJson(document as unknown as Json)), // a plan document is plain JSON
    origin: { kind: "person", name: "bench", edited: false, authorId: null },
    forecast: null,
  });
  return { requestId, planId: proposed["id"] as string, label: opened["label"] as string }; // `decideProposal` and `decideSubmission` answer with them
}

/** Brings a request to where a person's plan is taken, as analysis does; a running worker may be faster. */
async function askHow(apply: Apply, requestId: string): Promise<void> {
  const brief = {
    interpretation: "",
    goals: [],
    constraints: [],
    unknowns: [],
    options: [],
    approach: "",
    riskClass: "low",
    playbook: null,
  } as const;
  const question = {
    id: "how",
    title: "How?",
    detail: "",
    ruleId: "bench",
    choices: [{ id: "tasks", label: "Write the tasks", needs: "plan" }],
  } as const;
  try {
    await apply("system", { kind: "record-brief", requestId, epoch: 1, brief, questions: [question] });
  } catch (error) {
    if (!(error instanceof Failure && error.kind === "conflict")) throw error;
  }
}
