import { type Halt, haltKind, maxHalts } from "../../core/gate/halt.ts";
import type { Clock } from "../ports/clock.ts";
import type { Reader, Transaction } from "../ports/store.ts";

/**
 * The halts of an organization, read at most once a second instead of at every start of an attempt. A halt set by another
 * process is seen within that second, one set here at once; a halt that was lifted holds nothing, for it is looked at again.
 */
export interface HaltShelf {
  inForce(transaction: Transaction, organizationId: string): Promise<readonly Halt[]>;
  forget(organizationId: string): void;
}

const keepMs = 1_000;
/** Organizations remembered at once; the oldest goes first. */
const maxOrganizations = 1_000;

export const readHalts = (reader: Reader): Promise<readonly Halt[]> => reader.find(haltKind, { where: { state: "set" }, limit: maxHalts });

/** Halts that are set and stay so until this transaction commits: whoever holds work by one is seen by who lifts it. */
export async function shareHalts(transaction: Transaction, halts: readonly Halt[]): Promise<readonly Halt[]> {
  if (halts.length === 0) return [];
  const shared = await transaction.share(
    haltKind,
    halts.map((halt) => halt.id),
  );
  return shared.filter((halt) => halt.state === "set");
}

export function haltShelf(clock: Clock): HaltShelf {
  const shelves = new Map<string, { readonly readAtMs: number; readonly halts: readonly Halt[] }>();
  return {
    async inForce(transaction, organizationId) {
      const known = shelves.get(organizationId);
      const nowMs = clock.monotonicMs();
      if (known !== undefined && nowMs - known.readAtMs < keepMs) return known.halts;
      const halts = await readHalts(transaction);
      shelves.delete(organizationId);
      shelves.set(organizationId, { readAtMs: nowMs, halts });
      const oldest = shelves.size > maxOrganizations ? shelves.keys().next().value : undefined;
      if (oldest !== undefined) shelves.delete(oldest);
      return halts;
    },
    forget: (organizationId) => void shelves.delete(organizationId),
  };
}
