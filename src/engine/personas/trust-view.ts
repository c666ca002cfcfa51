import { organizationKindOf } from "../../core/oversight/person.ts";
import { ladderRoles } from "../../core/feedback/count-outcome.ts";
import { type Provider } from "../../core/gate/provider.ts";
import { type Autonomy, autonomyKind } from "../../core/personas/autonomy.ts";
import { type Candidacy, candidacyKind, shareOf } from "../../core/personas/candidacy.ts";
import { type Evidence, evidenceOf, rungFor, shareFor } from "../../core/personas/ladder.ts";
import { type ExecutorKind, type Persona, isProvisional, needsProof, personaKind } from "../../core/personas/persona.ts";
import { type Qualification, figuresOf, qualificationKind } from "../../core/personas/qualification.ts";
import { type Suite, neededPasses, suiteKind, suiteLimits, suiteName, trialCount } from "../../core/personas/suite.ts";
import { Failure } from "../../core/shared/failure.ts";
import { readProviders } from "../gate/read-providers.ts";
import { namedPerson, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";
import { estimateCost } from "./qualification-cost.ts";

const shown = { runs: 20, candidacies: 20, ladders: 1_000 } as const;

export interface TrustAsked {
  readonly key: string;
  readonly viewerId: string;
  readonly organizationId: string;
  readonly nowMs: number;
}

/** How far one persona is trusted, and what that rests on. @throws {Failure} `persona.not-found` */
export async function trustView(reader: Reader, { key, viewerId, organizationId, nowMs }: TrustAsked) {
  const [persona] = await reader.find(personaKind, { where: { key }, limit: 1 });
  if (persona === undefined)
    throw new Failure("not-found", "persona.not-found", {
      message: `There is no persona ${key.slice(0, 100)}. xvc persona list shows those that are in the library.`,
    });
  const [organization, people, suites, runs, ladders, candidacies] = await Promise.all([
    reader.get(organizationKindOf, organizationId),
    readPeople(reader),
    readSuites(reader, persona, nowMs),
    reader.find(qualificationKind, { where: { personaKey: key }, newestFirst: true, limit: shown.runs }),
    reader.find(autonomyKind, { where: { personaKey: key }, limit: shown.ladders }),
    reader.find(candidacyKind, { where: { personaKey: key }, newestFirst: true, limit: shown.candidacies }),
  ]);
  const roles = people.get(viewerId)?.roles ?? [];
  return {
    schema: "xvc.trust/1" as const,
    personaKey: key,
    personaVersion: persona.personaVersion,
    currency: organization?.currency ?? "",
    mayChange: roles.includes("administrator") || ladderRoles.some((role) => roles.includes(role)),
    executors: persona.executors.map((executor) => ({
      executor,
      needsProof: needsProof(executor),
      provisional: isProvisional(persona, executor),
    })),
    proofs: (persona.qualifiedWith ?? []).map(({ qualificationId: _run, ...proof }) => ({
      ...proof,
      holds: proof.personaVersion === persona.personaVersion,
    })),
    suites,
    qualifications: runs.map((run) => runOf(run, people)),
    ladders: ladders.map((row) => ladderOf(row, persona, people)).toSorted((left, right) => (left.taskType < right.taskType ? -1 : 1)),
    candidacies: candidacies.map(candidacyOf),
  };
}

type People = Awaited<ReturnType<typeof readPeople>>;

const figure = ({ n, good, interval }: Evidence) => ({ n, good, low: interval.low, high: interval.high });

function runOf(run: Qualification, people: People) {
  const { id, suite, personaVersion, executor, model, state, planned, estimateMicro, costMicro, startedAtMs, endedAtMs, stopReason } = run;
  const { n, passed, interval } = figuresOf(run);
  return {
    id,
    suite,
    personaVersion,
    executor,
    model,
    state,
    planned,
    estimateMicro,
    costMicro,
    startedAtMs,
    endedAtMs,
    stopReason,
    figures: figure({ n, good: passed, interval }),
    startedBy: namedPerson(people, run.startedBy),
    trials: run.trials.map(({ checks: _checks, ...trial }) => trial),
  };
}

/** Where it stands for whoever works now: the executor that did it last, in the present version. */
function ladderOf(row: Autonomy, persona: Persona, people: People) {
  const executor: ExecutorKind = row.outcomes.at(-1)?.executor ?? "model";
  const pair = { personaVersion: persona.personaVersion, executor };
  return {
    taskType: row.taskType,
    rung: rungFor(row, pair),
    share: shareFor(row, pair),
    evidence: figure(evidenceOf(row, pair)),
    redirections: row.redirections,
    itemId: row.itemId,
    sinceMs: row.sinceMs,
    history: row.history.map(({ byId, evidence, ...change }) => ({
      ...change,
      by: byId === null ? null : namedPerson(people, byId),
      evidence: figure(evidence),
    })),
  };
}

const candidacyOf = ({
  id,
  state,
  baseVersion,
  candidateVersion,
  share,
  base,
  candidate,
  startedAtMs,
  endedAtMs,
  endReason,
}: Candidacy) => ({
  id,
  state,
  baseVersion,
  candidateVersion,
  share,
  startedAtMs,
  endedAtMs,
  endReason,
  base: figure({ ...base, interval: shareOf(base) }),
  candidate: figure({ ...candidate, interval: shareOf(candidate) }),
});

/** A suite in a few figures. */
const summaryOf = (suite: Suite) => ({
  id: suite.id,
  name: suiteName(suite),
  title: suite.title,
  personas: suite.personas,
  taskTypes: [...new Set(suite.cases.map(({ taskType }) => taskType))].sort(),
  cases: suite.cases.length,
  repeats: suite.bar.repeats,
  trials: trialCount(suite),
  needed: neededPasses(suite),
  lower: suite.bar.lower,
  origin: suite.origin,
});

/** Every version of every suite. */
export const suitesView = async (reader: Reader) => ({
  schema: "xvc.suites/1" as const,
  items: (await reader.find(suiteKind, { limit: suiteLimits.suites })).map(summaryOf),
});

/** The latest version of each suite of a persona, with what it would cost with each model. */
async function readSuites(reader: Reader, { key }: Persona, atMs: number) {
  const [all, providers] = await Promise.all([reader.find(suiteKind, { limit: suiteLimits.suites }), readProviders(reader)]);
  const mine = all.filter(({ personas }) => personas.includes(key));
  const latest = mine.filter((suite) => !mine.some((other) => other.key === suite.key && other.suiteVersion > suite.suiteVersion));
  const models = providers
    .filter(({ state }) => state === "active")
    .flatMap((provider) => provider.models.map((model) => ({ provider, model })));
  return Promise.all(
    latest.map(async (suite) => ({
      ...summaryOf(suite),
      costs: await Promise.all(models.map((one) => costOf(reader, { ...one, suite, atMs }))),
    })),
  );
}

const costOf = async (
  reader: Reader,
  asked: { readonly provider: Provider; readonly model: string; readonly suite: Suite; readonly atMs: number },
) => ({
  providerId: asked.provider.id,
  provider: asked.provider.name,
  model: asked.model,
  local: asked.provider.local,
  estimateMicro: await estimateCost(reader, asked),
});
