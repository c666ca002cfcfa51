import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Settings of nobody, so that a test means the same on every machine. */
const environment = {
  PATH: process.env["PATH"] ?? "/usr/bin:/bin",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
  GIT_AUTHOR_DATE: "1700000000 +0000",
  GIT_COMMITTER_DATE: "1700000000 +0000",
};

/** For tests: plain git, as a person would run it, in a repository the test made itself. */
export function plainGit(repository: string, words: readonly string[], input?: string | Buffer): string {
  const options = { cwd: repository, env: environment, timeout: 20_000, stdio: ["pipe", "pipe", "pipe"] as ["pipe", "pipe", "pipe"] };
  return execFileSync("git", words, input === undefined ? options : { ...options, input })
    .toString("utf8")
    .trim();
}

/** For tests: a repository on branch `main` with one commit of these files. */
export function makeRepository(place: string, files: Readonly<Record<string, string | Buffer>> = { "read.me": "hello\n" }): string {
  mkdirSync(place, { recursive: true });
  plainGit(place, ["init", "--quiet", "--initial-branch=main"]);
  commitFiles(place, files, "first");
  return place;
}

/** For tests: writes these files and commits all there is. */
export function commitFiles(place: string, files: Readonly<Record<string, string | Buffer>>, message: string): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(place, name)), { recursive: true });
    writeFileSync(path.join(place, name), content);
  }
  plainGit(place, ["add", "--all"]);
  plainGit(place, ["commit", "--quiet", "--allow-empty", "--message", message]);
  return plainGit(place, ["rev-parse", "HEAD"]);
}
