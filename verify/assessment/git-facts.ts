import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

const maxOutputBytes = 256 * 1024 * 1024;
const gitDeadlineMs = 120_000;

/** Nothing that a repository says about how git should run may be believed. */
const distrust = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.attributesFile=/dev/null",
  "core.pager=cat",
  "core.sshCommand=false",
  "diff.external=",
  "protocol.allow=never",
  "safe.directory=*",
  "submodule.recurse=false",
].flatMap((setting) => ["-c", setting]);

export interface TreeEntry {
  readonly path: string;
  readonly kind: "file" | "symlink" | "submodule";
  readonly bytes: number | null;
}

async function git(directory: string, words: readonly string[]): Promise<Buffer> {
  const { stdout } = await execute(
    "git",
    ["--no-pager", "--no-replace-objects", "--no-optional-locks", ...distrust, `--git-dir=${directory}`, ...words],
    {
      encoding: "buffer",
      maxBuffer: maxOutputBytes,
      timeout: gitDeadlineMs,
      env: {
        PATH: process.env["PATH"] ?? "",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_TERMINAL_PROMPT: "0",
        GIT_NO_LAZY_FETCH: "1",
        GIT_OPTIONAL_LOCKS: "0",
        LC_ALL: "C",
      },
    },
  );
  return stdout;
}

/** Bytes as the report writes them: parts that are not UTF-8 with `%XX` for `%` and every byte outside ASCII. */
export function pathText(bytes: Buffer): string {
  return bytes
    .toString("latin1")
    .split("/")
    .map((part) => {
      const raw = Buffer.from(part, "latin1");
      const text = raw.toString("utf8");
      if (Buffer.from(text, "utf8").equals(raw)) return text;
      return [...raw]
        .map((byte) => (byte < 0x80 && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`))
        .join("");
    })
    .join("/");
}

const kindOf = (mode: string): TreeEntry["kind"] => (mode === "120000" ? "symlink" : mode === "160000" ? "submodule" : "file");

/** Every entry of a commit's tree, as `git ls-tree` lists it. */
export async function listTree(directory: string, commit: string): Promise<readonly TreeEntry[]> {
  const listed = await git(directory, ["ls-tree", "-r", "-l", "-z", "--full-tree", commit]);
  const entries: TreeEntry[] = [];
  for (let start = 0; start < listed.length;) {
    const end = listed.indexOf(0, start);
    const tab = listed.indexOf(9, start);
    const [mode = "", , , size = "-"] = listed.subarray(start, tab).toString("latin1").split(/ +/u);
    entries.push({ path: pathText(listed.subarray(tab + 1, end)), kind: kindOf(mode), bytes: size === "-" ? null : Number(size) });
    start = end + 1;
  }
  return entries;
}

/** Commits reachable from `commit` in this repository, as `git rev-list` counts them. */
export const countCommits = async (directory: string, commit: string): Promise<number> =>
  Number((await git(directory, ["rev-list", "--count", commit])).toString("latin1").trim());

/** Which of the names are commits here. A name that is no full hash is none. */
export async function knownCommits(directory: string, names: readonly string[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const name of names) {
    if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u.test(name)) continue;
    const type = await git(directory, ["cat-file", "-t", name]).then(
      (answer) => answer.toString("latin1").trim(),
      () => "",
    );
    if (type === "commit") known.add(name);
  }
  return known;
}

/** All commits reachable from `commit`, at most the first `limit` in git's order. */
export async function listCommits(directory: string, commit: string, limit: number): Promise<ReadonlySet<string>> {
  const listed = await git(directory, ["rev-list", `--max-count=${String(limit)}`, commit]);
  return new Set(
    listed
      .toString("latin1")
      .split("\n")
      .filter((line) => line !== ""),
  );
}
