/** Why a thing is as it is, in words made by code from its documents. A page feeds it; `W` shows it. */
export interface Why {
  /** What it is about: `ENG-42 Build customer portal`. */
  readonly of: string;
  /** Its state in one sentence: `It waits for Dana Ortiz since 2 d.` */
  readonly state: string;
  /** The rules and decisions that made it so, each with where it stands. */
  readonly because: readonly WhyReason[];
  /** Names and values the state was made from. */
  readonly data: readonly (readonly [name: string, value: string])[];
  /** What would change it, and who may do so. */
  readonly change: readonly string[];
}

export interface WhyReason {
  /** `rule`: a rule of the engine or a policy; `decision`: somebody decided; `fact`: it happened. */
  readonly kind: "rule" | "decision" | "fact";
  readonly text: string;
  /** The id of the rule or decision, shown as code. */
  readonly id?: string;
  readonly atMs?: number;
  /** An address in the page where it can be seen. */
  readonly to?: string;
}
