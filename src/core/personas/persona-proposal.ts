/**
 * A persona, or a new version of one, that came from outside: text under review, without any effect until a person has seen it whole.
 *
 * proposed -> accepted | rejected | superseded
 */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { Moves } from "../shared/moves.ts";
import type { PersonaFields } from "./persona-document.ts";

export type ProposalState = "proposed" | "accepted" | "rejected" | "superseded";

export const proposalMoves: Moves<ProposalState> = {
  proposed: ["accepted", "rejected", "superseded"],
  accepted: [],
  rejected: [],
  superseded: [],
};

/** Where it came from: the library that ships, `xvc.personas/1`, a folder with SKILL.md, or a Markdown file of an agent. */
export type ProposalSource = "library" | "json" | "skill" | "agent";

export interface PersonaProposal extends Entity {
  readonly key: string;
  readonly state: ProposalState;
  readonly source: ProposalSource;
  /** The file or library version it was read from, as a person knows it. */
  readonly name: string;
  /** As it was read. Tools are what it asks for: it has those that a person leaves it. */
  readonly persona: PersonaFields;
  /** What the reader kept and does not use, and what it left behind. */
  readonly notices: readonly string[];
  readonly proposedBy: string;
  readonly proposedAtMs: number;
  readonly decidedBy: string | null;
  readonly decidedAtMs: number | null;
  readonly reason: string;
}

export const personaProposalKind = organizationKind<PersonaProposal>("persona_proposal");

/** Bounds: a person reads each one. */
export const proposalLimits = { open: 500, notices: 50, noticeChars: 500, nameChars: 200, reasonChars: 2_000 } as const;
