import type { JsonObject } from "../shared/json.ts";

/** A tool that only computes: the same material gives the same answer, and nothing else in the world is read or changed. */
export interface ComputedTool {
  readonly name: string;
  readonly description: string;
  readonly timeLimitMs: number;
}

/** What one computation is given. */
export interface Material {
  readonly specification: JsonObject;
  /** Texts beside it, as they were handed over. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** What is wrong with a specification, and where. */
export interface SpecificationProblem {
  /** Such as `centres[2].servers`; "" is the whole. */
  readonly path: string;
  readonly message: string;
}

/** A file that a computation made and nobody has kept yet. */
export interface MadeFile {
  readonly mediaType: string;
  readonly text: string;
}

export type Computation =
  | { readonly kind: "done"; readonly result: JsonObject; readonly file: MadeFile | null }
  | { readonly kind: "refused"; readonly problems: readonly SpecificationProblem[] };

/** Bounds of the material of one computation. */
export const materialLimits = { files: 50, fileBytes: 2_000_000, problemsTold: 12 } as const;

/** The problems as one text for whoever has to mend them; the first twelve. */
export function toldProblems(problems: readonly SpecificationProblem[]): string {
  const told = problems.slice(0, materialLimits.problemsTold).map(({ path, message }) => `${path === "" ? "" : `${path}: `}${message}`);
  return [...told, ...(problems.length > told.length ? [`And ${problems.length - told.length} more.`] : [])].join(" ");
}
