import { type Provider, mayServe } from "../gate/provider.ts";
import { type Persona, maxProofs, needsProof, personaKind, type ExecutorKind } from "../personas/persona.ts";
import { type Qualification, type Trial, figuresOf, isPassed, qualificationKind } from "../personas/qualification.ts";
import { type Suite, neededPasses, suiteKind, suiteLimits, suiteName, trialCount, type SuiteFields } from "../personas/suite.ts";
import type { LoseLease } from "../review/decide-hand-over.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { ProjectId } from "../shared/ids.ts";
import { type Decided, type Refusal, type Step, beginStep, maxHandOvers, refuse } from "../shared/transition.ts";

/** Adds a version of a suite. Versions are never edited. */
export interface AddSuite {
  readonly kind: "add-suite";
  readonly suite: SuiteFields;
}

/** A person's go for one run of a suite, with the estimate they were shown. */
export interface StartQualification {
  readonly kind: "start-qualification";
  readonly personaKey: string;
  /** The present version, or the one that runs beside it. */
  readonly personaVersion: number;
  readonly executor: ExecutorKind;
  readonly suiteId: string;
  /** Null: the executor names no model. */
  readonly providerId: string | null;
  readonly model: string | null;
  readonly shownMicro: number | null;
  /** The run ends once this is spent. */
  readonly capMicro: number;
}

/** What one trial came to, as its job reports it. */
export interface FinishTrial {
  readonly kind: "finish-trial";
  readonly qualificationId: string;
  readonly epoch: number;
  readonly trial: Omit<Trial, "number" | "endedAtMs">;
}

export interface StopQualification {
  readonly kind: "stop-qualification";
  readonly qualificationId: string;
  /** Absent: a person stops it, whatever it is at. */
  readonly epoch?: number | undefined;
  readonly reason: string;
}

export function decideNewSuite(
  { same, count }: { readonly same: Suite | undefined; readonly count: number },
  { suite }: AddSuite,
  context: DecideContext,
): Decided {
  if (same !== undefined)
    return refuse("conflict", "suite.exists", `Suite ${suite.key} has a version ${suite.suiteVersion} already; raise the version.`);
  if (count >= suiteLimits.suites) return refuse("exhausted", "suite.too-many", `There are ${suiteLimits.suites} suites already.`);
  const { draft } = beginStep(context);
  const created = draft.create(suiteKind, { ...suite, id: context.newId() });
  draft.record(suiteKind, created, "suite.added", {
    key: suite.key,
    suiteVersion: suite.suiteVersion,
    trials: trialCount(suite),
    origin: suite.origin,
  });
  return draft.accept({ id: created.id, key: suite.key, suiteVersion: suite.suiteVersion });
}

export interface NewQualificationSlice {
  readonly projectId: ProjectId | null;
  readonly rehearsal: boolean;
  readonly persona: Persona | undefined;
  /** Version that runs beside the persona's own; null: none. */
  readonly candidateVersion: number | null;
  readonly suite: Suite | undefined;
  readonly provider: Provider | undefined;
  /** Whether the executor runs here and can do trials. */
  readonly runs: boolean;
  /** What the run probably costs now; null: nobody has said what the model costs. */
  readonly estimateMicro: number | null;
  /** Runs of this persona under way. */
  readonly underWay: number;
}

/** Starts a run. Nothing is asked of any model before a person has seen what it will probably cost. */
export function decideQualification(slice: NewQualificationSlice, command: StartQualification, context: DecideContext): Decided {
  const { persona, suite, projectId } = slice;
  if (persona === undefined) return refuse("not-found", "persona.not-found", `There is no persona ${command.personaKey.slice(0, 100)}.`);
  if (suite === undefined) return refuse("not-found", "suite.not-found", "There is no such suite here.");
  if (projectId === null || slice.rehearsal)
    return refuse("invalid", "qualification.no-project", "A suite runs in a real project, whose providers and budgets hold for it.");
  const problem =
    pairProblem(slice, persona, command) ?? modelProblem(slice, command) ?? costProblem(slice, command) ?? suiteProblem(suite, persona);
  if (problem !== null) return problem;
  const { draft } = beginStep(context);
  const { personaVersion, executor, providerId, capMicro } = command;
  const run = draft.create(qualificationKind, {
    id: context.newId(),
    projectId,
    personaKey: persona.key,
    personaVersion,
    executor,
    providerId,
    model: modelName(slice.provider, command.model),
    suiteId: suite.id,
    suite: suiteName(suite),
    state: "running",
    epoch: 1,
    handOvers: 0,
    planned: trialCount(suite),
    trials: [],
    estimateMicro: slice.estimateMicro,
    capMicro,
    costMicro: 0,
    startedBy: context.actor.id,
    startedAtMs: context.nowMs,
    endedAtMs: null,
    stopReason: "",
  });
  draft.record(qualificationKind, run, "qualification.started", {
    personaKey: persona.key,
    personaVersion,
    executor,
    model: run.model,
    suite: run.suite,
    estimateMicro: run.estimateMicro,
    capMicro,
  });
  draft.enqueue({ kind: "qualify", subjectId: run.id, epoch: 1 });
  return draft.accept({ id: run.id, state: run.state, planned: run.planned });
}

