import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { scriptedExecutor, scriptedReviewer } from "../adapters/scripted/scripted-executor.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { Failure } from "../core/shared/failure.ts";
import type { Checker, Executor } from "../engine/ports/executor.ts";
import { redactSecrets } from "../engine/gate/redact-secrets.ts";
import { type DoorParts, openToolDoor } from "../engine/gate/tool-door.ts";
import { personaOfAttempt } from "../engine/personas/persona-rules.ts";
import { modelExecutor } from "../engine/execution/model-executor.ts";
import { enginePurse } from "../engine/execution/model-purse.ts";
import { turnLedger } from "../engine/execution/turn-ledger.ts";
import type { TrialSubject } from "../engine/personas/trial-context.ts";
import { closedDoor, trialLedger, trialPurse } from "../engine/personas/trial-ledger.ts";
import { rulesExecutor } from "../engine/execution/rules-executor.ts";
import type { Workbench } from "../engine/execution/workbench.ts";
import { type SchemaCheck, commandChecker, outputChecker, ruleChecker, schemaChecker } from "../engine/review/checkers.ts";
import { secondLook } from "../engine/review/second-look.ts";
import { engineeringRules } from "../divisions/engineering/section-rules.ts";
import { agentsExecutor, openWorktrees } from "./agents.ts";
import { assessmentAnalysers } from "./assessment.ts";
import { repositoryHistory } from "./assessment-history.ts";
import { firstOrganizationId } from "./first-run.ts";
import type { System } from "./open-system.ts";
import { recountReviewer } from "./recount-reviewer.ts";
import { openOutsideTools, openTools } from "./tools.ts";
import { fileWorkspace } from "./workspace.ts";

/** Everything this installation's jobs work with. */
export function openWorkbench(system: System, executorId: string): Workbench {
  const workspace = fileWorkspace({ cacheDirectory: system.installation.cacheDirectory, content: system.content, git: system.git });
  const worktrees = openWorktrees(system);
  const { content, crash } = system;
  const checkers: { readonly [kind: string]: Checker } = {
    output: outputChecker,
    schema: schemaChecker(content, fitsSchema),
    rule: ruleChecker(content, engineeringRules),
    command: commandChecker({ content, workspace, worktrees, sandbox: system.sandbox, place: placeFile }),
  };
  return {
    store: system.store,
    content,
    clock: systemClock,
    digest: system.digest,
    crash,
    capabilities: system.capabilities,
    apply: (caller, command) => system.engine.apply(caller, command),
    applyAndLook: (caller, command, look) => system.engine.applyAndLook(caller, command, look),
    executors: {
      rules: rulesExecutor({ analysers: assessmentAnalysers(repositoryHistory(system.git)), content, workspace, crash }),
      scripted: scriptedExecutor(content, crash),
      model: modelsExecutor(system),
      agent: agentsExecutor(system, { worktrees, workspace }),
    },
    trials: { model: (subject) => trialExecutor(system, subject) },
    checkers,
    reviewers: { scripted: scriptedReviewer, "second-look": secondLook(checkers), recount: recountReviewer({ system, workspace }) },
    executorId,
    reach: system.reach.parts,
  };
}

/** Models of the one organization that this installation serves. */
const modelsExecutor = (system: System): Executor => {
  const {
    engine,
    ids,
    content,
    crash,
    models: { models, words },
  } = system;
  const organizationId = firstOrganizationId;
  const door: DoorParts = {
    organizationId,
    ids,
    crash,
    clock: systemClock,
    digest: system.digest,
    apply: (caller, command) => engine.apply(caller, command),
    tools: openTools(system),
    redact: (text) => redactSecrets(text),
  };
  const outside = openOutsideTools(system);
  return modelExecutor({
    models,
    words,
    clock: systemClock,
    crash,
    organizationId,
    content,
    purseOf: ({ request }) => enginePurse({ engine, ids, organizationId, crash }, request.projectId),
    ledgerOf: (context) => turnLedger({ engine, content, crash, ids, organizationId }, context),
    toolsOf: async (context) => {
      const scope = { organizationId, projectIds: [context.request.projectId] };
      const [others, persona] = await Promise.all([
        outside.list(),
        engine.read(scope, (reader) => personaOfAttempt(reader, context.attempt)),
      ]);
      return openToolDoor({ ...door, tools: [...door.tools, ...others], personaTools: persona?.tools ?? [] }, context);
    },
  });
};

/** The same models for trials: with a case for a task, without tools, and paid for by nobody's task. */
const trialExecutor = ({ engine, ids, content, crash, models: { models } }: System, subject: TrialSubject): Executor =>
  modelExecutor({
    models,
    clock: systemClock,
    crash,
    organizationId: firstOrganizationId,
    content,
    purseOf: () => trialPurse(enginePurse({ engine, ids, organizationId: firstOrganizationId, crash }, subject.projectId)),
    ledgerOf: () => trialLedger({ engine, content, crash, ids, clock: systemClock, organizationId: firstOrganizationId }, subject),
    toolsOf: () => closedDoor,
  });

/** JSON schema through zod's reader; a schema it cannot read fails the check with the reason. */
const fitsSchema: SchemaCheck = (schema, value) => {
  const read = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value); // a JSON object; zod refuses what is no schema
  return read.success ? [] : read.error.issues.map((issue) => `${issue.path.join(".") || "the document"}: ${issue.message}`);
};

/** Puts an output into a check's scratch directory. Names are file names of the plan; one that leaves the directory is refused. */
async function placeFile(directory: string, name: string, bytes: Uint8Array): Promise<void> {
  const target = path.resolve(directory, name);
  if (!target.startsWith(`${directory}${path.sep}`))
    throw new Failure("invalid", "output.bad-name", {
      message: `The output name ${JSON.stringify(name.slice(0, 100))} leaves its directory.`,
    });
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, bytes);
}
