import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DocumentReader } from "../../src/engine/ports/documents.ts";
import { docxParts, paragraph, pdfPages, zipOf } from "../support/document-files.ts";

/** What every reader of documents promises; each reading may be a process, so they are few. */
export function documentReaderConformance(name: string, open: () => DocumentReader): void {
  describe(`${name} reads documents`, () => {
    let folder: string;
    const never = new AbortController().signal;
    const read = async (file: string, bytes: Uint8Array, signal = never) => {
      const place = path.join(folder, file);
      await writeFile(place, bytes);
      return open().read({ name: file, path: place, bytes: bytes.length }, signal);
    };
    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), "xvc-documents-"));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    test("each library finds what it needs", async () => {
      const mail = "From: a@b.c\r\nSubject: Hi\r\nContent-Type: text/html\r\n\r\n<b>Hello</b>";
      expect((await read("a.docx", zipOf(docxParts(paragraph("A word"))))).parts).toEqual([{ name: "", text: "A word" }]);
      expect((await read("a.pdf", pdfPages(["A page"]))).parts).toEqual([{ name: "page 1", text: "A page" }]);
      expect((await read("a.eml", Buffer.from(mail))).parts[0]?.text).toContain("Hello");
    });

    test("what is refused is refused with its reason, and what is too large before it is read", async () => {
      await expect(read("a.docx", zipOf([{ name: "../x", content: "x" }]))).rejects.toMatchObject({
        code: "tool.document-refused",
        message: expect.stringContaining("outside of itself") as string,
      });
      const large = { name: "a.pdf", path: path.join(folder, "a.pdf"), bytes: 50_000_000 };
      await expect(open().read(large, never)).rejects.toMatchObject({ code: "tool.document-limit" });
    });

    test("a reading that is called off ends with the reason", async () => {
      const reason = new Error("called off");
      await expect(read("b.pdf", pdfPages(["x"]), AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });
}
