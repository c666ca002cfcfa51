import { ensurePage } from "../../scripts/suites/ensure-page.ts";

/** The page that a server started from this clone serves, built from the present sources. */
export async function ensureLivePage(): Promise<void> {
  const problem = await ensurePage(() => {});
  if (problem !== null) throw new Error(problem);
}
