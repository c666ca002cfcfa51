import type { FileFact, SkippedFact, SecretFact, DocumentFact } from "../../core/shared/repository-facts.ts";
import type { CodeLines } from "./code-lines.ts";
import type { ManifestFileFacts } from "./manifest-file.ts";
import type { SyntaxFacts } from "./syntax-facts.ts";
import type { ReadableFile } from "./readable-file.ts";
import type { TestFileFacts } from "./test-file-facts.ts";

/** What each reader makes of one file. Values cross a thread, so they are plain data. */
export interface ReaderFacts {
  readonly inventory: FileFact;
  readonly syntax: SyntaxFacts;
  readonly "code-lines": CodeLines;
  readonly secrets: readonly SecretFact[];
  readonly documents: DocumentFact;
  readonly tests: TestFileFacts;
  readonly manifests: ManifestFileFacts;
}

export type ReaderName = keyof ReaderFacts;

export type FileReader<Name extends ReaderName> = (file: ReadableFile) => Promise<ReaderFacts[Name]> | ReaderFacts[Name];

/** The files one worker goes through, in order. */
export interface ReaderJob {
  readonly reader: ReaderName;
  readonly maxBytes: number;
  readonly files: readonly { readonly path: string; readonly location: Uint8Array }[];
}

export type ReaderAnswer = { readonly kind: "read"; readonly facts: unknown } | { readonly kind: "skipped"; readonly skipped: SkippedFact };
