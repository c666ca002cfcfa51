/** Where a value came from. Joins take the worst; only a person's decision or a closed extractor raises it. */
export type Integrity = "human" | "system" | "persona" | "external";

/** What every value that a tool or a model touches carries. No label is the worst: external, readable by nobody. */
export interface Label {
  readonly integrity: Integrity;
  /** Principals that may see it: `person:ID`, `persona:KEY`, `project:ID`, `provider:ID`; `"everyone"`: a value that is public anyway. */
  readonly readers: readonly string[] | "everyone";
}

/** What a value without a label has. */
export const noLabel: Label = { integrity: "external", readers: [] };

const order: readonly Integrity[] = ["human", "system", "persona", "external"];

/** How far a value is from a person's own word: 0 is one. A word that is none of the four counts as the worst. */
export function distance(integrity: Integrity): number {
  const at = order.indexOf(integrity);
  return at < 0 ? order.length - 1 : at;
}

/** The label of something made of others: the worst integrity, the readers that all of them have. Made of nothing: no label. */
export function joinLabels(labels: readonly Label[]): Label {
  const [first, ...others] = labels;
  return first === undefined ? noLabel : others.reduce(join, first);
}

const join = (left: Label, right: Label): Label => ({
  integrity: order[Math.max(distance(left.integrity), distance(right.integrity))] ?? "external",
  readers: commonReaders(left.readers, right.readers),
});

function commonReaders(left: Label["readers"], right: Label["readers"]): Label["readers"] {
  if (left === "everyone") return right;
  if (right === "everyone") return left;
  return left.filter((reader) => right.includes(reader));
}

/** The label of what a model said: everything in its context is in it, and it is a persona's word at best. */
export const spoken = (context: Label): Label => join(context, { integrity: "persona", readers: "everyone" });

/** Whether one principal may see a value. */
export const mayRead = ({ readers }: Label, principal: string): boolean => readers === "everyone" || readers.includes(principal);
