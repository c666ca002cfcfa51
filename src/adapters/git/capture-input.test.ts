import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { probeSandbox } from "../sandbox/probe-sandbox.ts";
import { bubblewrapSandbox, runUnsandboxed } from "../sandbox/run-sandboxed.ts";
import { captureInput } from "./capture-input.ts";
import type { CapturedInput } from "./capture-input.ts";
import { describeInput } from "./describe-input.ts";
import { gitHost } from "./git-command.ts";
import { listFiles } from "./list-files.ts";
import { openRepository } from "./open-repository.ts";
import { readHistory } from "./read-history.ts";
import { commitFiles, makeRepository, plainGit } from "./repository-fixture.ts";

const root = await mkdtemp(path.join(os.tmpdir(), "xvc-capture-test-"));
afterAll(() => rm(root, { recursive: true, force: true }));

// Real programs are started: on a busy machine each may wait for its turn.
vi.setConfig({ testTimeout: 60_000 });
const host = gitHost(bubblewrapSandbox(await probeSandbox()), runUnsandboxed);

let places = 0;
async function place(): Promise<string> {
  const folder = path.join(root, String((places += 1)));
  await mkdir(folder);
  return folder;
}

async function capture(input: string, more: { readonly includeWorktree?: boolean; readonly maxBytes?: number } = {}) {
  const destinationDirectory = await place();
  const captured = await captureInput(host, input, { includeWorktree: false, ...more, destinationDirectory });
  return { captured, destinationDirectory };
}

async function open(repository: string) {
  const { destinationDirectory } = await capture(repository);
  return openRepository(host, destinationDirectory, { scratchDirectory: await place() });
}

const fileNames = (captured: CapturedInput) => captured.files.map((file) => path.basename(file.path));
const oddName = Buffer.concat([Buffer.from("odd"), Buffer.of(0xff, 0x25), Buffer.from("\n name")]);
const inFolder = (folder: string, name: Buffer) => Buffer.concat([Buffer.from(`${folder}/`), name]);

describe("what a path is", () => {
  test("a repository, bare, shallow, empty, a folder, a file, nothing", async () => {
    const repository = makeRepository(await place());
    const commit = commitFiles(repository, { "b.txt": "b\n" }, "second");
    expect(await describeInput(host, repository)).toEqual({ kind: "git-repository", commit, branch: "main", dirtyFiles: 0 });
    await writeFile(path.join(repository, "new.txt"), "");
    await rm(path.join(repository, "b.txt"));
    expect(await describeInput(host, repository)).toMatchObject({ dirtyFiles: 2 });
    plainGit(repository, ["checkout", "--quiet", "--detach"]);
    expect(await describeInput(host, repository)).toMatchObject({ branch: null, commit });
    const around = await place();
    plainGit(around, ["clone", "--quiet", "--bare", repository, "bare"]);
    expect(await describeInput(host, path.join(around, "bare"))).toMatchObject({ kind: "bare-repository", commit, dirtyFiles: 0 });
    plainGit(around, ["clone", "--quiet", "--depth", "1", `file://${repository}`, "shallow"]);
    expect(await describeInput(host, path.join(around, "shallow"))).toMatchObject({ kind: "shallow-repository", bare: false, commit });
    plainGit(around, ["init", "--quiet", "--initial-branch=trunk", "empty"]);
    expect(await describeInput(host, path.join(around, "empty"))).toEqual({ kind: "empty-repository", branch: "trunk", bare: false });
    expect(await describeInput(host, around)).toEqual({ kind: "folder" });
    expect(await describeInput(host, path.join(repository, "read.me"))).toEqual({ kind: "file", bytes: 6 });
    expect(await describeInput(host, path.join(around, "absent"))).toEqual({ kind: "missing" });
  });

  test("a damaged repository is a failure, not an empty one", async () => {
    const repository = makeRepository(await place());
    const commit = plainGit(repository, ["rev-parse", "HEAD"]);
    await rm(path.join(repository, ".git/objects", commit.slice(0, 2)), { recursive: true });
    await expect(describeInput(host, repository)).rejects.toMatchObject({
      kind: "invalid",
      code: expect.stringMatching(/^(input\.repository-damaged|git\.failed)$/) as string,
    });
    await writeFile(path.join(repository, ".git/HEAD"), "ref: ../../etc/passwd\n");
    await expect(describeInput(host, repository)).rejects.toMatchObject({ code: "input.repository-damaged" });
  });
});

