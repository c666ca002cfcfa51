import type { Rung } from "./ladder.ts";
import { type ExecutorKind, needsProof } from "./persona.ts";

/** Who judges one result before it counts, and why. Kept on the attempt, so that a draw is made once. */
export interface Watch {
  readonly by: "nobody" | "reviewer" | "person";
  /** Null: how it is done is no matter of trust, as with work by rules. */
  readonly rung: Rung | null;
  readonly share: number;
  /** What the server drew, 0 to 1; below the share the result is judged. Null: nothing was left to chance. */
  readonly draw: number | null;
  readonly reasons: readonly string[];
}

/** What decides about one result. */
export interface Watched {
  readonly executor: ExecutorKind;
  readonly provisional: boolean;
  readonly rung: Rung;
  readonly share: number;
  /** Classes that a person or reviewer judges on every rung. */
  readonly classes: readonly string[];
  readonly planned: "checks" | "independent" | "person";
  readonly draw: number;
}

/** Nothing here takes away what a plan or a class asks for: each reason only adds. */
export function watchOf({ executor, provisional, rung, share, classes, planned, draw }: Watched): Watch {
  const trusted = !needsProof(executor);
  const isDrawn = !trusted && rung === "sampled" && draw < share;
  const reasons = [
    ...(planned === "checks" ? [] : [planned === "person" ? "the plan asks for a person" : "the plan asks for a reviewer"]),
    ...(trusted || !provisional ? [] : ["its performer has not passed its suite with this executor"]),
    ...(trusted || rung === "sampled" ? [] : [rung === "suggest" ? "what it makes is a proposal" : "what it makes is always judged"]),
    ...(trusted || classes.length === 0 ? [] : [`it touches what is always judged: ${classes.join(", ")}`]),
    ...(isDrawn ? [`it was drawn: ${Math.round(share * 100)} % are judged`] : []),
  ];
  const isPersons = planned === "person" || (!trusted && rung === "suggest");
  return {
    by: isPersons ? "person" : reasons.length > 0 ? "reviewer" : "nobody",
    rung: trusted ? null : rung,
    share: trusted || rung !== "sampled" ? 1 : share,
    draw: !trusted && rung === "sampled" ? draw : null,
    reasons,
  };
}
