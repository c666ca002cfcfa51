import { type FieldChange, diffPersonas } from "../../core/personas/persona-diff.ts";
import { personaDocumentOf } from "../../core/personas/persona-document.ts";
import { type PersonaProposal, personaProposalKind, proposalLimits } from "../../core/personas/persona-proposal.ts";
import { type Persona, personaKind } from "../../core/personas/persona.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { type People, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";
import { personaAtVersion } from "./persona-handlers.ts";

export interface ProposalView extends Pick<
  PersonaProposal,
  "id" | "key" | "state" | "source" | "name" | "notices" | "proposedAtMs" | "decidedAtMs" | "reason"
> {
  readonly persona: JsonObject;
  readonly currentVersion: number | null;
  readonly changes: readonly FieldChange[];
  readonly proposedBy: string;
  readonly decidedBy: string | null;
}

const proposalView = (proposal: PersonaProposal, current: Persona | undefined, people: People): ProposalView => {
  const { id, key, state, source, name, notices, proposedAtMs, decidedAtMs, reason } = proposal;
  return {
    id,
    key,
    state,
    source,
    name,
    notices,
    proposedAtMs,
    decidedAtMs,
    reason,
    persona: personaDocumentOf(proposal.persona),
    currentVersion: current?.personaVersion ?? null,
    changes: diffPersonas(current, proposal.persona),
    proposedBy: people.get(proposal.proposedBy)?.name ?? proposal.proposedBy,
    decidedBy: proposal.decidedBy === null ? null : (people.get(proposal.decidedBy)?.name ?? proposal.decidedBy),
  };
};

/** Proposed personas that wait, the oldest first; `key`: for one persona. */
export async function proposalsView(reader: Reader, key?: string): Promise<readonly ProposalView[]> {
  const where = { state: "proposed", ...(key === undefined ? {} : { key }) };
  const rows = await reader.find(personaProposalKind, { where, limit: proposalLimits.open });
  if (rows.length === 0) return [];
  const [people, personas] = await Promise.all([
    readPeople(reader),
    reader.find(personaKind, { where: { key: [...new Set(rows.map((row) => row.key))] }, limit: proposalLimits.open }),
  ]);
  return rows.map((row) =>
    proposalView(
      row,
      personas.find((persona) => persona.key === row.key),
      people,
    ),
  );
}

/** In which fields two versions of a persona differ. @throws {Failure} `persona.not-found`, `persona.version-not-found` */
export async function personaDiffView(
  reader: Reader,
  key: string,
  asked: { readonly from?: number | undefined; readonly to?: number | undefined },
): Promise<{
  readonly schema: "xvc.persona-diff/1";
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly changes: readonly FieldChange[];
}> {
  const persona = await findPersona(reader, key);
  const to = asked.to ?? persona.personaVersion;
  const from = asked.from ?? Math.max(1, to - 1);
  const [before, after] = await Promise.all([personaAtVersion(reader, persona, from), personaAtVersion(reader, persona, to)]);
  if (before === undefined || after === undefined)
    throw new Failure("not-found", "persona.version-not-found", {
      message: `Persona ${key} had no version ${before === undefined ? from : to} within its latest changes. xvc persona show ${key} lists them.`,
    });
  return { schema: "xvc.persona-diff/1", key, from, to, changes: diffPersonas(before, after) };
}

/** One persona by its key. @throws {Failure} `persona.not-found` */
export async function findPersona(reader: Reader, key: string): Promise<Persona> {
  const [persona] = await reader.find(personaKind, { where: { key }, limit: 1 });
  if (persona === undefined)
    throw new Failure("not-found", "persona.not-found", {
      message: `There is no persona ${key.slice(0, 100)}. xvc persona list shows those that are in the library.`,
    });
  return persona;
}
