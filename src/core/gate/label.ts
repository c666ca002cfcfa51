/** Where a value came from. Joins take the worst; only a person's decision or a closed extractor raises it. */
export type Integrity = "human" | "system" | "persona" | "external";

/** What every value that a tool or a model touches carries. No label is the worst: external, readable by nobody. */
export interface Label {
  readonly integrity: Integrity;
  /** Principals that may see it: `person:ID`, `persona:KEY`, `project:ID`, `provider:ID`; `"everyone"`: a value that is public anyway. */
  readonly readers: readonly string[] | "everyone";
}
