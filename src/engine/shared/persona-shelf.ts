import { maxBenchPersonas } from "../../core/assignment/choose-performer.ts";
import { type Persona, personaKind } from "../../core/personas/persona.ts";
import type { Clock } from "../ports/clock.ts";
import type { Transaction } from "../ports/store.ts";

/**
 * The personas of an organization, read at most once a second instead of in every transition. A persona changed by
 * another process is seen within that second; one changed here at once. Rows are immutable per version.
 */
export interface PersonaShelf {
  personas(transaction: Transaction, organizationId: string): Promise<readonly Persona[]>;
  forget(organizationId: string): void;
}

const keepMs = 1_000;
/** Organizations remembered at once; the oldest goes first. */
const maxOrganizations = 1_000;

export function personaShelf(clock: Clock): PersonaShelf {
  const shelves = new Map<string, { readonly readAtMs: number; readonly personas: readonly Persona[] }>();
  return {
    async personas(transaction, organizationId) {
      const known = shelves.get(organizationId);
      const nowMs = clock.monotonicMs();
      if (known !== undefined && nowMs - known.readAtMs < keepMs) return known.personas;
      const personas = await transaction.find(personaKind, { limit: maxBenchPersonas });
      shelves.delete(organizationId);
      shelves.set(organizationId, { readAtMs: nowMs, personas });
      const oldest = shelves.size > maxOrganizations ? shelves.keys().next().value : undefined;
      if (oldest !== undefined) shelves.delete(oldest);
      return personas;
    },
    forget: (organizationId) => void shelves.delete(organizationId),
  };
}
