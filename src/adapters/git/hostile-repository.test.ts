import { existsSync } from "node:fs";
import { appendFile, chmod, chown, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { probeSandbox } from "../sandbox/probe-sandbox.ts";
import { bubblewrapSandbox, runUnsandboxed } from "../sandbox/run-sandboxed.ts";
import { captureInput } from "./capture-input.ts";
import { describeInput } from "./describe-input.ts";
import { gitHost } from "./git-command.ts";
import type { GitHost } from "./git-command.ts";
import { listFiles } from "./list-files.ts";
import { openRepository } from "./open-repository.ts";
import { readHistory } from "./read-history.ts";
import { commitFiles, makeRepository, plainGit } from "./repository-fixture.ts";

const root = await mkdtemp(path.join(os.tmpdir(), "xvc-hostile-test-"));
afterAll(() => rm(root, { recursive: true, force: true }));

// Real programs are started: on a busy machine each may wait for its turn.
vi.setConfig({ testTimeout: 60_000 });

const probe = await probeSandbox();
const bare = gitHost(bubblewrapSandbox({ available: false, reason: "", next: "" }), runUnsandboxed);
/** Without a sandbox nothing but the way git is called protects us, so that is where every plant is tried first. */
const hosts: readonly (readonly [string, GitHost])[] = [
  ["without a sandbox", bare],
  ...(probe.available ? [["in the sandbox", gitHost(bubblewrapSandbox(probe), runUnsandboxed)] as const] : []),
];

let places = 0;
async function place(): Promise<string> {
  const folder = path.join(root, String((places += 1)));
  await mkdir(folder);
  return folder;
}

/** Everything the product does with a repository that somebody hands in. */
async function readAll(host: GitHost, repository: string) {
  const captured = await place();
  const scratch = await place();
  const description = await describeInput(host, repository);
  const input = await captureInput(host, repository, { includeWorktree: true, destinationDirectory: captured });
  const opened = await openRepository(host, captured, { scratchDirectory: scratch });
  const history = await readHistory(host, opened, { maxCommits: 100 });
  const { files } = await listFiles(host, opened);
  return { description, input, opened, history, files };
}

interface Plant {
  readonly name: string;
  readonly plant: (repository: string, program: string) => Promise<void>;
  /** What plain git does that runs the program: shows that the plant is alive. Null: needs a terminal or a name no command of ours has. */
  readonly trigger: readonly string[] | null;
}

const set = (repository: string, name: string, value: string) => void plainGit(repository, ["config", name, value]);
const changed = (repository: string) => appendFile(path.join(repository, "a.txt"), "changed\n");

async function promisor(repository: string, url: string): Promise<void> {
  const blob = plainGit(repository, ["rev-parse", "HEAD:gone.txt"]);
  set(repository, "core.repositoryFormatVersion", "1");
  set(repository, "extensions.partialClone", "origin");
  set(repository, "remote.origin.promisor", "true");
  set(repository, "remote.origin.url", url);
  set(repository, "protocol.allow", "always");
  set(repository, "protocol.ext.allow", "always");
  await rm(path.join(repository, ".git/objects", blob.slice(0, 2), blob.slice(2)));
}

const plants: readonly Plant[] = [
  { name: "core.fsmonitor", plant: async (repository, program) => set(repository, "core.fsmonitor", program), trigger: ["status"] },
  {
    name: "core.fsmonitor by include.path",
    plant: async (repository, program) => {
      await writeFile(path.join(repository, "evil.inc"), `[core]\n\tfsmonitor = ${program}\n`);
      set(repository, "include.path", "../evil.inc");
    },
    trigger: ["status"],
  },
  {
    name: "hooks",
    plant: async (repository, program) => {
      const hooks = path.join(repository, ".git/hooks");
      await mkdir(hooks, { recursive: true });
      for (const hook of ["post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc", "fsmonitor-watchman"]) {
        await symlink(program, path.join(hooks, hook));
      }
    },
    trigger: ["update-ref", "refs/heads/other", "HEAD"],
  },
  {
    name: "core.hooksPath",
    plant: async (repository, program) => {
      await mkdir(path.join(repository, "hooks"));
      await symlink(program, path.join(repository, "hooks/reference-transaction"));
      set(repository, "core.hooksPath", path.join(repository, "hooks"));
    },
    trigger: ["update-ref", "refs/heads/other", "HEAD"],
  },
  {
    name: "diff.external",
    plant: async (repository, program) => (set(repository, "diff.external", program), changed(repository)),
    trigger: ["diff"],
  },
  {
    name: "a diff driver's command and textconv",
    plant: async (repository, program) => {
      commitFiles(repository, { ".gitattributes": "*.txt diff=evil\n" }, "attributes");
      set(repository, "diff.evil.textconv", program);
      await changed(repository);
    },
    trigger: ["diff"],
  },
  {
    name: "a clean and smudge filter",
    plant: async (repository, program) => {
      commitFiles(repository, { ".gitattributes": "*.txt filter=evil\n" }, "attributes");
      set(repository, "filter.evil.clean", program);
      set(repository, "filter.evil.smudge", program);
      await changed(repository);
    },
    trigger: ["diff"],
  },
  {
    name: "a filter process",
    plant: async (repository, program) => {
      await writeFile(path.join(repository, ".git/info/attributes"), "* filter=evil\n");
      set(repository, "filter.evil.process", program);
      await changed(repository);
    },
    trigger: ["diff"],
  },
  {
    name: "core.pager",
    plant: async (repository, program) => (set(repository, "core.pager", program), set(repository, "pager.log", program)),
    trigger: null,
  },
  {
    name: "aliases",
    plant: async (repository, program) => {
      for (const word of ["status", "log", "bundle", "ls-tree", "cat-file", "rev-parse", "evil"])
        set(repository, `alias.${word}`, `!${program}`);
    },
    trigger: ["evil"],
  },
  {
    name: "gpg.program under log.showSignature",
    plant: async (repository, program) => {
      const commit = plainGit(repository, ["cat-file", "commit", "HEAD"]);
      const signed = commit.replace("\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n");
      const sha = plainGit(repository, ["hash-object", "-t", "commit", "-w", "--stdin"], `${signed}\n`);
      plainGit(repository, ["update-ref", "refs/heads/main", sha]);
      set(repository, "gpg.program", program);
      set(repository, "log.showSignature", "true");
    },
    trigger: ["log"],
  },
  {
    name: "core.fsmonitor in a submodule's own repository",
    plant: async (repository, program) => {
      const inner = makeRepository(path.join(repository, "inner"), { "b.txt": "b\n" });
      const sha = plainGit(inner, ["rev-parse", "HEAD"]);
      await writeFile(path.join(repository, ".gitmodules"), `[submodule "inner"]\n\tpath = inner\n\turl = file://${inner}\n`);
      plainGit(repository, ["add", ".gitmodules"]);
      plainGit(repository, ["update-index", "--add", "--cacheinfo", `160000,${sha},inner`]);
      plainGit(repository, ["commit", "--quiet", "-m", "submodule"]);
      set(repository, "submodule.inner.active", "true");
      set(repository, "submodule.recurse", "true");
      set(inner, "core.fsmonitor", program);
      await writeFile(path.join(inner, "b.txt"), "changed\n");
    },
    trigger: ["status"],
  },
];

const fetching: readonly Plant[] = [
  {
    name: "a missing object fetched over ext::",
    plant: (repository, program) => promisor(repository, `ext::${program}`),
    trigger: ["cat-file", "-p", "HEAD:gone.txt"],
  },
  {
    name: "a missing object fetched by core.sshCommand",
    plant: async (repository, program) => (set(repository, "core.sshCommand", program), promisor(repository, "ssh://example.invalid/x")),
    trigger: ["cat-file", "-p", "HEAD:gone.txt"],
  },
];

async function planted({ plant }: Plant): Promise<{ readonly repository: string; readonly marker: string }> {
  const folder = await place();
  const marker = path.join(folder, "marker");
  const program = path.join(folder, "program");
  await writeFile(program, `#!/bin/sh\necho ran >> ${marker}\n`, { mode: 0o755 });
  const repository = makeRepository(path.join(folder, "repository"), { "a.txt": "a\n", "gone.txt": "gone\n" });
  await plant(repository, program);
  await rm(marker, { force: true });
  return { repository, marker };
}

function tryPlainGit(repository: string, words: readonly string[]): void {
  try {
    plainGit(repository, words);
  } catch {
    // The plant may spoil the answer; what counts is whether it ran.
  }
}

describe.each(hosts)("%s", (_name, host) => {
  test.each(plants)("planted $name: nothing runs", async (plant) => {
    const { repository, marker } = await planted(plant);
    const { history, files } = await readAll(host, repository);
    expect(existsSync(marker)).toBe(false);
    expect(history.commits.length).toBeGreaterThan(0);
    expect(files.map((file) => file.path)).toContain("a.txt");
    if (plant.trigger === null) return;
    tryPlainGit(repository, plant.trigger);
    expect(existsSync(marker), "the plant is alive").toBe(true);
  });

  test.each(fetching)("$name is not fetched, and the input is refused as a partial clone", async (plant) => {
    const { repository, marker } = await planted(plant);
    await expect(readAll(host, repository)).rejects.toMatchObject({ code: "input.partial-clone" });
    expect(existsSync(marker)).toBe(false);
    tryPlainGit(repository, plant.trigger ?? []);
    expect(existsSync(marker), "the plant is alive").toBe(true);
  });

  test("nothing in the repository changes by being read", async () => {
    const { repository } = await planted({ name: "", plant: changed, trigger: null });
    const before = await readdir(path.join(repository, ".git"), { recursive: true });
    await readAll(host, repository);
    expect((await readdir(path.join(repository, ".git"), { recursive: true })).toSorted()).toEqual(before.toSorted());
  });
});

describe("a .git that points elsewhere", () => {
  async function victim(): Promise<string> {
    return makeRepository(path.join(await place(), "victim"), { "secret.txt": "secret\n" });
  }
  const refused = { kind: "forbidden", code: "input.git-elsewhere" };

  test("a gitdir file to a repository that does not point back is refused", async () => {
    const folder = await place();
    await writeFile(path.join(folder, ".git"), `gitdir: ${await victim()}/.git\n`);
    await expect(describeInput(bare, folder)).rejects.toMatchObject(refused);
    await expect(captureInput(bare, folder, { includeWorktree: false, destinationDirectory: await place() })).rejects.toMatchObject(
      refused,
    );
  });

  test("so are links to a repository, to its objects or names, and borrowed objects", async () => {
    const target = await victim();
    const linked = await place();
    await symlink(path.join(target, ".git"), path.join(linked, ".git"));
    await expect(describeInput(bare, linked)).rejects.toMatchObject(refused);
    for (const part of ["objects", "refs"]) {
      const repository = makeRepository(await place());
      await rename(path.join(repository, ".git", part), path.join(repository, ".git", `${part}-old`));
      await symlink(path.join(target, ".git", part), path.join(repository, ".git", part));
      await expect(describeInput(bare, repository)).rejects.toMatchObject(refused);
    }
    const borrowing = makeRepository(await place());
    await writeFile(path.join(borrowing, ".git/objects/info/alternates"), `${target}/.git/objects\n`);
    await expect(describeInput(bare, borrowing)).rejects.toMatchObject(refused);
  });

  test("a gitdir file without a target, or to nothing, is refused", async () => {
    for (const content of ["", "gitdir: /nowhere/at/all\n", "nonsense"]) {
      const folder = await place();
      await writeFile(path.join(folder, ".git"), content);
      await expect(describeInput(bare, folder)).rejects.toMatchObject(refused);
    }
  });

  test.each(hosts)("a linked work tree and a submodule, which point back, are read %s", async (_name, host) => {
    const main = makeRepository(path.join(await place(), "main"));
    const tree = path.join(await place(), "tree");
    plainGit(main, ["worktree", "add", "--quiet", "-b", "side", tree]);
    commitFiles(tree, { "side.txt": "side\n" }, "side");
    expect(await describeInput(host, tree)).toMatchObject({ kind: "git-repository", branch: "side", dirtyFiles: 0 });
    plainGit(main, ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", await victim(), "sub"]);
    expect(await describeInput(host, path.join(main, "sub"))).toMatchObject({ kind: "git-repository", branch: "main", dirtyFiles: 0 });
    expect((await readAll(host, path.join(main, "sub"))).files.map((file) => file.path)).toEqual(["secret.txt"]);
  });
});

describe.runIf(process.getuid?.() === 0)("as root", () => {
  test.each(hosts)("a private clone of another owner is read %s", async (_name, host) => {
    const repository = makeRepository(path.join(await place(), "theirs"), { "a.txt": "a\n" });
    await appendFile(path.join(repository, "a.txt"), "changed\n");
    await giveAway(repository);
    const { description, files, input } = await readAll(host, repository);
    expect(description).toMatchObject({ kind: "git-repository", dirtyFiles: 1 });
    expect(files.map((file) => file.path)).toEqual(["a.txt"]);
    expect(input.files.map((file) => path.basename(file.path))).toEqual(["history.bundle", "worktree.patch"]);
  });
});

async function giveAway(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chown(path.join(entry.parentPath, entry.name), 4321, 4321);
  await chown(folder, 4321, 4321);
  await chmod(folder, 0o700);
}
