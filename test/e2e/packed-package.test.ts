import { spawn } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, type Ran } from "../support/live-home.ts";
import { makeRepository } from "../support/sample-repository.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** What the build reads and the package carries, of this clone as it stands. */
const parts = [
  "bin",
  "src",
  "migrations",
  "verify",
  "examples",
  "scripts",
  "package.json",
  "package-lock.json",
  "vite.config.ts",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
  "NOTICE",
];

let place: string;
let application: string;
const environment = () => ({
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  XVC_HOME: path.join(place, "home"),
  XVC_NO_INSTALL: "1",
  NODE_ENV: "production",
});

const run = (directory: string, file: string, ...words: readonly string[]): Promise<Ran> =>
  ended(spawn(file, words, { cwd: directory, env: environment(), stdio: ["ignore", "pipe", "pipe"] }));
/** A step that everything after it needs. */
async function succeed(directory: string, file: string, ...words: readonly string[]): Promise<void> {
  const ran = await run(directory, file, ...words);
  if (ran.exit !== 0) throw new Error(`${file} ${words.join(" ")} ended with ${String(ran.exit)}: ${ran.out}${ran.err}`);
}
const npx = (...words: readonly string[]): Promise<Ran> => run(application, "npx", "--no-install", "xvc", ...words);

beforeAll(async () => {
  place = await mkdtemp(path.join(os.tmpdir(), "xvc-packed-"));
  await chmod(place, 0o711); // as root the database's account has to pass
  const stage = path.join(place, "stage");
  application = path.join(place, "application");
  await mkdir(stage);
  await mkdir(application);
  const configs = (await readdir(root)).filter((name) => /^tsconfig.*\.json$/u.test(name));
  for (const part of [...parts, ...configs]) await cp(path.join(root, part), path.join(stage, part), { recursive: true });
  await symlink(path.join(root, "node_modules"), path.join(stage, "node_modules"));
  await succeed(stage, process.execPath, "scripts/build.ts");
  // The build has just run; packing must not install anything into the packages that were linked here.
  await succeed(stage, "npm", "pack", "--ignore-scripts", "--pack-destination", place);
  const [archive = ""] = (await readdir(place)).filter((name) => name.endsWith(".tgz"));
  await succeed(
    application,
    "npm",
    "install",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    path.join(place, archive),
  );
});

afterAll(async () => {
  await npx("stop");
  await rm(place, { recursive: true, force: true, maxRetries: 5 });
});

test("the installed package carries JavaScript, the page, the data and the programs it runs, and no test", async () => {
  const files = (await readdir(path.join(application, "node_modules", "xvc-orchestrator", "dist"), { recursive: true })).toSorted();
  for (const file of [
    "main/cli.js",
    "web/index.html",
    "divisions/engineering/personas.json",
    "divisions/engineering/rehearsals/customer-portal.json",
    "adapters/code/reader.worker.js",
    "adapters/code/graph.worker.js",
    "verify/assessment/recount.js",
    "verify/cli.js",
    "verify/gate-oracle.js",
  ])
    expect(files).toContain(file);
  expect(files.filter((file) => /\.test\.|\.tsx?$/u.test(file))).toEqual([]);
});

test("help and the doctor work from the installed package", async () => {
  const help = await npx("--help");
  expect(help.exit).toBe(0);
  expect(help.out).toContain("request");
  const doctor = await npx("doctor", "--json");
  expect(JSON.parse(doctor.out)).toMatchObject({ schema: "xvc.doctor/1", ok: true });
  expect(doctor.exit).toBe(0);
});

test("the gate is measured by what was built, and judged by a program of its own", async () => {
  const ran = await npx("eval", "tool-gate", path.join(application, "node_modules", "xvc-orchestrator", "examples", "tool-gate"), "--json");
  expect([ran.exit, ran.exit === 0 ? "" : ran.err]).toEqual([0, ""]);
  expect(JSON.parse(ran.out)).toMatchObject({ unauthorized: 0 });
});

test("the demo starts a server, says so, and plays a labelled rehearsal", async () => {
  const ran = await npx("demo");
  expect(ran.exit).toBe(0);
  expect(ran.err).toContain("starting one (xvc stop ends it)");
  expect(ran.err).toContain("Nothing here is real work");
  expect(ran.out.split("\n")[0]).toMatch(/^REHEARSAL DEMO-1: Build customer portal/u);
  for (const heading of ["Timeline", "Schedule (forecast P50", "Cost (rehearsed)", "Deliverable (rehearsal)"])
    expect(ran.out).toContain(heading);
});

test("a repository is assessed and recounted by what was built", async () => {
  const repository = path.join(place, "shop");
  await mkdir(repository);
  await makeRepository(repository);
  const out = path.join(place, "report");
  const ran = await npx("request", "submit", "Assess this repository", "--input", repository, "--approve", "--wait", "--out", out, "-q");
  expect([ran.exit, ran.exit === 0 ? "" : ran.err]).toEqual([0, ""]);
  expect((await readdir(out)).toSorted()).toEqual(["report.html", "report.json", "report.md"]);
});
