import { isTerminal } from "../shared/moves.ts";
import { type Attempt, attemptMoves } from "./attempt.ts";

/** Why a report under this epoch is not the present one's, or null when it is. */
export function staleAttemptReport(attempt: Attempt, epoch: number): string | null {
  if (isTerminal(attemptMoves, attempt.state)) return `the attempt is ${attempt.state}`;
  return attempt.epoch === epoch ? null : `epoch ${epoch} was replaced by ${attempt.epoch}`;
}
