import { type Reservation, reservationKind } from "../../core/gate/reservation.ts";
import type { Reader } from "../ports/store.ts";

/** Calls of one attempt, or of one request, that are looked at. */
const bound = 10_000;

/** What a call counts for: what it used, or all that is reserved for it while it is on its way. */
export const countedOf = ({ used, reserved }: Reservation): Reservation["reserved"] => used ?? reserved;

/** Money that the purse holds against one attempt; null: it made no call that was reserved for. */
export async function spentBy(reader: Reader, attemptId: string): Promise<number | null> {
  const rows = await reader.find(reservationKind, { where: { attemptId }, limit: bound });
  return rows.length === 0 ? null : rows.reduce((sum, row) => sum + countedOf(row).costMicro, 0);
}
