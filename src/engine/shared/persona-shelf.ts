import { maxBenchPersonas } from "../../core/assignment/choose-performer.ts";
import { type Autonomy, autonomyKind, maxAutonomies } from "../../core/personas/autonomy.ts";
import { type Candidacy, candidacyKind, maxCandidacies } from "../../core/personas/candidacy.ts";
import { type Persona, personaKind } from "../../core/personas/persona.ts";
import type { Provider } from "../../core/gate/provider.ts";
import type { Agent } from "../../core/gate/agent.ts";
import { readAgents } from "../gate/read-agents.ts";
import { readProviders } from "../gate/read-providers.ts";
import type { Clock } from "../ports/clock.ts";
import type { Transaction } from "../ports/store.ts";

/**
 * The personas of an organization, read at most once a second instead of in every transition. A persona changed by
 * another process is seen within that second; one changed here at once. Rows are immutable per version.
 */
export interface PersonaShelf {
  personas(transaction: Transaction, organizationId: string): Promise<readonly Persona[]>;
  /** Model providers that are not removed; as fresh as the personas. */
  providers(transaction: Transaction, organizationId: string): Promise<readonly Provider[]>;
  /** Coding agents that are not removed; as fresh. */
  agents(transaction: Transaction, organizationId: string): Promise<readonly Agent[]>;
  /** Where personas stand on the ladder. */
  ladders(transaction: Transaction, organizationId: string): Promise<readonly Autonomy[]>;
  /** New versions that run beside old ones. */
  candidacies(transaction: Transaction, organizationId: string): Promise<readonly Candidacy[]>;
  forget(organizationId: string): void;
}

const keepMs = 1_000;
/** Organizations remembered at once; the oldest goes first. */
const maxOrganizations = 1_000;

export function personaShelf(clock: Clock): PersonaShelf {
  const personas = shelfOf(clock, (transaction) => transaction.find(personaKind, { limit: maxBenchPersonas }));
  const providers = shelfOf(clock, readProviders);
  const agents = shelfOf(clock, readAgents);
  const ladders = shelfOf(clock, (transaction) => transaction.find(autonomyKind, { limit: maxAutonomies }));
  const candidacies = shelfOf(clock, (transaction) =>
    transaction.find(candidacyKind, { where: { state: "running" }, limit: maxCandidacies }),
  );
  return {
    personas: (transaction, organizationId) => personas.read(transaction, organizationId),
    providers: (transaction, organizationId) => providers.read(transaction, organizationId),
    agents: (transaction, organizationId) => agents.read(transaction, organizationId),
    ladders: (transaction, organizationId) => ladders.read(transaction, organizationId),
    candidacies: (transaction, organizationId) => candidacies.read(transaction, organizationId),
    forget(organizationId) {
      personas.forget(organizationId);
      ladders.forget(organizationId);
      candidacies.forget(organizationId);
      providers.forget(organizationId);
      agents.forget(organizationId);
    },
  };
}

interface Shelf<Row> {
  read(transaction: Transaction, organizationId: string): Promise<readonly Row[]>;
  forget(organizationId: string): void;
}

function shelfOf<Row>(clock: Clock, load: (transaction: Transaction) => Promise<readonly Row[]>): Shelf<Row> {
  const shelves = new Map<string, { readonly readAtMs: number; readonly rows: readonly Row[] }>();
  return {
    async read(transaction, organizationId) {
      const known = shelves.get(organizationId);
      const nowMs = clock.monotonicMs();
      if (known !== undefined && nowMs - known.readAtMs < keepMs) return known.rows;
      const rows = await load(transaction);
      shelves.delete(organizationId);
      shelves.set(organizationId, { readAtMs: nowMs, rows });
      const oldest = shelves.size > maxOrganizations ? shelves.keys().next().value : undefined;
      if (oldest !== undefined) shelves.delete(oldest);
      return rows;
    },
    forget: (organizationId) => void shelves.delete(organizationId),
  };
}
