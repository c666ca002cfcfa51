import {
  type PersonaSlice,
  type RetirePersona,
  type RevisePersona,
  type RollBackPersona,
  decidePersonaRetirement,
  decidePersonaRevision,
  decidePersonaRollback,
} from "../../core/oversight/decide-persona.ts";
import {
  type AcceptPersona,
  type ProposalSlice,
  type ProposePersona,
  type RejectPersona,
  decidePersonaProposal,
  decideProposalAcceptance,
  decideProposalRejection,
} from "../../core/oversight/decide-persona-proposal.ts";
import { personaProposalKind, proposalLimits } from "../../core/personas/persona-proposal.ts";
import { type Persona, personaKind } from "../../core/personas/persona.ts";
import type { Reader, Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne, readOne } from "../shared/load-slice.ts";

/** Row versions of a persona among which an earlier one is looked for. */
export const maxPersonaVersions = 200;

async function loadPersona(transaction: Transaction, context: LoadContext, key: string): Promise<PersonaSlice> {
  const [found] = await transaction.find(personaKind, { where: { key }, limit: 1 });
  const [persona] = found === undefined ? [] : await transaction.lock(personaKind, [found.id]);
  return { person: await loadPerson(transaction, context), bySystem: context.caller.actor.kind === "system", persona };
}

/** The row as it was when it had this version; the latest where it had it for several changes. */
export async function personaAtVersion(reader: Reader, persona: Persona, personaVersion: number): Promise<Persona | undefined> {
  const versions = await reader.versions(personaKind, persona.id, { limit: maxPersonaVersions });
  return versions.find(({ row }) => row.personaVersion === personaVersion)?.row;
}

const revisePersonaHandler = handler({
  load: (transaction, command: RevisePersona, context) => loadPersona(transaction, context, command.key),
  decide: decidePersonaRevision,
});

const rollBackPersonaHandler = handler({
  async load(transaction, command: RollBackPersona, context) {
    const slice = await loadPersona(transaction, context, command.key);
    const { persona } = slice;
    return { ...slice, earlier: persona === undefined ? undefined : await personaAtVersion(transaction, persona, command.toVersion) };
  },
  decide: decidePersonaRollback,
});

const retirePersonaHandler = handler({
  load: (transaction, command: RetirePersona, context) => loadPersona(transaction, context, command.key),
  decide: decidePersonaRetirement,
});

const proposePersonaHandler = handler({
  async load(transaction, command: ProposePersona, context) {
    const waiting = await transaction.find(personaProposalKind, {
      where: { key: command.persona.key, state: "proposed" },
      limit: proposalLimits.open,
    });
    return {
      ...(await loadPersona(transaction, context, command.persona.key)),
      waiting: await transaction.lock(
        personaProposalKind,
        waiting.map(({ id }) => id),
      ),
      openCount: await transaction.count(personaProposalKind, { where: { state: "proposed" } }),
      proposedBy: context.caller.actor.id,
    };
  },
  decide: decidePersonaProposal,
});

async function loadProposal(
  transaction: Transaction,
  command: { readonly proposalId: string },
  context: LoadContext,
): Promise<ProposalSlice> {
  // The persona before its proposal, as who proposes it locks them.
  const { key } = await readOne(transaction, personaProposalKind, command.proposalId);
  const slice = await loadPersona(transaction, context, key);
  return { ...slice, proposal: await lockOne(transaction, personaProposalKind, command.proposalId) };
}

const acceptPersonaHandler = handler<AcceptPersona, ProposalSlice>({ load: loadProposal, decide: decideProposalAcceptance });
const rejectPersonaHandler = handler<RejectPersona, ProposalSlice>({ load: loadProposal, decide: decideProposalRejection });

/** Changes of personas, by their command. */
export const personaHandlers = {
  "revise-persona": revisePersonaHandler,
  "roll-back-persona": rollBackPersonaHandler,
  "retire-persona": retirePersonaHandler,
  "restore-persona": retirePersonaHandler,
  "propose-persona": proposePersonaHandler,
  "accept-persona": acceptPersonaHandler,
  "reject-persona": rejectPersonaHandler,
} as const;
