/**
 * What can be read off a source tree and its history without judging it. Adapters fill these in, divisions judge them.
 * Paths are relative to the tree's root, with `/`; bytes that are not UTF-8 stand as `%XX`. Lines are 1-based. Lists are
 * sorted by path and line, so the same tree gives the same bytes. Every list has a stated cap in `RepositoryLimits`.
 */

export interface RepositoryLimits {
  /** Files listed at most; what lies beyond is counted, not read. */
  readonly maxFiles: number;
  /** Larger files are listed with their size and never opened. */
  readonly maxFileBytes: number;
  /** Larger files are counted line by line but not parsed. */
  readonly maxParseBytes: number;
  /** One file may hold a reader up this long before it is skipped. */
  readonly maxFileMs: number;
  readonly maxDepth: number;
  readonly maxCommits: number;
}

export const repositoryLimits: RepositoryLimits = {
  maxFiles: 50_000,
  maxFileBytes: 4 * 1024 * 1024,
  maxParseBytes: 512 * 1024,
  maxFileMs: 8_000,
  maxDepth: 64,
  maxCommits: 20_000,
};

export type FileContent = "text" | "binary" | "too-large" | "symlink" | "submodule" | "missing" | "unreadable";

export type FileRole = "source" | "test" | "documentation" | "configuration" | "data" | "other";

/** `code + comment + blank = total`. A line with code and a comment is code. */
export interface LineCounts {
  readonly total: number;
  readonly code: number;
  readonly comment: number;
  readonly blank: number;
}

export interface FileFact {
  readonly path: string;
  readonly content: FileContent;
  /** Null: neither the name nor the first line tells. */
  readonly language: string | null;
  readonly role: FileRole;
  readonly bytes: number;
  readonly lines: LineCounts;
  /** Says of itself that a program wrote it, or is minified. */
  readonly generated: boolean;
  /** Lies in a folder that by convention holds the code of others. */
  readonly vendored: boolean;
}

/** Something that was not read, and why. */
export interface SkippedFact {
  readonly path: string;
  readonly reason: string;
}

export interface InventoryFacts {
  readonly files: readonly FileFact[];
  readonly skipped: readonly SkippedFact[];
  /** More entries than `maxFiles`: `files` holds the first in path order. */
  readonly truncated: boolean;
}

export type ImportTarget =
  | { readonly kind: "module"; readonly unit: string }
  | { readonly kind: "package"; readonly name: string }
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "unresolved"; readonly specifier: string };

export interface ImportFact {
  readonly from: string;
  readonly line: number;
  readonly target: ImportTarget;
  /** Only types cross it: gone at run time. */
  readonly typeOnly: boolean;
}

export interface ModuleFacts {
  /** Every file whose imports were read. `unit` is what imports name: the file itself, in Go its folder. */
  readonly modules: readonly { readonly path: string; readonly language: string; readonly unit: string }[];
  readonly imports: readonly ImportFact[];
  readonly skipped: readonly SkippedFact[];
}

export interface FunctionFact {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly name: string;
  readonly language: string;
  /** 1 + decisions. Source: McCabe, A Complexity Measure, IEEE TSE 1976; `&&`, `||` and cases count, `else` does not. */
  readonly cyclomatic: number;
  /** From the first to the last line, both included. */
  readonly lines: number;
  /** The deepest stack of branching or looping blocks. */
  readonly nesting: number;
  readonly parameters: number;
}

export interface FunctionFacts {
  readonly functions: readonly FunctionFact[];
  readonly parsedFiles: number;
  readonly skipped: readonly SkippedFact[];
}

export interface CodeRange {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
}

/** Two ranges whose code lines are equal once spacing, blank and comment lines are left out. */
export interface CloneFact {
  readonly first: CodeRange;
  readonly second: CodeRange;
  readonly codeLines: number;
  readonly tokens: number;
}

