import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { FileReader, ReaderAnswer, ReaderJob, ReaderName } from "./file-reader.ts";
import type { ReadableFile } from "./readable-file.ts";
import { languageOf } from "./languages.ts";

/** Reads the files of one job in order and answers each, so that the parent always knows which file is in hand. */
const readers: { readonly [Name in ReaderName]: () => Promise<FileReader<Name>> } = {
  inventory: async () => (await import("./file-facts.ts")).readFileFacts,
  syntax: async () => (await import("./syntax-reader.ts")).syntaxReader(),
  "code-lines": async () => (await import("./code-lines.ts")).readCodeLines,
  secrets: async () => (await import("./secret-reader.ts")).readSecrets,
  documents: async () => (await import("./document-reader.ts")).readDocument,
  manifests: async () => (await import("./manifest-reader.ts")).readManifestFile,
  tests: async () => (await import("./test-file-facts.ts")).readTestFile,
};

async function run(job: ReaderJob): Promise<void> {
  const read = await readers[job.reader]();
  for (const file of job.files) parentPort?.postMessage(await answer(file, job.maxBytes, read));
}

async function answer(file: ReaderJob["files"][number], maxBytes: number, read: FileReader<ReaderName>): Promise<ReaderAnswer> {
  try {
    const readable = await load(file, maxBytes);
    return readable === null ? skipped(file.path, `larger than ${maxBytes} bytes`) : { kind: "read", facts: await read(readable) };
  } catch (error) {
    // One file that cannot be opened or breaks a library must not cost the others; the reason goes into the report.
    return skipped(
      file.path,
      (error as NodeJS.ErrnoException).code ??
        (error instanceof Error ? `${error.name}: ${(error.message.split("\n", 1)[0] ?? "").slice(0, 200)}` : "unknown"),
    );
  }
}

function skipped(path: string, reason: string): ReaderAnswer {
  return { kind: "skipped", skipped: { path, reason } };
}

async function load(file: ReaderJob["files"][number], maxBytes: number): Promise<ReadableFile | null> {
  const handle = await open(Buffer.from(file.location), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) return null;
    const bytes = await handle.readFile();
    const text = textOf(bytes);
    const firstLine = text === null ? "" : text.slice(0, 200).split("\n", 1)[0];
    return {
      path: file.path,
      bytes: bytes.length,
      content: text === null ? "binary" : "text",
      language: languageOf(file.path, firstLine ?? ""),
      text: text ?? "",
    };
  } finally {
    await handle.close();
  }
}

/** Git's rule: a NUL in the first 8,000 bytes means binary, unless a byte order mark says UTF-16. */
function textOf(bytes: Buffer): string | null {
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString("utf16le");
  if (bytes.subarray(0, 8_000).includes(0)) return null;
  const text = bytes.toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

await run(workerData as ReaderJob);
