import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LiveHome, openLiveHome } from "../support/live-home.ts";
import { commitAll, git, makeRepository } from "../support/sample-repository.ts";

let home: LiveHome;
let place: string;

beforeAll(async () => {
  home = await openLiveHome();
  place = await mkdtemp(path.join(os.tmpdir(), "xvc-inputs-"));
  await chmod(place, 0o755);
  await home.up();
});

afterAll(async () => {
  await home.remove();
  await rm(place, { recursive: true, force: true });
});

interface Finding {
  readonly id: string;
  readonly citations: readonly (
    | { readonly file: string; readonly line?: number; readonly endLine?: number }
    | { readonly commit: string }
  )[];
}

interface Report {
  readonly schema: string;
  readonly repository: { readonly name: string; readonly kind: string; readonly commit: string | null };
  readonly headline: string;
  readonly sections: readonly {
    readonly key: string;
    readonly state: string;
    readonly reason: string;
    readonly findings: readonly Finding[];
  }[];
  readonly files: readonly { readonly path: string; readonly lines: number }[];
}

/** Assesses an input to its report, as a person would. */
async function assess(input: string, name: string): Promise<{ readonly report: Report; readonly label: string; readonly out: string }> {
  const out = path.join(place, `report of ${name}`);
  const ran = await home.xvc("request", "submit", "Assess this repository", "--input", input, "--approve", "--wait", "--out", out, "-q");
  expect([ran.exit, ran.err]).toEqual([0, ""]);
  expect((await readdir(out)).toSorted()).toEqual(["report.html", "report.json", "report.md"]);
  const report = JSON.parse(await readFile(path.join(out, "report.json"), "utf8")) as Report; // its schema is compared below
  expect(report.schema).toBe("xvc.assessment/1");
  return { report, label: /^[A-Z]+-\d+/u.exec(ran.out)?.[0] ?? "", out };
}

const citationsOf = (report: Report) => report.sections.flatMap((section) => section.findings.flatMap((finding) => finding.citations));
const sectionOf = (report: Report, key: string) => report.sections.find((section) => section.key === key);

async function folder(name: string): Promise<string> {
  const made = path.join(place, name);
  await mkdir(made);
  return made;
}

async function isThere(repository: string, citation: ReturnType<typeof citationsOf>[number]): Promise<boolean> {
  if ("commit" in citation) return (await git(repository, "cat-file", "-t", citation.commit)) === "commit";
  const lines = (await readFile(path.join(repository, citation.file), "utf8")).trimEnd().split("\n").length;
  return (citation.line ?? 1) >= 1 && (citation.endLine ?? citation.line ?? 1) <= lines;
}