export interface DuplicationFacts {
  readonly clones: readonly CloneFact[];
  /** Code lines that lie in at least one clone, by file. */
  readonly duplicatedLines: readonly { readonly file: string; readonly lines: number; readonly codeLines: number }[];
  readonly scannedFiles: number;
  readonly scannedLines: number;
  readonly truncated: boolean;
  readonly skipped: readonly SkippedFact[];
}

export type Ecosystem = "npm" | "pypi" | "go" | "maven" | "cargo" | "conan" | "cmake";

export interface DependencyFact {
  readonly name: string;
  /** As written; empty: any version. */
  readonly range: string;
  readonly scope: "runtime" | "development" | "optional" | "peer" | "build";
  readonly line: number;
  /** The range itself admits exactly one version. */
  readonly pinned: boolean;
  readonly lockedVersion: string | null;
  readonly lockedIn: string | null;
  readonly licence: string | null;
  /** When the locked version was published; null where no lock file tells. */
  readonly publishedAtMs: number | null;
}

export interface ManifestFact {
  readonly path: string;
  readonly ecosystem: Ecosystem;
  readonly name: string | null;
  readonly licence: string | null;
  readonly dependencies: readonly DependencyFact[];
}

export interface LockfileFact {
  readonly path: string;
  readonly ecosystem: Ecosystem;
  readonly entries: number;
  readonly withoutIntegrity: number;
}

export interface DependencyFacts {
  readonly manifests: readonly ManifestFact[];
  readonly lockfiles: readonly LockfileFact[];
  readonly licenceFiles: readonly { readonly path: string; readonly licence: string | null }[];
  readonly skipped: readonly SkippedFact[];
}

/** Never carries the secret: `masked` keeps its length class and at most its public prefix. */
export interface SecretFact {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly masked: string;
}

export interface SecretFacts {
  readonly secrets: readonly SecretFact[];
  readonly scannedFiles: number;
  readonly rules: readonly string[];
  readonly skipped: readonly SkippedFact[];
}

export interface TestFacts {
  readonly testFiles: readonly { readonly path: string; readonly cases: number }[];
  readonly frameworks: readonly { readonly name: string; readonly file: string; readonly line: number }[];
  readonly commands: readonly { readonly command: string; readonly origin: string; readonly file: string; readonly line: number }[];
  readonly pipelines: readonly { readonly system: string; readonly file: string; readonly runsTests: boolean; readonly line: number }[];
  readonly skipped: readonly SkippedFact[];
}

export interface LinkFact {
  readonly line: number;
  readonly target: string;
}

export interface ShellLineFact {
  readonly line: number;
  readonly text: string;
}

export interface DocumentFact {
  readonly path: string;
  readonly title: string | null;
  readonly words: number;
  readonly anchors: readonly string[];
  readonly links: readonly LinkFact[];
  /** Lines of fenced shell blocks, prompts removed. Never executed. */
  readonly shellLines: readonly ShellLineFact[];
}

/** A name that a documented command may refer to. */
export interface RunnableFact {
  readonly kind: "npm-script" | "make-target";
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

export interface DocumentationFacts {
  readonly documents: readonly DocumentFact[];
  readonly runnables: readonly RunnableFact[];
  readonly skipped: readonly SkippedFact[];
}

export interface CommitFileFact {
  readonly path: string;
  /** Null: binary, or not told. */
  readonly added: number | null;
  readonly deleted: number | null;
}

/** Newest first. */
export interface CommitFact {
  readonly sha: string;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly atMs: number;
  /** Empty for a merge. A rename is a deletion and an addition. */
  readonly files: readonly CommitFileFact[];
}

export interface HistoryFacts {
  readonly commits: readonly CommitFact[];
  /** Older commits exist that were not read (cap, or a shallow clone). */
  readonly truncated: boolean;
  readonly shallow: boolean;
}

/** One entry of the commit's tree as git lists it. */
export interface TrackedFileFact {
  readonly path: string;
  readonly kind: "file" | "symlink" | "submodule";
  readonly bytes: number | null;
}
