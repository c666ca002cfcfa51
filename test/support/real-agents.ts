import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";

/** Exact versions, from the registry by its own client; never a dependency of the product. */
const packages = [`opencode-linux-${process.arch}@1.18.33`, "@openai/codex@0.169.0"] as const;
const installMs = 150_000;
const run = promisify(execFile);

export type RealAgents = { readonly kind: "here"; readonly searchPath: string } | { readonly kind: "absent"; readonly reason: string };

/**
 * Real coding agents in a folder that outlives a run. They weigh some 600 MB on disk, so they are fetched in CI, or where `XVC_TEST_AGENTS`
 * names a folder for them; anywhere else the tests say why they did not run.
 */
export async function realAgents(): Promise<RealAgents> {
  if (process.platform !== "linux") return { kind: "absent", reason: "agents run in a sandbox, which is there on Linux only" };
  const named = process.env["XVC_TEST_AGENTS"];
  const place = named ?? path.join(os.tmpdir(), `xvc-test-agents-${String(process.getuid?.() ?? 0)}`);
  if (!existsSync(place) && named === undefined && process.env["CI"] === undefined)
    return { kind: "absent", reason: "no real agents here; XVC_TEST_AGENTS=<folder> fetches OpenCode and Codex into it" };
  if (!existsSync(place)) {
    const problem = await install(place);
    if (problem !== null) return { kind: "absent", reason: problem };
  }
  const modules = path.join(place, "node_modules");
  return {
    kind: "here",
    searchPath: [path.join(modules, `opencode-linux-${process.arch}`, "bin"), path.join(modules, ".bin")].join(path.delimiter),
  };
}

/** Into a folder beside, which takes its name when it is complete. */
async function install(place: string): Promise<string | null> {
  const making = `${place}.making-${String(process.pid)}`;
  await mkdir(making, { recursive: true });
  try {
    const words = ["install", "--prefix", making, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", ...packages];
    // With the environment of the test run, which says where the registry is.
    const problem = await run("npm", words, { timeout: installMs }).then(
      () => null,
      (error: Error) => `the agents could not be fetched from the registry: ${error.message.slice(-300)}`,
    );
    if (problem !== null) return problem;
    await rename(making, place).catch((error: unknown) => {
      // Another run was faster.
      if (!existsSync(place)) throw error;
    });
    return null;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}