function pairProblem(slice: NewQualificationSlice, persona: Persona, { executor, personaVersion }: StartQualification): Refusal | null {
  if (!needsProof(executor))
    return refuse("invalid", "qualification.needs-none", `Work by ${executor} needs no proof: its own checks and reviews show what it is.`);
  if (!slice.runs)
    return refuse(
      "unavailable",
      "qualification.no-executor",
      `Nothing here does trials by ${executor}; connect a model in Settings, Models first.`,
    );
  if (personaVersion !== persona.personaVersion && personaVersion !== slice.candidateVersion)
    return refuse(
      "conflict",
      "persona.old-version",
      `${persona.key} is at version ${persona.personaVersion}; only that one, or one that runs beside it, is qualified.`,
    );
  return slice.underWay === 0
    ? null
    : refuse("conflict", "qualification.running", `A suite of ${persona.key} runs already; wait for its end or stop it.`);
}

const modelName = (provider: Provider | undefined, model: string | null): string | null =>
  provider === undefined || model === null ? null : `${provider.name}/${model}`;

const suiteProblem = ({ key, personas }: Suite, persona: Persona): Refusal | null =>
  personas.includes(persona.key)
    ? null
    : refuse("invalid", "suite.not-its-own", `Suite ${key} belongs to ${personas.join(", ")}, not to ${persona.key}.`);

function modelProblem({ provider, projectId }: NewQualificationSlice, { executor, providerId, model }: StartQualification): Refusal | null {
  if (executor !== "model") return null;
  if (providerId === null || provider === undefined || !mayServe(provider, projectId ?? ""))
    return refuse(
      "forbidden",
      "provider.not-allowed",
      "This project may not be sent to this provider. A person allows it in Settings, Models.",
    );
  return model !== null && provider.models.includes(model)
    ? null
    : refuse("invalid", "provider.models-invalid", `${provider.name} has the models ${provider.models.join(", ")}; name one of them.`);
}

function costProblem({ estimateMicro }: NewQualificationSlice, { executor, shownMicro, capMicro }: StartQualification): Refusal | null {
  if (executor === "model" && estimateMicro === null)
    return refuse(
      "invalid",
      "budget.no-price",
      "Nobody has said what this model costs, so nobody can say what the suite costs. Set its price in Settings, Budgets.",
    );
  if (shownMicro !== estimateMicro)
    return refuse("conflict", "qualification.estimate-changed", "What the suite probably costs has changed; look at it again.", {
      estimateMicro,
    });
  return Number.isSafeInteger(capMicro) && capMicro >= (estimateMicro ?? 0)
    ? null
    : refuse("invalid", "qualification.bad-cap", "The most it may cost is at least what it probably costs.");
}

export interface TrialSlice {
  readonly run: Qualification;
  readonly suite: Suite;
  readonly persona: Persona | undefined;
}

const staleProblem = ({ state, epoch }: Qualification, named: number | undefined): Refusal | null =>
  state === "running" && (named === undefined || named === epoch)
    ? null
    : refuse("conflict", "qualification.stale-epoch", `This run is ${state} at epoch ${epoch}; the report came too late.`);

