import path from "node:path";
import { ensurePage } from "../../scripts/suites/ensure-page.ts";
import { root } from "../../scripts/suites/run-command.ts";
import { withStartLock } from "../../src/adapters/postgres/start-lock.ts";

/** The page that a server started from this clone serves, built from the present sources; by one of the files that run at once. */
export async function ensureLivePage(): Promise<void> {
  const problem = await withStartLock(path.join(root, "node_modules", ".cache", "page.lock"), () => ensurePage(() => {}));
  if (problem !== null) throw new Error(problem);
}
