import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { documentReaderConformance } from "../../../test/conformance/documents.ts";
import { pdfOf, pdfStream } from "../../../test/support/document-files.ts";
import { documentLimits } from "../../engine/ports/documents.ts";
import type { CommandResult, SandboxCommand } from "../../engine/ports/sandbox.ts";
import { probeSandbox } from "../sandbox/probe-sandbox.ts";
import { runSandboxed, runUnsandboxed } from "../sandbox/run-sandboxed.ts";
import { documentReader } from "./document-reader.ts";

// Real processes are started: on a busy machine each may wait for its turn.
vi.setConfig({ testTimeout: 60_000 });

const isIsolated = (await probeSandbox()).available;
const bare = documentReader({ run: runUnsandboxed, isIsolated: false });
const reader = isIsolated ? documentReader({ run: runSandboxed, isIsolated }) : bare;

documentReaderConformance("a limited process", () => bare);
if (isIsolated) documentReaderConformance("a sandboxed process", () => reader);

test("a document that unfolds to more than the memory ends its own process, and nothing else", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "xvc-bomb-"));
  try {
    const bomb = pdfOf([
      "<</Type/Catalog/Pages 2 0 R>>",
      "<</Type/Pages/Count 1/Kids[3 0 R]>>",
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
      pdfStream(Buffer.alloc(300_000_000, " ")),
    ]);
    expect(bomb.length).toBeLessThan(1_000_000);
    const place = path.join(folder, "bomb.pdf");
    await writeFile(place, bomb);
    const startedMs = performance.now();
    const answer = await reader.read({ name: "bomb.pdf", path: place, bytes: bomb.length }, new AbortController().signal).then(
      // The library may give up the one page by itself; what counts is that the bounds held.
      ({ parts, notes }) => [parts[0]?.text, notes.join(" ")],
      (error: Error) => [error.message],
    );
    expect(answer.join(" ")).toMatch(/memory|longer than|damaged|No page has text/u);
    expect(performance.now() - startedMs).toBeLessThan(documentLimits.timeMs + 3_000);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const done: CommandResult = {
  exitCode: 0,
  signal: null,
  stdout: new Uint8Array(),
  stderr: new Uint8Array(),
  truncated: false,
  durationMs: 1,
  timedOut: false,
  memoryExceeded: false,
};

test.each([
  [{ timedOut: true, exitCode: null }, "tool.document-limit", /longer than 10 s/u],
  [{ memoryExceeded: true, exitCode: null }, "tool.document-limit", /more than 256 MB/u],
  [{ exitCode: 134, stderr: Buffer.from("FATAL ERROR: JavaScript heap out of memory") }, "tool.document-limit", /256 MB/u],
  [{ truncated: true }, "tool.document-limit", /too long/u],
  [{ exitCode: 1, stderr: Buffer.from("TypeError: x") }, "tool.document-refused", /broke on it/u],
] as const)("an end like %o is told as what it means", async (end, code, message) => {
  const run = () => Promise.resolve({ ...done, ...end });
  const reading = documentReader({ run, isIsolated: true }).read({ name: "a", path: "/a", bytes: 1 }, new AbortController().signal);
  await expect(reading).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
});

test("the process may read the document and the program, and has no rights besides", async () => {
  let seen: SandboxCommand | undefined;
  const run = (command: SandboxCommand) => {
    seen = command;
    return Promise.resolve({ ...done, stdout: Buffer.from('{"ok":true,"document":{}}') });
  };
  await documentReader({ run, isIsolated: true }).read({ name: "a", path: "/content/a", bytes: 1 }, new AbortController().signal);
  const words = seen?.argv ?? [];
  expect(words).toContain("--permission");
  expect(words.filter((word) => word.startsWith("--allow")).every((word) => word.startsWith("--allow-fs-read="))).toBe(true);
  expect(words).toContain("--allow-fs-read=/content/a");
  expect(seen?.workDirectoryAccess).toBe("read-only");
  expect(seen?.environment).toEqual({ NODE_OPTIONS: "", NO_COLOR: "1" });
});
