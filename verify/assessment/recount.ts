import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import {
  checkCitations,
  checkCommits,
  checkFiles,
  checkLanguages,
  checkLines,
  checkShape,
  checkSums,
  type Material,
  type Verdict,
} from "./checks.ts";
import { readReport } from "./report.ts";

/**
 * The independent reviewer of an assessment: counts again by another route and reads citations again.
 * `recount.ts --tree DIR [--git DIR] --report FILE [--seed N]` prints `{"schema": "xvc.recount/1", "checks": [{name, pass, detail, evidence}]}`.
 * Exit code 0: everything holds; 1: something does not; 2: it could not be looked at.
 */
async function recount(material: Material): Promise<readonly Verdict[]> {
  return [
    checkShape(material),
    await checkFiles(material),
    await checkLines(material),
    checkLanguages(material),
    await checkCommits(material),
    checkSums(material),
    await checkCitations(material),
  ];
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { tree: { type: "string" }, git: { type: "string" }, report: { type: "string" }, seed: { type: "string" } },
  });
  const { tree, git, report, seed } = values;
  if (tree === undefined || report === undefined) {
    console.error("usage: recount.ts --tree DIR [--git DIR] --report FILE [--seed N]");
    return 2;
  }
  const material: Material = {
    report: readReport(await readFile(report, "utf8")),
    tree,
    gitDirectory: git ?? null,
    seed: Number(seed ?? "1"),
  };
  const checks = await recount(material);
  console.log(JSON.stringify({ schema: "xvc.recount/1", checks }));
  return checks.every((check) => check.pass) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`The report could not be recounted: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
