import { personaProposalKind } from "../../src/core/personas/persona-proposal.ts";
import { type SampleRow, sample } from "./sample-oversight.ts";

/** A proposed persona, as an import leaves it. */
export const sampleProposal = (id: string): SampleRow =>
  sample(personaProposalKind, {
    id,
    key: `editor-${id.slice(-6)}`,
    state: "proposed",
    source: "skill",
    name: "editor/SKILL.md",
    persona: {
      key: `editor-${id.slice(-6)}`,
      personaVersion: 1,
      worldview: "reads as a stranger",
      specializations: [],
      tools: ["files.read"],
      skills: ["writing"],
      division: "",
      executors: ["human"],
      costPerHourMicro: 0,
      capacity: 1,
      checks: [{ id: "read", kind: "rule", statement: "It was read aloud." }],
      more: { license: "MIT" },
    },
    notices: ["license is kept, and nothing here uses it."],
    proposedBy: id,
    proposedAtMs: 1_000,
    decidedBy: null,
    decidedAtMs: null,
    reason: "",
  });
