import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asId, type Sha256 } from "../../src/core/shared/ids.ts";
import type { ContentStore } from "../../src/engine/ports/content.ts";

export interface ContentUnderTest {
  readonly content: ContentStore;
  /** Changes stored bytes behind the store's back. */
  damage(sha256: Sha256): Promise<void>;
  close(): Promise<void>;
}

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const absent = asId<"sha256">("ab".repeat(32));

/** What every `ContentStore` promises. */
export function contentConformance(name: string, open: () => Promise<ContentUnderTest>): void {
  describe(`${name} keeps the promises of a content store`, () => {
    let opened: ContentUnderTest | undefined;
    let folder = "";
    const under = (): ContentUnderTest => {
      if (opened === undefined) throw new Error("The content store was not opened.");
      return opened;
    };
    beforeAll(async () => {
      opened = await open();
      folder = await mkdtemp(join(tmpdir(), "xvc-content-test-"));
    });
    afterAll(async () => {
      await opened?.close();
      await rm(folder, { recursive: true, force: true });
    });

    test.each([
      ["nothing", new Uint8Array()],
      ["text", Buffer.from("\u00e9tude\n")],
      ["every byte", Uint8Array.from({ length: 256 }, (_, byte) => byte)],
      ["a megabyte", new Uint8Array(1_048_576).fill(7)],
    ])("gives back %s under its hash", async (_, bytes) => {
      const { content } = under();
      const sha256 = await content.write(bytes);
      expect(sha256).toBe(hashOf(bytes));
      expect(await content.has(sha256)).toBe(true);
      expect(Buffer.compare(await content.read(sha256), bytes)).toBe(0);
      expect(Buffer.compare(await readFile(await content.locate(sha256)), bytes)).toBe(0);
    });

    test("takes the same bytes any number of times, also at once", async () => {
      const { content } = under();
      const bytes = Buffer.from("again and again");
      const hashes = await Promise.all(Array.from({ length: 12 }, () => content.write(bytes)));
      expect(new Set(hashes).size).toBe(1);
      expect(Buffer.compare(await content.read(asId(hashOf(bytes))), bytes)).toBe(0);
    });

    test("does not follow changes that the caller makes to its bytes later", async () => {
      const { content } = under();
      const bytes = Buffer.from("as written");
      const sha256 = await content.write(bytes);
      bytes.fill(0);
      expect(Buffer.from(await content.read(sha256)).toString()).toBe("as written");
    });

    test("takes in a file and leaves nothing that a later change of it could reach", async () => {
      const { content } = under();
      const path = join(folder, "report.md");
      await writeFile(path, "the report");
      const adopted = await content.adopt(path);
      await writeFile(path, "changed later").catch(() => undefined);
      expect(adopted).toEqual({ sha256: hashOf(Buffer.from("the report")), bytes: 10 });
      expect(Buffer.from(await content.read(adopted.sha256)).toString()).toBe("the report");
    });

    test("takes in nothing but plain files", async () => {
      const { content } = under();
      await writeFile(join(folder, "secret"), "of somebody else");
      await symlink(join(folder, "secret"), join(folder, "link"));
      await expect(content.adopt(join(folder, "link"))).rejects.toMatchObject({ code: "content.not-a-file" });
      await expect(content.adopt(folder)).rejects.toMatchObject({ code: "content.not-a-file" });
      await expect(content.adopt(join(folder, "missing"))).rejects.toMatchObject({ name: "Failure" });
    });

    test.each([
      absent,
      asId<"sha256">("../../../etc/passwd"),
      asId<"sha256">(""),
      asId<"sha256">(`${absent}/..`),
      asId<"sha256">(absent.toUpperCase()),
    ])("knows nothing of %s", async (sha256) => {
      const { content } = under();
      expect(await content.has(sha256)).toBe(false);
      await expect(content.read(sha256)).rejects.toMatchObject({ kind: "not-found", code: "content.not-found" });
      await expect(content.locate(sha256)).rejects.toMatchObject({ kind: "not-found", code: "content.not-found" });
    });

    test("refuses damaged bytes, and mends them when the same content is written again", async () => {
      const under_ = under();
      const bytes = Buffer.from("precious");
      const sha256 = await under_.content.write(bytes);
      await under_.damage(sha256);
      await expect(under_.content.read(sha256)).rejects.toMatchObject({ code: "content.damaged" });
      await under_.content.write(bytes);
      expect(Buffer.compare(await under_.content.read(sha256), bytes)).toBe(0);
    });
  });
}
