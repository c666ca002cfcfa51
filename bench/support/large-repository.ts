import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";

const authors = ["Ada", "Ben", "Chi", "Dev", "Eva", "Fay", "Gus"] as const;
const firstCommitS = 1_600_000_000;
const secondsApart = 3_600;

/** The same repository every time: `files` files in six languages, changed over `commits` commits by seven people. */
export async function makeLargeRepository(
  directory: string,
  { files, commits }: { readonly files: number; readonly commits: number },
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await git(directory, ["init", "-q", "-b", "main"]);
  const child = spawn("git", ["fast-import", "--quiet"], { cwd: directory, stdio: ["pipe", "ignore", "inherit"] });
  const gone = once(child, "exit");
  for (const part of stream(files, commits)) if (!child.stdin.write(part)) await once(child.stdin, "drain");
  child.stdin.end();
  await gone;
  await git(directory, ["checkout", "-q", "-f", "main"]);
}

async function git(directory: string, args: readonly string[]): Promise<void> {
  const child = spawn("git", [...args], { cwd: directory, stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`git ${args[0] ?? ""} ended with ${String(code)}`);
}

/** The first commit brings all files; every later one changes one to three of them, some far more often than others. */
function* stream(files: number, commits: number): Generator<string> {
  const next = generator(42);
  for (let commit = 0; commit < commits; commit += 1) {
    const author = authors[Math.floor(next() ** 2 * authors.length)] ?? authors[0];
    const message = `Change number ${commit}\n`;
    yield `commit refs/heads/main\ncommitter ${author} <${author.toLowerCase()}@example.org> ${firstCommitS + commit * secondsApart} +0000\ndata ${Buffer.byteLength(message)}\n${message}`;
    const touched =
      commit === 0
        ? Array.from({ length: files }, (_, index) => index)
        : Array.from({ length: 1 + Math.floor(next() * 3) }, () => Math.floor(next() ** 3 * files));
    for (const index of new Set(touched)) {
      const text = source(index, files, commit);
      yield `M 644 inline ${pathOf(index)}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
    }
    yield "\n";
  }
}

/** Uniform in [0, 1), the same on every machine. Source: mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const extensions = ["ts", "py", "go", "java", "rs", "c"] as const;
const languageOf = (index: number): (typeof extensions)[number] => extensions[index % extensions.length] ?? "ts";
const pathOf = (index: number): string =>
  index === 0
    ? "README.md"
    : index === 1
      ? "package.json"
      : `${languageOf(index)}/area${Math.floor(index / 60)}/part${index}.${languageOf(index)}`;

function source(index: number, files: number, revision: number): string {
  if (index === 0) return `# Measured\n\nRevision ${revision}. See [a part](ts/area1/part60.ts) and [nothing](docs/missing.md).\n`;
  if (index === 1)
    return `${JSON.stringify({ name: "measured", version: `0.0.${revision}`, dependencies: { left: "^1.0.0", right: "2.0.0" }, scripts: { test: "true" } })}\n`;
  const functions = 4 + (index % 9);
  return Array.from({ length: functions }, (_, place) => functionText({ index, files, place, revision })).join("\n");
}

const bodies: { readonly [language in (typeof extensions)[number]]: (name: string, limit: number, other: string) => string } = {
  ts: (name, limit, other) =>
    `import { part } from "./${other}.ts";\nexport function ${name}(value: number): number {\n  let sum = 0;\n  for (let step = 0; step < ${limit}; step += 1) {\n    if (value > step && step % 2 === 0) sum += step;\n    else if (value < step) sum -= 1;\n  }\n  return sum + Number(part);\n}\n`,
  py: (name, limit) =>
    `def ${name}(value):\n    total = 0\n    for step in range(${limit}):\n        if value > step and step % 2 == 0:\n            total += step\n        elif value < step:\n            total -= 1\n    return total\n`,
  go: (name, limit) =>
    `func ${name}(value int) int {\n\ttotal := 0\n\tfor step := 0; step < ${limit}; step++ {\n\t\tif value > step && step%2 == 0 {\n\t\t\ttotal += step\n\t\t}\n\t}\n\treturn total\n}\n`,
  java: (name, limit) =>
    `class ${name} {\n  int run(int value) {\n    int total = 0;\n    for (int step = 0; step < ${limit}; step++) {\n      if (value > step && step % 2 == 0) total += step;\n    }\n    return total;\n  }\n}\n`,
  rs: (name, limit) =>
    `pub fn ${name}(value: i64) -> i64 {\n    let mut total = 0;\n    for step in 0..${limit} {\n        if value > step && step % 2 == 0 {\n            total += step;\n        }\n    }\n    total\n}\n`,
  c: (name, limit) =>
    `int ${name}(int value) {\n  int total = 0;\n  for (int step = 0; step < ${limit}; step++) {\n    if (value > step && step % 2 == 0) total += step;\n  }\n  return total;\n}\n`,
};

const functionText = ({
  index,
  files,
  place,
  revision,
}: {
  readonly index: number;
  readonly files: number;
  readonly place: number;
  readonly revision: number;
}): string =>
  bodies[languageOf(index)](
    `part_${index}_${place}_${revision % 97}`,
    3 + ((index * 7 + place) % 40),
    `part${Math.max(2, (index * 13) % files)}`,
  );
