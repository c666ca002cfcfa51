import { type PersonaFields, replacing, sameDocument, writtenFields } from "../personas/persona-document.ts";
import {
  type PersonaProposal,
  type ProposalSource,
  personaProposalKind,
  proposalLimits,
  proposalMoves,
} from "../personas/persona-proposal.ts";
import { type Persona, personaKind } from "../personas/persona.ts";
import { keyProblem } from "../personas/read-library.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { mayMove } from "../shared/moves.ts";
import { type Decided, type Refusal, type TransitionDraft, beginTransition, refuse } from "../shared/transition.ts";
import { type PersonaSlice, mayShape, notShaping } from "./decide-persona.ts";

/** Brings a persona in for review; nothing of it works before a person accepts it. */
export interface ProposePersona {
  readonly kind: "propose-persona";
  readonly source: ProposalSource;
  readonly name: string;
  readonly persona: PersonaFields;
  readonly notices: readonly string[];
}

/** Takes a proposal into the library, with those of its tools that are named. */
export interface AcceptPersona {
  readonly kind: "accept-persona";
  readonly proposalId: string;
  readonly tools: readonly string[];
  readonly reason: string;
}

export interface RejectPersona {
  readonly kind: "reject-persona";
  readonly proposalId: string;
  readonly reason: string;
}

/** Proposes a persona. Of one source only the newest proposal for a persona waits. */
export function decidePersonaProposal(
  slice: PersonaSlice & { readonly waiting: readonly PersonaProposal[]; readonly openCount: number; readonly proposedBy: string },
  command: ProposePersona,
  context: DecideContext,
): Decided {
  const refused = proposalProblem(slice, command);
  if (refused !== null) return refused;
  const draft = beginTransition();
  for (const earlier of slice.waiting.filter(({ source }) => source === command.source))
    draft.change(personaProposalKind, earlier, { state: "superseded", decidedAtMs: context.nowMs });
  const persona = writtenFields(command.persona);
  const proposal = draft.create(personaProposalKind, {
    id: context.newId(),
    key: persona.key,
    state: "proposed",
    source: command.source,
    name: command.name.slice(0, proposalLimits.nameChars),
    persona,
    notices: command.notices.slice(0, proposalLimits.notices).map((notice) => notice.slice(0, proposalLimits.noticeChars)),
    proposedBy: slice.proposedBy,
    proposedAtMs: context.nowMs,
    decidedBy: null,
    decidedAtMs: null,
    reason: "",
  });
  draft.record(personaProposalKind, proposal, "persona-proposal.made", { key: persona.key, source: command.source, name: proposal.name });
  return draft.accept({ id: proposal.id, key: persona.key, state: proposal.state });
}

function proposalProblem(
  slice: PersonaSlice & { readonly waiting: readonly PersonaProposal[]; readonly openCount: number },
  command: ProposePersona,
): Refusal | null {
  if (!mayShape(slice)) return notShaping();
  const odd = keyProblem(command.persona.key);
  if (odd !== null) return refuse("invalid", "persona.bad-key", odd);
  if (slice.openCount >= proposalLimits.open)
    return refuse("exhausted", "persona.proposals-full", `${proposalLimits.open} proposals wait already; accept or reject some first.`);
  return knownAlready(slice, command);
}

function knownAlready(
  { persona: existing, waiting }: PersonaSlice & { readonly waiting: readonly PersonaProposal[] },
  { persona, source }: ProposePersona,
): Refusal | null {
  if (existing !== undefined && sameDocument(existing, persona))
    return refuse("conflict", "persona.nothing-changed", `Persona ${persona.key} says this already.`);
  if (waiting.some((one) => one.source === source && sameDocument(one.persona, persona)))
    return refuse("conflict", "persona.proposed-already", `The same proposal for persona ${persona.key} waits already.`);
  const known = existing?.libraryVersion ?? 0;
  if (source === "library" && persona.personaVersion <= known)
    return refuse("conflict", "persona.old-version", `Persona ${persona.key} was brought to version ${known} of the library already.`);
  return null;
}