/** Keeps one trial. The last one decides; so does the first after which the bar can no longer be reached. */
export function decideTrial({ run, suite, persona }: TrialSlice, command: FinishTrial, context: DecideContext): Decided {
  const stale = staleProblem(run, command.epoch);
  if (stale !== null) return stale;
  const step = beginStep(context);
  const { draft } = step;
  const trial: Trial = { ...command.trial, number: run.trials.length + 1, endedAtMs: context.nowMs };
  const now = draft.change(qualificationKind, run, { trials: [...run.trials, trial], costMicro: run.costMicro + trial.costMicro });
  draft.record(qualificationKind, now, "trial.finished", {
    personaKey: run.personaKey,
    number: trial.number,
    caseId: trial.caseId,
    passed: trial.passed,
    costMicro: trial.costMicro,
  });
  const failed = now.trials.length - figuresOf(now).passed;
  if (isPassed(suite, now)) {
    end(step, now, { state: "passed" });
    if (persona !== undefined) prove(step, now, persona);
  } else if (now.trials.length >= now.planned || failed > now.planned - neededPasses(suite)) end(step, now, { state: "failed" });
  else if (now.costMicro >= now.capMicro && now.capMicro > 0) end(step, now, { state: "stopped", reason: "it has cost as much as it may" });
  else goOn(step, now);
  return draft.accept({ id: run.id, state: draft.current(qualificationKind, now).state });
}

function goOn({ draft }: Step, run: Qualification): void {
  const { epoch } = draft.change(qualificationKind, run, { epoch: run.epoch + 1, handOvers: 0 });
  draft.enqueue({ kind: "qualify", subjectId: run.id, epoch });
}

function end(
  { draft, context }: Step,
  run: Qualification,
  { state, reason = "" }: { readonly state: Qualification["state"]; readonly reason?: string },
): void {
  const { n, passed, interval } = figuresOf(run);
  draft.change(qualificationKind, run, { state, endedAtMs: context.nowMs, stopReason: reason });
  draft.record(qualificationKind, run, "qualification.ended", {
    personaKey: run.personaKey,
    personaVersion: run.personaVersion,
    executor: run.executor,
    model: run.model,
    suite: run.suite,
    state,
    n,
    passed,
    lower: interval.low,
    costMicro: run.costMicro,
    reason,
  });
}

/** What was shown is worth something for this version with this model alone. */
function prove({ draft, context }: Step, run: Qualification, persona: Persona): void {
  const { executor, personaVersion, model, suite } = run;
  const others = (persona.qualifiedWith ?? []).filter(
    (one) => !(one.executor === executor && one.personaVersion === personaVersion && one.model === model && one.suite === suite),
  );
  const proof = { executor, personaVersion, model, suite, qualificationId: run.id, atMs: context.nowMs };
  draft.change(personaKind, persona, { qualifiedWith: [...others, proof].slice(-maxProofs) });
  draft.record(personaKind, persona, "persona.qualified", { key: persona.key, personaVersion, executor, model, suite });
}

/** Ends a run before its end: a person says so, or nothing can go on. What was spent is booked, and nothing is shown. */
export function decideStopQualification(
  { run }: { readonly run: Qualification },
  command: StopQualification,
  context: DecideContext,
): Decided {
  const stale = staleProblem(run, command.epoch);
  if (stale !== null) return stale;
  const step = beginStep(context);
  end(step, run, { state: "stopped", reason: command.reason.slice(0, 500) });
  return step.draft.accept({ id: run.id, state: "stopped" });
}

/** Gives a trial whose worker is gone to another one; after `maxHandOvers` the run stops. */
export function decideLostTrial(
  { run }: { readonly run: Qualification },
  { epoch }: Pick<LoseLease, "epoch">,
  context: DecideContext,
): Decided {
  if (staleProblem(run, epoch) !== null) return refuse("conflict", "job.already-settled", "This job has ended or was handed on before.");
  const step = beginStep(context);
  const handOvers = run.handOvers + 1;
  const next = step.draft.change(qualificationKind, run, { epoch: run.epoch + 1, handOvers });
  step.draft.record(qualificationKind, next, "lease.lost", { epoch, handOvers });
  if (handOvers <= maxHandOvers) step.draft.enqueue({ kind: "qualify", subjectId: run.id, epoch: next.epoch });
  else end(step, next, { state: "stopped", reason: "its worker died again and again" });
  return step.draft.accept({ subjectId: run.id, handedOver: true });
}
