import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";

const person = {
  GIT_AUTHOR_NAME: "Dana",
  GIT_AUTHOR_EMAIL: "dana@example.test",
  GIT_COMMITTER_NAME: "Dana",
  GIT_COMMITTER_EMAIL: "dana@example.test",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
};

/** Git as a person uses it, with nothing of this machine's settings. Prints its output. */
export async function git(directory: string, ...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("git", ["-C", directory, ...words], {
    env: {
      PATH: process.env["PATH"],
      HOME: directory,
      ...person,
      GIT_AUTHOR_DATE: "2026-01-05T10:00:00Z",
      GIT_COMMITTER_DATE: "2026-01-05T10:00:00Z",
    },
  });
  return stdout.trim();
}

const module = (
  name: string,
  imports: readonly string[],
): string => `${imports.map((other) => `import { ${other} } from "./${other}.ts";\n`).join("")}
/** Adds what was ordered. */
export function ${name}(amounts: readonly number[]): number {
  let sum = ${String(imports.length)};
  for (const amount of amounts) {
    if (amount > 0 && amount < 1000) sum += amount;
    else if (amount < 0) sum -= amount;
  }
  return sum${imports.map((other) => ` + ${other}(amounts)`).join("")};
}
`;

/** A small TypeScript repository with a cycle, a dead link, a command that is not there, a test and three commits. */
export async function makeRepository(directory: string): Promise<void> {
  await mkdir(path.join(directory, "src"), { recursive: true });
  await mkdir(path.join(directory, "docs"));
  await git(directory, "init", "--quiet", "--initial-branch=main");
  await writeFile(
    path.join(directory, "package.json"),
    `${JSON.stringify({ name: "shop", version: "1.0.0", scripts: { test: "node --test" }, dependencies: { left: "^1.0.0" } }, null, 2)}\n`,
  );
  await writeFile(
    path.join(directory, "README.md"),
    "# Shop\n\n```sh\nnpm run serve\n```\n\nSee [the guide](docs/guide.md) and [the plan](docs/gone.md).\n",
  );
  await writeFile(path.join(directory, "docs/guide.md"), "# Guide\n\nNothing yet.\n");
  await commitAll(directory, "Begin");
  await writeFile(path.join(directory, "src/order.ts"), module("order", ["price"]));
  await writeFile(path.join(directory, "src/price.ts"), module("price", ["order"]));
  await writeFile(
    path.join(directory, "src/order.test.ts"),
    'import test from "node:test";\nimport { order } from "./order.ts";\n\ntest("adds", () => void order([1]));\n',
  );
  await commitAll(directory, "Take orders");
  await writeFile(path.join(directory, "src/price.ts"), `${module("price", ["order"])}export const currency = "EUR";\n`);
  await commitAll(directory, "Name the currency");
}

export async function commitAll(directory: string, message: string): Promise<void> {
  await git(directory, "add", "--all");
  await git(directory, "commit", "--quiet", "-m", message);
}
