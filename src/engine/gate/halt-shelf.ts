import { type Halt, haltKind, maxHalts } from "../../core/gate/halt.ts";
import type { Clock } from "../ports/clock.ts";
import type { Reader, Transaction } from "../ports/store.ts";

/**
 * The halts of an organization, read at most once a second instead of at every start of an attempt. A halt set by another
 * process is seen within that second, one set here at once; a halt that was lifted holds nothing, for it is looked at again.
 */
export interface HaltShelf {
  inForce(reader: Reader, organizationId: string): Promise<readonly Halt[]>;
  /** What is remembered and fresh; undefined: they have to be read. */
  known(organizationId: string): readonly Halt[] | undefined;
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
  const fresh = (organizationId: string): readonly Halt[] | undefined => {
    const known = shelves.get(organizationId);
    return known !== undefined && clock.monotonicMs() - known.readAtMs < keepMs ? known.halts : undefined;
  };
  return {
    known: fresh,
    async inForce(reader, organizationId) {
      const known = fresh(organizationId);
      if (known !== undefined) return known;
      const readAtMs = clock.monotonicMs();
      const halts = await readHalts(reader);
      shelves.delete(organizationId);
      shelves.set(organizationId, { readAtMs, halts });
      const oldest = shelves.size > maxOrganizations ? shelves.keys().next().value : undefined;
      if (oldest !== undefined) shelves.delete(oldest);
      return halts;
    },
    forget: (organizationId) => void shelves.delete(organizationId),
  };
}
