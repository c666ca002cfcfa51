import { type Candidacy, candidacyBars, candidacyKind, maxCandidacies } from "../personas/candidacy.ts";
import { type Persona, needsProof, personaKind } from "../personas/persona.ts";
import type { PersonaFields } from "../personas/read-library.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";

/** Lets a new version of a persona do a share of its work beside the present one. */
export interface StartCandidacy {
  readonly kind: "start-candidacy";
  readonly fields: PersonaFields;
  /** 0.01 to 0.9. */
  readonly share: number;
  readonly reason: string;
}

export interface ShareCandidacy {
  readonly kind: "share-candidacy";
  readonly candidacyId: string;
  readonly share: number;
}

/** A person promotes the new version, or takes it back. */
export interface EndCandidacy {
  readonly kind: "promote-candidacy" | "withdraw-candidacy";
  readonly candidacyId: string;
  readonly reason: string;
}

export interface NewCandidacySlice {
  readonly persona: Persona | undefined;
  /** Every candidacy this persona ever had. */
  readonly before: readonly Candidacy[];
  /** Candidacies that run in the organization. */
  readonly running: number;
}

function shareProblem(share: number): Refusal | null {
  const { leastShare, mostShare } = candidacyBars;
  return share >= leastShare && share <= mostShare
    ? null
    : refuse(
        "invalid",
        "candidacy.bad-share",
        `The new version gets between ${leastShare * 100} % and ${mostShare * 100} % of the tasks, so that both are measured.`,
      );
}

/** Starts the comparison. A version that ended once does not come back: so nothing goes to and fro. */
export function decideNewCandidacy(slice: NewCandidacySlice, command: StartCandidacy, context: DecideContext): Decided {
  const { fields, share, reason } = command;
  const { persona, before } = slice;
  if (persona === undefined)
    return refuse("not-found", "persona.not-found", `There is no persona ${fields.key.slice(0, 100)}; add it first.`);
  const problem = shareProblem(share) ?? versionProblem(persona, before, fields);
  if (problem !== null) return problem;
  if (reason.trim() === "")
    return refuse("invalid", "candidacy.reason-missing", "Say what the new version is for; the reason is recorded.");
  if (slice.running >= maxCandidacies)
    return refuse("exhausted", "candidacy.too-many", `${maxCandidacies} new versions run already; end one first.`);
  const step = beginStep(context);
  const created = step.draft.create(candidacyKind, {
    id: context.newId(),
    personaKey: persona.key,
    state: "running",
    baseVersion: persona.personaVersion,
    candidateVersion: fields.personaVersion,
    fields,
    share,
    base: { n: 0, good: 0 },
    candidate: { n: 0, good: 0 },
    startedBy: context.actor.id,
    startedAtMs: context.nowMs,
    endedAtMs: null,
    endReason: "",
  });
  step.draft.record(candidacyKind, created, "candidacy.started", {
    personaKey: persona.key,
    baseVersion: persona.personaVersion,
    version: fields.personaVersion,
    share,
    reason,
  });
  return step.draft.accept({ id: created.id, key: persona.key, personaVersion: fields.personaVersion });
}

function versionProblem(persona: Persona, before: readonly Candidacy[], fields: PersonaFields): Refusal | null {
  if (before.some(({ state }) => state === "running"))
    return refuse("conflict", "candidacy.running", `A new version of ${persona.key} runs already; promote or withdraw it first.`);
  const highest = Math.max(persona.personaVersion, ...before.map(({ candidateVersion }) => candidateVersion));
  if (fields.personaVersion <= highest)
    return refuse("conflict", "persona.old-version", `${persona.key} has had versions up to ${highest}; a new one needs a higher number.`);
  return fields.executors.some(needsProof)
    ? null
    : refuse(
        "invalid",
        "candidacy.nothing-to-compare",
        "Rules and people work the same under every version; add the version itself instead.",
      );
}

/** Sets the share of tasks that the new version gets from now on. */
export function decideShare({ candidacy }: { readonly candidacy: Candidacy }, command: ShareCandidacy, context: DecideContext): Decided {
  const problem = ended(candidacy) ?? shareProblem(command.share);
  if (problem !== null) return problem;
  const step = beginStep(context);
  step.draft.change(candidacyKind, candidacy, { share: command.share });
  step.draft.record(candidacyKind, candidacy, "candidacy.share-set", {
    personaKey: candidacy.personaKey,
    from: candidacy.share,
    to: command.share,
  });
  return step.draft.accept({ id: candidacy.id, share: command.share });
}

const ended = ({ state }: Candidacy): Refusal | null =>
  state === "running"
    ? null
    : refuse("conflict", "candidacy.ended", `This comparison has ended: the new version was ${state.replace("-", " ")}.`);

/** Promotes: the new version is the persona from now on. Withdraws: all tasks go to the old one again. */
export function decideCandidacyEnd(
  { candidacy, persona }: { readonly candidacy: Candidacy; readonly persona: Persona },
  command: EndCandidacy,
  context: DecideContext,
): Decided {
  const problem = ended(candidacy);
  if (problem !== null) return problem;
  if (command.reason.trim() === "") return refuse("invalid", "candidacy.reason-missing", "Say why; the reason is recorded.");
  const promotes = command.kind === "promote-candidacy";
  if (promotes && persona.personaVersion >= candidacy.candidateVersion)
    return refuse("conflict", "persona.old-version", `${persona.key} is at version ${persona.personaVersion} by now; withdraw this one.`);
  const step = beginStep(context);
  const state = promotes ? "promoted" : "withdrawn";
  step.draft.change(candidacyKind, candidacy, { state, endedAtMs: context.nowMs, endReason: command.reason });
  step.draft.record(candidacyKind, candidacy, "candidacy.ended", {
    personaKey: candidacy.personaKey,
    version: candidacy.candidateVersion,
    end: state,
    reason: command.reason,
  });
  if (promotes) {
    const { key: _key, ...fields } = candidacy.fields;
    step.draft.change(personaKind, persona, fields);
    step.draft.record(personaKind, persona, "persona.changed", { key: persona.key, personaVersion: candidacy.candidateVersion });
  }
  return step.draft.accept({ id: candidacy.id, state });
}