describe("a captured repository", () => {
  test("is a bundle whose facts and hash hold, and opens to the same bytes", async () => {
    const binary = Buffer.from([0, 1, 2, 255, 13, 10, 0]);
    const repository = makeRepository(await place(), {
      "a b/c.txt": "one\r\ntwo\n",
      "data.bin": binary,
      ".gitattributes": "* text eol=crlf ident\nhidden export-ignore\n",
      hidden: "$Id$\n",
    });
    await writeFile(inFolder(repository, oddName), "odd");
    await symlink("/etc/passwd", path.join(repository, "link"));
    await chmod(path.join(repository, "hidden"), 0o755);
    const commit = commitFiles(repository, {}, "odd");
    const { captured, destinationDirectory } = await capture(repository);
    expect(captured).toMatchObject({
      kind: "git-repository",
      commit,
      branch: "main",
      commits: 2,
      shallow: false,
      dirtyFiles: 0,
      warnings: [],
    });
    expect(fileNames(captured)).toEqual(["history.bundle"]);
    for (const file of captured.files) {
      const bytes = await readFile(file.path);
      expect([file.bytes, file.sha256]).toEqual([bytes.length, createHash("sha256").update(bytes).digest("hex")]);
    }
    const opened = await openRepository(host, path.join(destinationDirectory, "history.bundle"), { scratchDirectory: await place() });
    expect(opened).toMatchObject({ commit, commits: 2, shallow: false, truncated: false, skipped: [{ path: "link" }] });
    for (const name of ["a b/c.txt", "data.bin", "hidden", ".gitattributes"]) {
      const committed = plainGit(repository, ["rev-parse", `HEAD:${name}`]);
      const written = await readFile(path.join(opened.treeDirectory, name));
      expect(plainGit(repository, ["hash-object", "--stdin", "--no-filters"], written)).toBe(committed);
    }
    expect(await readFile(inFolder(opened.treeDirectory, oddName), "utf8")).toBe("odd");
    expect(await readdir(opened.treeDirectory)).not.toContain("link");
    const { files } = await listFiles(host, opened);
    expect(files.find((file) => file.raw !== undefined)).toMatchObject({
      path: "odd%FF%25\n name",
      raw: Uint8Array.from(oddName),
      bytes: 3,
    });
    expect(files.map((file) => [file.path, file.kind, file.executable]).filter(([name]) => name === "link" || name === "hidden")).toEqual([
      ["hidden", "file", true],
      ["link", "symlink", false],
    ]);
    expect((await listFiles(host, opened, { maxFiles: 2 })).truncated).toBe(true);
  });

  test("takes uncommitted changes along as a patch that applies", async () => {
    const repository = makeRepository(await place(), { "a.txt": "a\n", "gone.txt": "x\n", ".gitignore": "ignored\n" });
    await writeFile(path.join(repository, "a.txt"), "changed\n");
    await rm(path.join(repository, "gone.txt"));
    await writeFile(path.join(repository, "new.bin"), Buffer.from([0, 255, 1]));
    await writeFile(path.join(repository, "ignored"), "x");
    await writeFile(inFolder(repository, oddName), "odd\n");
    const { captured, destinationDirectory } = await capture(repository, { includeWorktree: true });
    expect(captured).toMatchObject({ dirtyFiles: 4 });
    expect(fileNames(captured)).toEqual(["history.bundle", "worktree.patch"]);
    const copy = await place();
    plainGit(copy, ["clone", "--quiet", path.join(destinationDirectory, "history.bundle"), "copy"]);
    plainGit(path.join(copy, "copy"), ["apply", path.join(destinationDirectory, "worktree.patch")]);
    const status = plainGit(path.join(copy, "copy"), ["status", "--porcelain", "-z"]);
    expect(status).toBe(plainGit(repository, ["status", "--porcelain", "-z"]));
    expect(await readFile(path.join(copy, "copy/new.bin"))).toEqual(Buffer.from([0, 255, 1]));
    expect((await capture(repository)).captured.warnings.join()).toMatch(/4 uncommitted.*--worktree/);
  });

  test("a shallow clone keeps its boundary, which does not look as if it added every file", async () => {
    const repository = makeRepository(await place());
    for (const round of ["1", "2", "3"]) commitFiles(repository, { [`${round}.txt`]: round }, round);
    const around = await place();
    plainGit(around, ["clone", "--quiet", "--depth", "2", `file://${repository}`, "shallow"]);
    const { captured, destinationDirectory } = await capture(path.join(around, "shallow"));
    expect(captured).toMatchObject({ kind: "git-repository", shallow: true, commits: 2 });
    expect(fileNames(captured)).toEqual(["history.bundle", "history.shallow"]);
    const opened = await openRepository(host, destinationDirectory, { scratchDirectory: await place() });
    const history = await readHistory(host, opened, { maxCommits: 10 });
    expect(history).toMatchObject({ shallow: true, truncated: true });
    expect(history.commits.map((commit) => commit.files.map((file) => file.path))).toEqual([["3.txt"], []]);
  });

  test("an empty repository is an answer; no commit, no files", async () => {
    const folder = await place();
    plainGit(folder, ["init", "--quiet", "--initial-branch=main"]);
    expect((await capture(folder)).captured).toMatchObject({ kind: "empty-repository", branch: "main", files: [] });
  });

  test("a repository of SHA-256 objects is read too", async () => {
    const folder = await place();
    plainGit(folder, ["init", "--quiet", "--object-format=sha256"]);
    const commit = commitFiles(folder, { "a.txt": "a\n" }, "first");
    expect(await open(folder)).toMatchObject({ commit, commits: 1 });
  });

  test("a tree made to write outside or into .git is laid down without those entries", async () => {
    const repository = makeRepository(await place(), { "fine.txt": "fine" });
    const blob = plainGit(repository, ["rev-parse", "HEAD:fine.txt"]);
    const entry = (mode: string, name: string, sha: string) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(sha, "hex")]);
    const tree = (...entries: readonly Buffer[]) =>
      plainGit(repository, ["hash-object", "-t", "tree", "-w", "--stdin", "--literally"], Buffer.concat(entries));
    const inner = tree(entry("100644", "config", blob));
    const evil = tree(
      entry("40000", "..", inner),
      entry("40000", ".GIT", inner),
      entry("100644", "../up", blob),
      entry("100644", "fine.txt", blob),
      entry("40000", "git~1", inner),
    );
    plainGit(repository, ["update-ref", "refs/heads/main", plainGit(repository, ["commit-tree", evil, "-m", "evil"])]);
    const opened = await open(repository);
    expect(await readdir(opened.treeDirectory)).toEqual(["fine.txt"]);
    expect(opened.skipped.map((skip) => skip.path).toSorted()).toEqual(["../config", "../up", ".GIT/config", "git~1/config"]);
  });

  test("a bundle that is none is refused", async () => {
    const file = path.join(await place(), "history.bundle");
    await writeFile(file, "# v2 git bundle\n-0123 x\n\n");
    await expect(openRepository(host, file, { scratchDirectory: await place() })).rejects.toMatchObject({ code: "input.bundle-invalid" });
    await expect(openRepository(host, `${file}-absent`, { scratchDirectory: await place() })).rejects.toMatchObject({
      code: "input.missing",
    });
  });
});

