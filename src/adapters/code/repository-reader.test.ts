import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { drawGraph } from "./graph-picture.ts";
import { readDocumentation, readDuplication, readFunctions, readInventory, readModules, readSecretFacts } from "./repository-reader.ts";

// Each reader is a thread of its own that loads a parser: long on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let root = "";
const { signal } = new AbortController();
const socket = net.createServer();
const source = () => ({ directory: root, tracked: null });
// Put together here, so that no scanner takes this file for a leak.
const token = `ghp_${"0123456789abcdefghijABCDEFGHIJ012345"}`;

async function write(name: string | Buffer, content: string | Buffer): Promise<void> {
  const bytes = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)]);
  await mkdir(path.dirname(bytes.toString("latin1")), { recursive: true });
  await writeFile(bytes, content);
}

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "xvc-code-"));
  await write("src/a b.ts", 'import { two } from "./new\\nline";\nexport const one = two;\n');
  await write("src/new\nline.ts", 'import type { x } from "./a b";\nexport const two = 2;\n');
  await write(Buffer.from([0xff, 0xfe, 0x2e, 0x70, 0x79]), "x = 1\n");
  await write("picture.bin", Buffer.from([1, 2, 0, 3]));
  await write("settings.txt", `name=x\ntoken=${token}\n`);
  await write("vendor/lib.js", "function f() {}\n");
  await write("deep.js", `x = ${"[".repeat(50_000)}${"]".repeat(50_000)};\n`);
  await symlink("/etc/hostname", path.join(root, "link"));
  await symlink("..", path.join(root, "up"));
  await new Promise<void>((resolve) => socket.listen(path.join(root, "pipe"), resolve));
});
afterAll(async () => {
  socket.close();
  await rm(root, { recursive: true, force: true });
});

test("lists odd names, follows no link, opens no socket, and says what was left out", async () => {
  const { files, skipped, truncated } = await readInventory(source(), signal);
  expect(files.map((file) => [file.path, file.content])).toEqual([
    ["%FF%FE.py", "text"],
    ["deep.js", "text"],
    ["link", "symlink"],
    ["picture.bin", "binary"],
    ["settings.txt", "text"],
    ["src/a b.ts", "text"],
    ["src/new\nline.ts", "text"],
    ["up", "symlink"],
    ["vendor/lib.js", "text"],
  ]);
  expect(files.find((file) => file.path === "vendor/lib.js")?.vendored).toBe(true);
  expect(skipped).toEqual([{ path: "pipe", reason: "neither a file nor a folder" }]);
  expect(truncated).toBe(false);
});

test("what git lists and the disk lacks is in the inventory", async () => {
  const tracked = [
    { path: "gone.ts", kind: "file", bytes: 3 },
    { path: "module", kind: "submodule", bytes: null },
  ] as const;
  const { files } = await readInventory({ directory: root, tracked }, signal);
  expect(files.filter((file) => file.path === "gone.ts" || file.path === "module").map((file) => file.content)).toEqual([
    "missing",
    "submodule",
  ]);
});

test("modules, functions and clones of own sources", async () => {
  const { files } = await readInventory(source(), signal);
  const modules = await readModules(source(), files, signal);
  expect(modules.modules.map((module) => module.path)).not.toContain("vendor/lib.js");
  expect(modules.imports.filter((one) => one.from === "src/new\nline.ts")).toEqual([
    { from: "src/new\nline.ts", line: 1, target: { kind: "module", unit: "src/a b.ts" }, typeOnly: true },
  ]);
  expect((await readFunctions(source(), files, signal)).functions).toEqual([]);
  expect((await readDuplication(source(), files, signal)).clones).toEqual([]);
});

test("a secret is found by place, and never carried out", async () => {
  const { files } = await readInventory(source(), signal);
  const facts = await readSecretFacts(source(), files, signal);
  expect(facts.secrets.map((secret) => [secret.file, secret.line])).toEqual([["settings.txt", 2]]);
  expect(JSON.stringify(facts)).not.toContain(token);
  expect(JSON.stringify(facts)).not.toContain(token.slice(4, 20));
});

test("an abort ends a reader within two seconds", async () => {
  const stop = new AbortController();
  // Nested emphasis costs this parser far more time than the test waits.
  await write("slow/README.md", `${"[".repeat(40_000)}\n${"*a ".repeat(20_000)}\n`);
  const { files } = await readInventory(source(), signal);
  const reading = readDocumentation(source(), files, stop.signal);
  const started = performance.now();
  stop.abort(new Error("stopped by a person"));
  await expect(reading).rejects.toThrow("stopped by a person");
  expect(performance.now() - started).toBeLessThan(2_000);
  await rm(path.join(root, "slow"), { recursive: true });
});

test("a graph is drawn as one element with escaped names", async () => {
  const svg = await drawGraph('digraph { a [label="<script>x</script>", class="module"]; a -> b; }', signal);
  expect(svg?.startsWith("<svg ")).toBe(true);
  expect(svg).not.toContain("<script>");
});

test("a graph that cannot be drawn is no picture, not a failure", async () => {
  expect(await drawGraph("digraph {", signal)).toBeNull();
});
