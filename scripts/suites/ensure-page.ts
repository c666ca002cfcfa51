import { existsSync, globSync, statSync } from "node:fs";
import path from "node:path";
import { packageProgram, root, runCommand } from "./run-command.ts";

const buildLimitMs = 5 * 60_000;

/** Newest change of whatever the page is made of, epoch milliseconds. */
function newestSourceMs(): number {
  const files = globSync(["src/surfaces/web/**/*", "src/contract/**/*", "src/core/**/*.ts", "vite.config.ts", "package-lock.json"], {
    cwd: root,
  });
  return Math.max(...files.map((file) => statSync(path.join(root, file)).mtimeMs));
}

/** Builds the page of this clone when it has none or its sources are newer. Null, or what went wrong. */
export async function ensurePage(onBuild: () => void): Promise<string | null> {
  const page = path.join(root, "dist", "web", "index.html");
  if (existsSync(page) && statSync(page).mtimeMs >= newestSourceMs()) return null;
  onBuild();
  const [file, ...args] = packageProgram("vite");
  // A test runner's NODE_ENV would make it a development build.
  const built = await runCommand({
    file,
    args: [...args, "build"],
    env: { NODE_ENV: "production" },
    limitMs: buildLimitMs,
    output: "keep",
  });
  return built.exitCode === 0 ? null : built.text;
}