/** A proposal with the persona it would change. */
export interface ProposalSlice extends PersonaSlice {
  readonly proposal: PersonaProposal;
}

/** A person takes a proposal in, whole but for the tools they leave out. Nothing is granted by it: calls of tools are decided by the gate. */
export function decideProposalAcceptance(slice: ProposalSlice, command: AcceptPersona, context: DecideContext): Decided {
  const { proposal, persona: existing } = slice;
  const refused = answerProblem(slice);
  if (refused !== null) return refused;
  const foreign = command.tools.find((tool) => !proposal.persona.tools.includes(tool));
  if (foreign !== undefined)
    return refuse(
      "invalid",
      "persona.tool-not-asked",
      `The proposal does not ask for ${foreign.slice(0, 100)}; it asks for ${proposal.persona.tools.join(", ") || "no tool"}.`,
    );
  const tools = proposal.persona.tools.filter((tool) => command.tools.includes(tool));
  const draft = beginTransition();
  const taken = takeIn(draft, { existing, proposal, tools, id: existing?.id ?? context.newId() });
  settle(draft, slice, { state: "accepted", reason: command.reason, nowMs: context.nowMs });
  return draft.accept({ id: taken.id, key: taken.key, personaVersion: taken.personaVersion, state: "accepted" });
}

function takeIn(
  draft: TransitionDraft,
  given: {
    readonly existing: Persona | undefined;
    readonly proposal: PersonaProposal;
    readonly tools: readonly string[];
    readonly id: string;
  },
): Persona {
  const { existing, proposal, tools, id } = given;
  const library = proposal.source === "library" ? { libraryVersion: proposal.persona.personaVersion } : {};
  const personaVersion = existing === undefined ? proposal.persona.personaVersion : existing.personaVersion + 1;
  const fields = { ...proposal.persona, tools, personaVersion };
  const taken =
    existing === undefined
      ? draft.create(personaKind, { ...fields, ...library, id })
      : draft.change(personaKind, existing, { ...replacing(fields), ...library });
  const data = { key: proposal.key, personaVersion, proposalId: proposal.id, source: proposal.source };
  return draft.record(personaKind, taken, existing === undefined ? "persona.added" : "persona.changed", data);
}

export function decideProposalRejection(slice: ProposalSlice, command: RejectPersona, context: DecideContext): Decided {
  const refused = answerProblem(slice);
  if (refused !== null) return refused;
  if (command.reason.trim() === "") return refuse("invalid", "persona.no-reason", "Say in a sentence why the proposal is rejected.");
  const draft = beginTransition();
  settle(draft, slice, { state: "rejected", reason: command.reason, nowMs: context.nowMs });
  return draft.accept({ id: slice.proposal.id, key: slice.proposal.key, state: "rejected" });
}

/** Only a person answers: what came from outside is not let in by a program. */
function answerProblem(slice: ProposalSlice): Refusal | null {
  if (slice.bySystem || !mayShape(slice)) return notShaping();
  const { state, key } = slice.proposal;
  return mayMove(proposalMoves, state, "accepted")
    ? null
    : refuse("conflict", "persona.proposal-settled", `The proposal for persona ${key} was ${state} already.`);
}

function settle(
  draft: TransitionDraft,
  { proposal, person }: ProposalSlice,
  end: { readonly state: "accepted" | "rejected"; readonly reason: string; readonly nowMs: number },
): void {
  const { state, reason, nowMs } = end;
  draft.change(personaProposalKind, proposal, { state, decidedBy: person?.id ?? null, decidedAtMs: nowMs, reason });
  draft.record(personaProposalKind, proposal, state === "accepted" ? "persona-proposal.accepted" : "persona-proposal.rejected", {
    key: proposal.key,
    reason,
  });
}
