import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const nobody = 65_534;
const platformNode = `node-${process.platform}-${process.arch}`;

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

let clone = "";
let fakeBin = "";

function put(file: string, text: string, mode = 0o644): void {
  mkdirSync(path.dirname(path.join(clone, file)), { recursive: true });
  writeFileSync(path.join(clone, file), text);
  chmodSync(path.join(clone, file), mode);
}

/** An npm that notes its call and installs a "pinned Node", which is the running one under another version number. */
function fakeNpm(ending: string): void {
  const pinned = `node_modules/${platformNode}`;
  const script = `#!/bin/sh
echo "$@" >> npm-calls
echo "npm says hello"
${ending}
mkdir -p ${pinned}/bin
echo '{ "name": "${platformNode}", "version": "0.0.1" }' > ${pinned}/package.json
ln -sf '${process.execPath}' ${pinned}/bin/node
`;
  writeFileSync(path.join(fakeBin, "npm"), script, { mode: 0o755 });
}

function launch(
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly uid?: number; readonly node?: string } = {},
): ChildProcess {
  return spawn(options.node ?? process.execPath, [path.join(clone, "bin/xvc"), ...args], {
    env: { PATH: `${fakeBin}:/usr/bin:/bin`, HOME: clone, XVC_HOME: path.join(clone, "home"), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
}

function ended(child: ChildProcess): Promise<End> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

function firstLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.stdout?.once("data", () => resolve()));
}

const npmCalls = (): number =>
  existsSync(path.join(clone, "npm-calls")) ? readFileSync(path.join(clone, "npm-calls"), "utf8").trim().split("\n").length : 0;

beforeEach(() => {
  clone = mkdtempSync(path.join(os.tmpdir(), "xvc-launcher-"));
  chmodSync(clone, 0o755);
  fakeBin = path.join(clone, "fake-bin");
  mkdirSync(fakeBin);
  cpSync(path.join(root, "bin"), path.join(clone, "bin"), { recursive: true });
  put("package.json", '{ "name": "clone", "type": "module" }');
  put("package-lock.json", '{ "lockfileVersion": 3, "packages": { "node_modules/a": { "version": "1.0.0", "integrity": "x" } } }');
  put(
    "src/main/cli.ts",
    "const words: readonly string[] = process.argv.slice(2);\nconsole.log(JSON.stringify(words));\nprocess.exitCode = Number(words[0] ?? 0);\n",
  );
  fakeNpm("");
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

test("installs once, keeps stdout for the command, passes words and exit code", async () => {
  const first = await ended(launch(["3", "two words", ""]));
  expect(first).toMatchObject({ code: 3, stdout: '["3","two words",""]\n' });
  expect(first.stderr).toContain("npm says hello");
  const second = await ended(launch([]));
  expect(second).toMatchObject({ code: 0, stdout: "[]\n", stderr: "" });
  expect(npmCalls()).toBe(1);
});

test("installs again when the lock file changed", async () => {
  await ended(launch([]));
  put("package-lock.json", '{ "lockfileVersion": 3, "packages": { "node_modules/a": { "version": "1.0.1", "integrity": "y" } } }');
  expect((await ended(launch([]))).code).toBe(0);
  expect(npmCalls()).toBe(2);
});

test("accepts packages that a person installed", async () => {
  put("node_modules/.package-lock.json", '{ "packages": { "node_modules/a": { "version": "1.0.0", "integrity": "x" } } }');
  expect((await ended(launch(["0"]))).code).toBe(0);
  expect(npmCalls()).toBe(0);
});

test("packages behind a link are neither used nor changed", async () => {
  mkdirSync(path.join(clone, "elsewhere"));
  symlinkSync(path.join(clone, "elsewhere"), path.join(clone, "node_modules"));
  const end = await ended(launch(["0"]));
  expect(end).toMatchObject({ code: 78, stdout: "" });
  expect(end.stderr).toMatch(/symbolic link.*remove the link \(rm /su);
  expect([npmCalls(), readdirSync(path.join(clone, "elsewhere"))]).toEqual([0, []]);
  expect((await ended(launch(["0"], { env: { XVC_NO_INSTALL: "1" } }))).stderr).not.toContain("symbolic link");
});

test("two starts at once install once", async () => {
  fakeNpm("sleep 0.5");
  const ends = await Promise.all([ended(launch(["0"])), ended(launch(["0"]))]);
  expect(ends.map((end) => end.code)).toEqual([0, 0]);
  expect(npmCalls()).toBe(1);
});

test("takes over from an installation that was killed", async () => {
  const dead = spawn(process.execPath, ["-e", ""]);
  await ended(dead);
  put(".cache/install.lock", String(dead.pid));
  expect((await ended(launch(["0"]))).code).toBe(0);
  expect(existsSync(path.join(clone, ".cache/install.lock"))).toBe(false);
});

test("a failed installation is a configuration problem and leaves no lock", async () => {
  fakeNpm("exit 4");
  const end = await ended(launch([]));
  expect(end).toMatchObject({ code: 78, stdout: "" });
  expect(end.stderr).toContain("npm ci ended with exit code 4");
  expect(existsSync(path.join(clone, ".cache/install.lock"))).toBe(false);
});

test("a clone that this user may not write says so", async () => {
  const root0 = process.getuid?.() === 0;
  // The Node of a clone below root's home cannot be reached by the other user; a copy in the temporary directory can.
  const node = path.join(fakeBin, "node");
  if (root0) copyFileSync(process.execPath, node);
  else chmodSync(clone, 0o555);
  const end = await ended(launch([], root0 ? { uid: nobody, node } : {}));
  chmodSync(clone, 0o755);
  expect(end.code).toBe(78);
  expect(end.stderr).toContain("may not write");
  expect(npmCalls()).toBe(0);
});

test.each([
  ["v16.20.0", "too old to install"],
  ["v20.20.0", "too old to run xvc"],
])("Node %s without a bundled Node is refused: %s", async (version, words) => {
  put("old.cjs", `Object.defineProperty(process, "version", { value: "${version}" });`);
  put("node_modules/.package-lock.json", '{ "packages": { "node_modules/a": { "version": "1.0.0", "integrity": "x" } } }');
  const end = await ended(launch([], { env: { NODE_OPTIONS: `--require ${path.join(clone, "old.cjs")}` } }));
  expect(end).toMatchObject({ code: 78, stdout: "" });
  expect(end.stderr).toContain(words);
});

test("a signal reaches the command, and its exit code comes back", async () => {
  put("src/main/cli.ts", 'process.on("SIGTERM", () => process.exit(5));\nsetInterval(() => {}, 1000);\nconsole.log("ready");\n');
  const child = launch([]);
  const end = ended(child);
  await firstLine(child);
  child.kill("SIGTERM");
  expect(await end).toMatchObject({ code: 5, signal: null });
});

test("a command ended by a signal ends the launcher by the same", async () => {
  put("src/main/cli.ts", 'process.kill(process.pid, "SIGKILL");\n');
  expect(await ended(launch([]))).toMatchObject({ code: null, signal: "SIGKILL" });
});

test("compiled code is kept below XVC_HOME", async () => {
  await ended(launch([]));
  expect(existsSync(path.join(clone, "home/cache/compile"))).toBe(true);
});

test("memory of a burst goes back to the system", async () => {
  put("src/main/cli.ts", "console.log(process.execArgv.join(' '), process.env.MALLOC_ARENA_MAX);\n");
  const { stdout } = await ended(launch([]));
  expect(stdout).toContain("--max-semi-space-size=8");
  expect(stdout.trim().endsWith(" 2")).toBe(true);
});

test("a published package runs what was built and installs nothing", async () => {
  rmSync(path.join(clone, "src"), { recursive: true });
  put("dist/main/cli.js", "console.log('built');\n");
  expect(await ended(launch([]))).toMatchObject({ code: 0, stdout: "built\n" });
  expect(npmCalls()).toBe(0);
});
