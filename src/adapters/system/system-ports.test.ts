import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clockConformance } from "../../../test/conformance/clock.ts";
import { contentConformance } from "../../../test/conformance/content.ts";
import { idsConformance } from "../../../test/conformance/ids.ts";
import { rngConformance } from "../../../test/conformance/rng.ts";
import { createFileContent } from "./file-content.ts";
import { systemClock } from "./system-clock.ts";
import { createSystemIds } from "./system-ids.ts";
import { systemRng } from "./system-rng.ts";

clockConformance("the system clock", () => ({ clock: systemClock, pass: (durationMs) => systemClock.pause(durationMs) }));
rngConformance("the system generator", () => systemRng);
idsConformance("system ids", () => createSystemIds());
idsConformance("system ids under a stopped clock", () => createSystemIds(() => 1_700_000_000_000));

contentConformance("content in files", async () => {
  const directory = await mkdtemp(join(tmpdir(), "xvc-file-content-"));
  const content = createFileContent({ directory });
  return {
    content,
    damage: async (sha256) => {
      const path = await content.locate(sha256);
      await chmod(path, 0o600);
      await writeFile(path, "something else");
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
});

test("ids carry the wall clock in their first 48 bits and survive its going back", () => {
  let nowMs = 1_700_000_000_123;
  const ids = createSystemIds(() => nowMs);
  const first = ids.next();
  nowMs -= 60_000;
  const second = ids.next();
  expect(Number.parseInt(first.replaceAll("-", "").slice(0, 12), 16)).toBe(1_700_000_000_123);
  expect(second > first).toBe(true);
});

test("content larger than allowed is refused and leaves nothing behind", async () => {
  const directory = await mkdtemp(join(tmpdir(), "xvc-file-content-"));
  const content = createFileContent({ directory, maxMemoryBytes: 8, maxFileBytes: 8 });
  await writeFile(join(directory, "large"), "nine bytes");
  await expect(content.write(new Uint8Array(9))).rejects.toMatchObject({ kind: "invalid", code: "content.too-large" });
  await expect(content.adopt(join(directory, "large"))).rejects.toMatchObject({ kind: "invalid", code: "content.too-large" });
  expect(await readdir(directory)).toEqual(["large"]);
  await rm(directory, { recursive: true, force: true });
});

test("no half-written content stays in the folder for incoming files", async () => {
  const directory = await mkdtemp(join(tmpdir(), "xvc-file-content-"));
  const content = createFileContent({ directory });
  await Promise.all(Array.from({ length: 20 }, (_, number) => content.write(Buffer.from(`content ${String(number)}`))));
  expect(await readdir(join(directory, "incoming"))).toEqual([]);
  await rm(directory, { recursive: true, force: true });
});

test("a folder that is no folder is reported as unavailable, with what to do", async () => {
  const directory = await mkdtemp(join(tmpdir(), "xvc-file-content-"));
  await writeFile(join(directory, "file"), "");
  const content = createFileContent({ directory: join(directory, "file") });
  await expect(content.write(Buffer.from("x"))).rejects.toMatchObject({ kind: "unavailable", code: "content.unavailable" });
  await rm(directory, { recursive: true, force: true });
});
