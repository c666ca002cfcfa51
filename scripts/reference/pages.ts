import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { cliPage, collectCommands } from "./cli.ts";
import { eventsIn, eventsPage, readEventLines } from "./events.ts";
import { collectFailures, failuresPage, readFailureLines } from "./failures.ts";
import { collectRoutes, httpPage, mountedBeside } from "./http.ts";
import { mcpPage } from "./mcp.ts";
import { planPage } from "./plan.ts";
import { schemaPage, tablesOf } from "./schema.ts";
import { collectSettings, settingsPage } from "./settings.ts";
import { sourcesBelow } from "./sources.ts";
import { toolsPage } from "./tools.ts";

/** Every generated page of docs/reference by file name. @throws when something in the sources is not described, or the other way round */
export async function referencePages(root: string): Promise<ReadonlyMap<string, string>> {
  const sources = sourcesBelow(path.join(root, "src"));
  const migrations = globSync("*.sql", { cwd: path.join(root, "migrations") })
    .toSorted()
    .map((file) => ({ file, text: readFileSync(path.join(root, "migrations", file), "utf8") }));
  return new Map([
    ["cli.md", cliPage(await collectCommands())],
    ["events.md", eventsPage(sources.filter(({ file }) => file.startsWith("core/")).flatMap(eventsIn), readEventLines())],
    ["failures.md", failuresPage(collectFailures(sources), readFailureLines())],
    ["http.md", httpPage(collectRoutes(), mountedBeside(root))],
    ["mcp.md", mcpPage()],
    ["plan.md", planPage()],
    ["schema.md", schemaPage(tablesOf(migrations))],
    ["settings.md", settingsPage(collectSettings(root))],
    ["tools.md", toolsPage()],
  ]);
}
