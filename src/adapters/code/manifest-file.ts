import type { DependencyFact, Ecosystem, RunnableFact } from "../../core/shared/repository-facts.ts";
import type { ScriptSettings } from "./resolution.ts";

/** A dependency as its manifest writes it, before lock files are consulted. */
export type WrittenDependency = Pick<DependencyFact, "name" | "range" | "scope" | "line" | "pinned">;

export interface WrittenManifest {
  readonly name: string | null;
  readonly licence: string | null;
  readonly dependencies: readonly WrittenDependency[];
}

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string | null;
  readonly publishedAtMs: number | null;
  readonly hasIntegrity: boolean;
}

/** Everything one manifest, lock, build or licence file says. Absent parts are empty. */
export interface ManifestFileFacts {
  readonly path: string;
  readonly ecosystem: Ecosystem | null;
  readonly manifest: WrittenManifest | null;
  readonly locked: readonly LockedPackage[] | null;
  readonly licenceFile: { readonly licence: string | null } | null;
  readonly scripts: ScriptSettings;
  readonly goModule: string | null;
  readonly runnables: readonly RunnableFact[];
}

export const maxDependencies = 20_000;

/** The 1-based line of the first of `needles` at or after `from`; line 1 when none is found, so that a citation holds. */
export function lineWith(lines: readonly string[], needle: string, from = 0): number {
  const found = lines.findIndex((line, index) => index >= from && line.includes(needle));
  return found < 0 ? 1 : found + 1;
}

/** The 1-based line on which a TOML table sets this key; line 1 when none does. */
export function keyLine(lines: readonly string[], key: string, from = 0): number {
  const found = lines.findIndex((line, index) => {
    const bare = index < from ? "" : line.trimStart().replace(/^["']/, "");
    return bare.startsWith(key) && /^["']?\s*[=.]/.test(bare.slice(key.length));
  });
  return found < 0 ? 1 : found + 1;
}

/** A JSON value as a record; empty when it is anything else. */
export function recordOf(value: unknown): { readonly [key: string]: unknown } {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as { readonly [key: string]: unknown }) : {};
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, 500) : null;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, maxDependencies) : [];
}
