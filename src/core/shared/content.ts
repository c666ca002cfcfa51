import type { Sha256 } from "./ids.ts";

/** A named piece of content, kept by its hash and never edited. */
export interface Artifact {
  /** The output or input name the plan gives it. */
  readonly name: string;
  readonly sha256: Sha256;
  readonly mediaType: string;
  readonly bytes: number;
}

const mediaTypes: { readonly [ending: string]: string } = {
  json: "application/json",
  md: "text/markdown",
  html: "text/html",
  csv: "text/csv",
  svg: "image/svg+xml",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** By the ending of an output's name; plain text for any that is not known. */
export const mediaTypeOf = (name: string): string => mediaTypes[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? "text/plain";
