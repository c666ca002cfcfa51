import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "../../src/adapters/postgres/processes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const parts = ["src", "test", "migrations", "node_modules", "package.json"];

/**
 * This checkout at a place that every user can read, for tests that run it as somebody else while it lies where only
 * root can. Linked where the file system allows, so it costs neither time nor room; otherwise copied.
 */
export async function makeReadableCheckout(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const place = await mkdtemp(path.join(tmpdir(), "xvc-checkout-"));
  const sources = parts.map((part) => path.join(root, part));
  const linked = await copy(["-al", ...sources, place]);
  if (linked !== 0 && (await copy(["-a", "--remove-destination", ...sources, place])) !== 0)
    throw new Error(`the checkout could not be copied to ${place}`);
  const opened = await runProgram({ file: "/bin/chmod", args: ["755", place], account: { kind: "self" }, timeoutMs: 10_000 });
  if (opened.exitCode !== 0) throw new Error(opened.output);
  return { path: place, remove: () => rm(place, { recursive: true, force: true, maxRetries: 5 }) };
}

async function copy(words: readonly string[]): Promise<number> {
  return (await runProgram({ file: "/bin/cp", args: [...words], account: { kind: "self" }, timeoutMs: 240_000 })).exitCode ?? 1;
}