describe("history", () => {
  test("tells who changed how many lines where, newest first, by .mailmap, merges without files", async () => {
    const repository = makeRepository(await place(), { "a.txt": "1\n2\n", ".mailmap": "Ada Lovelace <ada@example.org>\n" });
    plainGit(repository, ["checkout", "--quiet", "-b", "side"]);
    commitFiles(repository, { "side\n name.txt": "s\n" }, "side");
    plainGit(repository, ["checkout", "--quiet", "main"]);
    commitFiles(repository, { "a.txt": "2\n3\n4\n", "data.bin": Buffer.from([0, 1]) }, "main");
    plainGit(repository, ["merge", "--quiet", "--no-ff", "-m", "merge", "side"]);
    const opened = await open(repository);
    const { commits, truncated } = await readHistory(host, opened, { maxCommits: 10 });
    expect(truncated).toBe(false);
    expect(commits[0]).toMatchObject({ authorName: "Ada Lovelace", authorEmail: "ada@example.org", atMs: 1_700_000_000_000, files: [] });
    const files = commits.flatMap((commit) => commit.files);
    expect(files).toContainEqual({ path: "a.txt", added: 2, deleted: 1 });
    expect(files).toContainEqual({ path: "data.bin", added: null, deleted: null });
    expect(files).toContainEqual({ path: "side\n name.txt", added: 1, deleted: 0 });
    const short = await readHistory(host, opened, { maxCommits: 2 });
    expect([short.commits.length, short.truncated]).toEqual([2, true]);
  });
});

