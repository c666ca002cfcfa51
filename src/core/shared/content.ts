import type { Sha256 } from "./ids.ts";

/** A named piece of content, kept by its hash and never edited. */
export interface Artifact {
  /** The output or input name the plan gives it. */
  readonly name: string;
  readonly sha256: Sha256;
  readonly mediaType: string;
  readonly bytes: number;
}
