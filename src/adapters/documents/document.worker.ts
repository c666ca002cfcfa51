/** The process that reads one document: what it is told stands in its one argument, what it found goes out as one JSON text. */
import { readFileSync } from "node:fs";
import { argv, stdout } from "node:process";
import { Failure } from "../../core/shared/failure.ts";
import type { DocumentFile, ReadDocument } from "../../engine/ports/documents.ts";
import { readDocument } from "./read-document.ts";

/** What comes back. */
export type WorkerAnswer =
  | { readonly ok: true; readonly document: ReadDocument }
  | { readonly ok: false; readonly kind: Failure["kind"]; readonly code: string; readonly message: string };

async function answer(): Promise<WorkerAnswer> {
  const { name, path, attachment } = JSON.parse(argv[2] ?? "{}") as DocumentFile; // written by the reader that started this process
  try {
    return { ok: true, document: await readDocument({ name, bytes: readFileSync(path) }, attachment) };
  } catch (error) {
    // Anything else is how a library breaks on a file: the process ends with it, and its end is the answer.
    if (!(error instanceof Failure)) throw error;
    return { ok: false, kind: error.kind, code: error.code, message: error.message };
  }
}

stdout.write(JSON.stringify(await answer()));