describe("folders and files", () => {
  test("a folder becomes a tar that unpacks to the same, odd names and links included, and the same bytes each time", async () => {
    const folder = await place();
    const long = "n".repeat(180);
    await mkdir(path.join(folder, "deep", long), { recursive: true });
    await writeFile(path.join(folder, "deep", long, "f.txt"), "deep");
    await writeFile(inFolder(folder, oddName), "odd");
    await writeFile(path.join(folder, "run.sh"), "#!/bin/sh\n", { mode: 0o755 });
    await symlink("/etc/passwd", path.join(folder, "link"));
    execFileSync("mkfifo", [path.join(folder, "pipe")]);
    const { captured } = await capture(folder);
    expect(captured).toMatchObject({ kind: "folder", warnings: [expect.stringMatching(/^pipe is a socket/)] });
    expect((await capture(folder)).captured.files[0]?.sha256).toBe(captured.files[0]?.sha256);
    const unpacked = await place();
    execFileSync("tar", ["-xf", captured.files[0]?.path ?? "", "-C", unpacked]);
    await rm(path.join(folder, "pipe"));
    execFileSync("diff", ["-r", "--no-dereference", folder, unpacked]);
    expect(await readFile(inFolder(unpacked, oddName), "utf8")).toBe("odd");
  });

  test("a file is copied with its hash", async () => {
    const file = path.join(await place(), "brief.txt");
    await writeFile(file, "brief");
    const { captured } = await capture(file);
    expect(captured).toMatchObject({
      kind: "file",
      name: "brief.txt",
      files: [{ bytes: 5, sha256: createHash("sha256").update("brief").digest("hex") }],
    });
  });

  test("what is missing, special or too large is refused, and leaves nothing behind", async () => {
    const folder = await place();
    await expect(capture(path.join(folder, "absent"))).rejects.toMatchObject({ kind: "not-found", code: "input.missing" });
    await expect(capture("/dev/null")).rejects.toMatchObject({ code: "input.special" });
    const large = path.join(folder, "large");
    await writeFile(large, "");
    await truncate(large, 3_000_000_000);
    const destinationDirectory = await place();
    for (const input of [
      folder,
      large,
      makeRepository(await place(), { "big.bin": Buffer.from(Array.from({ length: 9_000 }, (_, index) => (index * 7919) % 251)) }),
    ]) {
      const maxBytes = input.startsWith(folder) ? undefined : 500;
      const options = { includeWorktree: false, destinationDirectory, ...(maxBytes === undefined ? {} : { maxBytes }) };
      await expect(captureInput(host, input, options)).rejects.toMatchObject({ code: "input.too-large" });
    }
    expect(await readdir(destinationDirectory)).toEqual([]);
  }, 60_000);

  test("what this user may not read is refused; root may read it", async () => {
    const folder = await place();
    await writeFile(path.join(folder, "closed"), "x", { mode: 0o000 });
    const outcome = await capture(folder).then(
      () => "read",
      (error: unknown) => (error as { readonly code?: string }).code,
    );
    expect(outcome).toBe(process.getuid?.() === 0 ? "read" : "input.unreadable");
  });
});
