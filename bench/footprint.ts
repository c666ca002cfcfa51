/*
 * What the product takes on a disk and until its first page: the package with the page built, a fresh clone with the
 * tools to build and test it, the first start of that clone on a warm package cache, and a later start.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import process from "node:process";
import { type BenchHome, makeBenchHome } from "./support/bench-home.ts";
import { type Figure, bounded, say, tell } from "./support/figures.ts";
import { residentBytes } from "./support/processor-time.ts";

const root = path.resolve(import.meta.dirname, "..");
const limitMs = 10 * 60_000;

/** Bytes that files take on the disk, each counted once however many names it has. */
async function diskBytes(directory: string, seen = new Set<number>()): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) bytes += await diskBytes(file, seen);
    else {
      const { blocks, ino, nlink } = await lstat(file);
      if (nlink > 1 && seen.has(ino)) continue;
      if (nlink > 1) seen.add(ino);
      bytes += blocks * 512;
    }
  }
  return bytes;
}

async function run(file: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(file, [...args], { cwd, stdio: "ignore", timeout: limitMs });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${String(code)}`);
}

interface Started {
  readonly seconds: number;
  readonly residentBytes: number;
}

/** From the command's start until its address answers with the page. */
async function start(clone: string, home: BenchHome): Promise<Started> {
  const startedMs = performance.now();
  const serverFile = path.join(home.path, "server.json");
  await rm(serverFile, { force: true });
  const child = spawn("npm", ["start", "--", "--port", "0"], {
    cwd: clone,
    env: { ...home.environment, npm_config_update_notifier: "false" },
    stdio: "ignore",
  });
  const gone = once(child, "exit");
  for (;;) {
    const file = await readFile(serverFile, "utf8").then(
      (text) => JSON.parse(text) as { readonly url: string; readonly pid: number },
      () => null,
    ); // written by the server as a whole
    if (file !== null && (await answers(file.url))) {
      const seconds = (performance.now() - startedMs) / 1_000;
      const bytes = residentBytes(file.pid);
      process.kill(file.pid, "SIGTERM");
      await gone;
      return { seconds, residentBytes: bytes };
    }
    if (performance.now() - startedMs > limitMs || child.exitCode !== null) throw new Error("npm start did not come to a page");
    await new Promise((resolve) => void setTimeout(resolve, 20));
  }
}

/** The document itself, not an error about a page that was not built. */
async function answers(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/`).catch(() => null);
  return answer?.status === 200 && (await answer.text()).includes("<html");
}

const megabytes = (bytes: number): number => bytes / 1024 ** 2;

async function measure(directory: string, home: BenchHome): Promise<readonly Figure[]> {
  const clone = path.join(directory, "clone");
  await run("git", ["clone", "-q", "--no-hardlinks", root, clone], directory);
  say("  first start of a fresh clone");
  const first = await start(clone, home);
  const cloneBytes = await diskBytes(clone);
  say("  a later start");
  const later = await start(clone, home);
  say("  the package without the tools");
  await run("npm", ["prune", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], clone);
  const parts = ["bin", "src", "dist", "migrations", "verify", "node_modules", "package.json"];
  let packageBytes = 0;
  for (const part of parts) packageBytes += await sizeOf(path.join(clone, part));
  return [
    bounded({ name: "clone with build and test tools", value: megabytes(cloneBytes), unit: "MB" }, { atMost: 900 }),
    bounded(
      {
        name: "production install, page prebuilt",
        value: megabytes(packageBytes),
        unit: "MB",
        note: "the same clone with development packages pruned",
      },
      { atMost: 500 },
    ),
    bounded(
      { name: "npm start in a fresh clone until the page answers", value: first.seconds, unit: "s", note: "warm package cache" },
      { atMost: 60 },
    ),
    bounded({ name: "npm start later", value: later.seconds, unit: "s" }, { atMost: 5 }),
    bounded({ name: "server and worker after the start", value: megabytes(later.residentBytes), unit: "MB" }, { atMost: 250 }),
  ];
}

async function sizeOf(file: string): Promise<number> {
  const found = await lstat(file).catch(() => null);
  if (found === null) return 0;
  return found.isDirectory() ? diskBytes(file) : found.blocks * 512;
}

const home = await makeBenchHome();
const directory = await mkdtemp(path.join(process.env["XVC_BENCH_DIRECTORY"] ?? homedir(), "bench-home-clone-"));
try {
  await tell("footprint", await measure(directory, home));
} finally {
  await home.remove();
  await rm(directory, { recursive: true, force: true });
}
