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
export function watchOf(watched: Watched): Watch {
  const { planned, rung, share, draw } = watched;
  const plansOwn = planned === "checks" ? [] : [planned === "person" ? "the plan asks for a person" : "the plan asks for a reviewer"];
  if (!needsProof(watched.executor)) return { by: byPlan[planned], rung: null, share: 1, draw: null, reasons: plansOwn };
  const reasons = [...plansOwn, ...reasonsOfTrust(watched)];
  const isSampled = rung === "sampled";
  const isPersons = planned === "person" || rung === "suggest";
  return {
    by: isPersons ? "person" : reasons.length > 0 ? "reviewer" : "nobody",
    rung,
    share: isSampled ? share : 1,
    draw: isSampled ? draw : null,
    reasons,
  };
}

const byPlan = { checks: "nobody", independent: "reviewer", person: "person" } as const;

const byRung = { suggest: "what it makes is a proposal", review: "what it makes is always judged" } as const;

function reasonsOfTrust({ provisional, rung, share, classes, draw }: Watched): readonly string[] {
  const drawn = draw < share ? `it was drawn: ${Math.round(share * 100)} % are judged` : null;
  const why = rung === "sampled" ? drawn : byRung[rung];
  return [
    ...(provisional ? ["its performer has not passed its suite with this executor"] : []),
    ...(why === null ? [] : [why]),
    ...(classes.length === 0 ? [] : [`it touches what is always judged: ${classes.join(", ")}`]),
  ];
}
