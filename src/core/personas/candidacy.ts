/**
 * A new version of a persona that gets a share of its work beside the old one, chosen by lot, until a person promotes it or it is
 * rolled back by itself.
 *
 * running -> promoted | rolled-back | withdrawn
 */
import { type Entity, organizationKind } from "../shared/entity.ts";
import { type Interval, shareInterval } from "../shared/intervals.ts";
import type { Outcome } from "./ladder.ts";
import { type ExecutorKind, type Persona, isProvisional, needsProof, proofsOf } from "./persona.ts";

export type CandidacyState = "running" | "promoted" | "rolled-back" | "withdrawn";

/** Results of one version since both run, counted at the first try. */
export interface VersionCount {
  readonly n: number;
  readonly good: number;
}

export interface Candidacy extends Entity {
  readonly personaKey: string;
  readonly state: CandidacyState;
  readonly baseVersion: number;
  readonly candidateVersion: number;
  /** The new version, whole. */
  readonly fields: Omit<Persona, "id" | "version" | "eventCount" | "qualifiedWith">;
  /** 0 to 1: of the tasks that the persona gets. */
  readonly share: number;
  readonly base: VersionCount;
  readonly candidate: VersionCount;
  readonly startedBy: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly endReason: string;
}

export const candidacyKind = organizationKind<Candidacy>("candidacy");

/** Most candidates at once in one organization. */
export const maxCandidacies = 100;

/** From how many judged results of each version on a new one may be rolled back. */
export const candidacyBars = { version: 1, n: 10, leastShare: 0.01, mostShare: 0.9 } as const;

export const shareOf = ({ n, good }: VersionCount): Interval => shareInterval(good, n);

/** The counts after one more outcome; one of neither version, or that was not to be judged, changes nothing. */
export function countedIn(
  of: Pick<Candidacy, "baseVersion" | "candidateVersion" | "base" | "candidate">,
  outcome: Outcome,
): Pick<Candidacy, "base" | "candidate"> {
  const { base, candidate } = of;
  const add = ({ n, good }: VersionCount): VersionCount => ({ n: n + 1, good: good + (outcome.kind === "good" ? 1 : 0) });
  if (!outcome.judged) return { base, candidate };
  if (outcome.personaVersion === of.candidateVersion) return { base, candidate: add(candidate) };
  return outcome.personaVersion === of.baseVersion ? { base: add(base), candidate } : { base, candidate };
}

/** Whether all that is known of the new version is worse than all that is known of the old one. Such a version does not come back. */
export const isWorse = ({ base, candidate }: Pick<Candidacy, "base" | "candidate">): boolean =>
  base.n >= candidacyBars.n && candidate.n >= candidacyBars.n && shareOf(candidate).high < shareOf(base).low;

/** Who does one task: a version of a persona, and whether it still has to show that it can. */
export interface Serving {
  readonly personaVersion: number;
  readonly provisional: boolean;
  /** `provider/model` with which it has shown it. */
  readonly provenModels: readonly string[];
}

/** The version that does this task. Rules and people work the same under every version, so the lot is drawn for the others alone. */
export function servingVersion(
  persona: Persona,
  {
    executor,
    candidacy,
    draw,
  }: { readonly executor: ExecutorKind; readonly candidacy: Candidacy | undefined; readonly draw: () => number },
): Serving {
  const isCandidate =
    candidacy?.state === "running" && candidacy.baseVersion === persona.personaVersion && needsProof(executor) && draw() < candidacy.share;
  const version = { ...persona, personaVersion: isCandidate ? candidacy.candidateVersion : persona.personaVersion };
  return {
    personaVersion: version.personaVersion,
    provisional: isProvisional(version, executor),
    provenModels: [...new Set(proofsOf(version, executor).flatMap(({ model }) => model ?? []))],
  };
}