test("a repository is assessed with one command; every citation is there, and another program recounted it", async () => {
  const repository = await folder("shop");
  await makeRepository(repository);
  const { report, label, out } = await assess(repository, "shop");

  expect(report.repository).toMatchObject({ name: "shop", kind: "git-repository", commit: await git(repository, "rev-parse", "HEAD") });
  expect(report.files.map((file) => file.path).toSorted()).toEqual((await git(repository, "ls-files")).split("\n").toSorted());
  const citations = citationsOf(report);
  expect(citations.length).toBeGreaterThan(3);
  for (const citation of citations) expect([citation, await isThere(repository, citation)]).toEqual([citation, true]);
  // What was planted is found: a cycle, a dead link, a command that does not exist.
  expect(JSON.stringify(sectionOf(report, "module_graph")?.findings)).toContain("src/price.ts");
  expect(JSON.stringify(sectionOf(report, "documentation")?.findings)).toContain("docs/gone.md");
  expect(JSON.stringify(sectionOf(report, "documentation")?.findings)).toContain("serve");

  const page = await readFile(path.join(out, "report.html"), "utf8");
  expect(page).toContain("Content-Security-Policy");
  expect(page).toContain("<svg");
  expect(page).not.toMatch(/<script[^>]+src=|<link[^>]+href="http/u);
  expect(await readFile(path.join(out, "report.md"), "utf8")).toContain(report.headline);

  const task = await home.json("task", "show", `${label}/report`);
  const [review] = task["reviews"] as readonly {
    readonly reviewer: { readonly id: string };
    readonly verdicts: readonly { readonly kind: string; readonly verdict: string; readonly evidence: { readonly check: string } }[];
  }[]; // `xvc.task/1`
  expect(review?.reviewer.id).not.toBe((task["performer"] as { readonly id: string }).id); // as above
  const recounted = review?.verdicts.filter((verdict) => verdict.kind === "recount") ?? [];
  expect(recounted.length).toBeGreaterThan(3);
  expect(recounted.every((verdict) => verdict.verdict === "pass")).toBe(true);
  expect(recounted.map((verdict) => verdict.evidence.check)).toContain("citations");

  const progress = await home.json("request", "show", label);
  const people = (await home.json("people", "list"))["items"] as readonly { readonly id: string }[]; // `xvc.people/1`
  expect(progress["decisions"]).toMatchObject([
    {
      choice: "approve",
      decider: { kind: "person", id: people[0]?.id },
      rationale: "Decided with the submission: an unmodified playbook within budget.",
    },
  ]);
  expect(progress["inbox"]).toEqual([]);
});

describe.concurrent("any input gets a correct report or a clear refusal", () => {
  test("a repository without a commit", async () => {
    const repository = await folder("empty");
    await git(repository, "init", "--quiet");
    const { report } = await assess(repository, "empty");
    expect(report.files).toEqual([]);
    expect(citationsOf(report)).toEqual([]);
  });

  test("a bare repository", async () => {
    const source = await folder("source of bare");
    await makeRepository(source);
    await git(place, "clone", "--quiet", "--bare", source, path.join(place, "bare.git"));
    const { report } = await assess(path.join(place, "bare.git"), "bare");
    expect(report.files).toHaveLength(6);
    expect(report.repository.commit).toBe(await git(source, "rev-parse", "HEAD"));
  });

  test("a shallow clone says that its history is cut", async () => {
    const source = await folder("source of shallow");
    await makeRepository(source);
    await git(place, "clone", "--quiet", "--depth=1", `file://${source}`, path.join(place, "shallow"));
    const { report } = await assess(path.join(place, "shallow"), "shallow");
    expect(report.files).toHaveLength(6);
    expect(sectionOf(report, "history")?.state).toBe("partial");
    expect(sectionOf(report, "history")?.reason).toMatch(/shallow/u);
  });

  test("a plain folder has no history, and says so", async () => {
    const plain = await folder("plain");
    await writeFile(path.join(plain, "a.py"), "import b\n\ndef a():\n    return b.b()\n");
    await writeFile(path.join(plain, "b.py"), "def b():\n    return 1\n");
    const { report } = await assess(plain, "plain");
    expect(report.repository).toMatchObject({ kind: "folder", commit: null });
    expect(report.files.map((file) => file.path)).toEqual(["a.py", "b.py"]);
    expect(sectionOf(report, "history")).toMatchObject({ state: "not-applicable" });
  });

  test("a tree of binary files", async () => {
    const repository = await folder("binary");
    await git(repository, "init", "--quiet");
    for (const name of ["a.bin", "b.png", "c"])
      await writeFile(
        path.join(repository, name),
        Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 31 + name.length) % 256)),
      );
    await commitAll(repository, "Only bytes");
    const { report } = await assess(repository, "binary");
    expect(report.files.map((file) => [file.path, file.lines])).toEqual([
      ["a.bin", 0],
      ["b.png", 0],
      ["c", 0],
    ]);
  });

  test("names with spaces, line ends and bytes that are no UTF-8", async () => {
    const repository = await folder("odd names");
    await git(repository, "init", "--quiet");
    const code = "export const one = 1;\n";
    await writeFile(path.join(repository, "with space.ts"), code);
    await writeFile(path.join(repository, "with\nline end.ts"), code);
    await writeFile(Buffer.concat([Buffer.from(`${repository}/caf`), Buffer.from([0xe9]), Buffer.from(".ts")]), code);
    await commitAll(repository, "Odd names");
    const { report } = await assess(repository, "odd names");
    expect(report.files.map((file) => file.path).toSorted()).toEqual(["caf%E9.ts", "with\nline end.ts", "with space.ts"]);
    expect(report.files.every((file) => file.lines === 1)).toBe(true);
  });

  test("settings and hooks planted in the repository do not run", async () => {
    const repository = await folder("planted");
    await makeRepository(repository);
    const trace = path.join(place, "trace-of-planted");
    const script = `#!/bin/sh\necho ran >> '${trace}'\n`;
    const program = path.join(repository, ".git", "planted.sh");
    await writeFile(program, script, { mode: 0o755 });
    for (const setting of [
      "core.fsmonitor",
      "core.pager",
      "core.sshCommand",
      "diff.external",
      "filter.evil.smudge",
      "filter.evil.clean",
      "diff.evil.textconv",
      "uploadpack.packObjectsHook",
    ])
      await git(repository, "config", setting, program);
    await mkdir(path.join(repository, ".git", "info"), { recursive: true });
    await writeFile(path.join(repository, ".git", "info", "attributes"), "* filter=evil diff=evil\n");
    await mkdir(path.join(repository, ".git", "hooks"), { recursive: true });
    for (const hook of ["post-checkout", "pre-commit", "post-index-change", "reference-transaction"])
      await writeFile(path.join(repository, ".git", "hooks", hook), script, { mode: 0o755 });
    const { report } = await assess(repository, "planted");
    expect(report.files).toHaveLength(6);
    await expect(stat(trace)).rejects.toMatchObject({ code: "ENOENT" });
    // The trap is armed: git itself falls into it.
    await git(repository, "status").catch(() => "");
    expect(await readFile(trace, "utf8")).toContain("ran");
  });

  test.runIf(process.getuid?.() === 0)("as root, a clone that belongs to somebody else", async () => {
    const repository = await folder("foreign");
    await makeRepository(repository);
    await promisify(execFile)("chown", ["-R", "65534:65534", repository]);
    await expect(git(repository, "status")).rejects.toThrow(/dubious ownership/u);
    const { report } = await assess(repository, "foreign");
    expect(report.files).toHaveLength(6);
  });

  test.each(["nowhere", "no\nwhere"])("a path that leads nowhere: %j", async (name) => {
    const ran = await home.xvc(
      "request",
      "submit",
      "Assess this repository",
      "--input",
      path.join(place, name),
      "--approve",
      "--wait",
      "-q",
    );
    expect(ran).toMatchObject({ exit: 3, out: "" });
    expect(ran.err).toContain("There is nothing at");
  });
});
