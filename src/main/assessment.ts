import { createHash } from "node:crypto";
import type { FileFact, HistoryFacts, TrackedFileFact } from "../core/shared/repository-facts.ts";
import { repositoryLimits } from "../core/shared/repository-facts.ts";
import { Failure } from "../core/shared/failure.ts";
import type { Analyser, AnalyserInput, AnalyserOutput, LocatedRepository } from "../engine/ports/analyser.ts";
import { drawGraph } from "../adapters/code/graph-picture.ts";
import {
  readDependencies,
  readDocumentation,
  readDuplication,
  readFunctions,
  readInventory,
  readModules,
  readSecretFacts,
  readTests,
  type TreeSource,
} from "../adapters/code/repository-reader.ts";
import { assembleAssessment } from "../divisions/engineering/assemble-assessment.ts";
import { judgeComplexity, type ComplexityData } from "../divisions/engineering/judge-complexity.ts";
import { judgeDependencies } from "../divisions/engineering/judge-dependencies.ts";
import { judgeDocumentation } from "../divisions/engineering/judge-documentation.ts";
import { judgeDuplication } from "../divisions/engineering/judge-duplication.ts";
import { judgeHistory, type HistoryData } from "../divisions/engineering/judge-history.ts";
import { judgeInventory, type InventoryData } from "../divisions/engineering/judge-inventory.ts";
import { judgeModules, type ModuleData } from "../divisions/engineering/judge-modules.ts";
import { judgeRisks, type RiskData } from "../divisions/engineering/judge-risks.ts";
import { judgeSecrets } from "../divisions/engineering/judge-secrets.ts";
import { judgeTests } from "../divisions/engineering/judge-tests.ts";
import { moduleGraphDot } from "../divisions/engineering/module-graph-dot.ts";
import { assessmentMarkdown } from "../divisions/engineering/report-markdown.ts";
import { assessmentPage } from "../divisions/engineering/report-page.ts";
import { reportStyle } from "../divisions/engineering/report-style.ts";
import { sectionKeys, type Section, type SectionKey, type SectionOutput } from "../divisions/engineering/report-types.ts";
import type { TreeAnchor } from "../divisions/engineering/section-builder.ts";

/** What git tells about a repository that was laid out. */
export interface RepositoryHistory {
  /** Newest first, at most `maxCommits`. */
  readonly readHistory: (repository: LocatedRepository, maxCommits: number, signal: AbortSignal) => Promise<HistoryFacts>;
  readonly listFiles: (repository: LocatedRepository, signal: AbortSignal) => Promise<readonly TrackedFileFact[]>;
}

/** The `rules` executors of the playbook `assess-repository`, by task key. */
export function assessmentAnalysers(git: RepositoryHistory): ReadonlyMap<string, Analyser> {
  return new Map<SectionKey | "report", Analyser>([
    ["inventory", (input) => inventory(git, input)],
    ["module_graph", (input) => section(input, async (tree, { files }) => judgeModules(await readModules(tree, files, input.signal)))],
    [
      "duplication",
      (input) => section(input, async (tree, { files }) => judgeDuplication(await readDuplication(tree, files, input.signal))),
    ],
    [
      "complexity",
      (input) => section(input, async (tree, { files }) => judgeComplexity(await readFunctions(tree, files, input.signal), files)),
    ],
    ["history", (input) => history(git, input)],
    [
      "tests",
      (input) => section(input, async (tree, { files }, anchor) => judgeTests(await readTests(tree, files, input.signal), files, anchor)),
    ],
    [
      "dependencies",
      (input) =>
        section(input, async (tree, { files, committedAtMs }, anchor) =>
          judgeDependencies(await readDependencies(tree, files, input.signal), committedAtMs, anchor),
        ),
    ],
    [
      "secrets",
      (input) => section(input, async (tree, { files }) => judgeSecrets(await readSecretFacts(tree, files, input.signal), files)),
    ],
    [
      "documentation",
      (input) =>
        section(input, async (tree, { files }, anchor) =>
          judgeDocumentation(await readDocumentation(tree, files, input.signal), files, anchor),
        ),
    ],
    ["risk_summary", async (input) => outputOf(input, judgeRisks(upstreamSections(input, "risk_summary")))],
    ["report", report],
  ]);
}

async function inventory(git: RepositoryHistory, input: AnalyserInput): Promise<AnalyserOutput> {
  const located = repositoryIn(input);
  if (located.kind === "folder") return outputOf(input, judgeInventory(await readInventory(treeOf(located), input.signal), null));
  const tracked = await git.listFiles(located, input.signal);
  const facts = await readInventory({ directory: located.treeDirectory, tracked }, input.signal);
  const { commits } = await git.readHistory(located, 1, input.signal);
  const skipped = [...located.skipped.filter((entry) => !facts.skipped.some((known) => known.path === entry.path)), ...facts.skipped];
  return outputOf(
    input,
    judgeInventory(
      { ...facts, skipped, truncated: facts.truncated || located.truncated },
      { sha: located.commit, atMs: commits[0]?.atMs ?? 0 },
    ),
  );
}

async function history(git: RepositoryHistory, input: AnalyserInput): Promise<AnalyserOutput> {
  const located = repositoryIn(input);
  const { files } = upstream<InventoryData>(input, "inventory.json").data;
  const complexity = upstream<ComplexityData>(input, "complexity.json").data;
  const facts = located.kind === "folder" ? null : await git.readHistory(located, repositoryLimits.maxCommits, input.signal);
  return outputOf(input, judgeHistory(facts, files, complexity));
}

type Judge = (tree: TreeSource, inventory: InventoryData, anchor: TreeAnchor) => Promise<SectionOutput>;

async function section(input: AnalyserInput, judge: Judge): Promise<AnalyserOutput> {
  const known = upstream<InventoryData>(input, "inventory.json").data;
  return outputOf(input, await judge(treeOf(repositoryIn(input)), known, anchorOf(known.commit, known.files)));
}

/** A finding about something missing points at the commit, or at the first file that has a line. */
function anchorOf(commit: string | null, files: readonly FileFact[]): TreeAnchor {
  if (commit !== null) return { commit };
  const first = files.find((file) => file.lines.total > 0);
  return first === undefined ? null : { file: first.path, line: 1 };
}

async function report(input: AnalyserInput): Promise<AnalyserOutput> {
  const located = repositoryIn(input);
  const modules = upstream<ModuleData>(input, "module_graph.json");
  const assessment = assembleAssessment({
    name: located.name,
    kind: located.kind,
    inventory: upstream<InventoryData>(input, "inventory.json"),
    modules,
    history: upstream<HistoryData>(input, "history.json"),
    risks: upstream<RiskData>(input, "risk_summary.json"),
    sections: upstreamSections(input, null),
  });
  const drawn = moduleGraphDot(modules.data);
  const svg = drawn === null ? null : await drawGraph(drawn.dot, input.signal);
  const graph = drawn === null || svg === null ? null : { svg, caption: drawn.caption };
  const styleHash = createHash("sha256").update(reportStyle).digest("base64");
  return {
    outputs: [
      { name: "report.md", mediaType: "text/markdown", body: assessmentMarkdown(assessment) },
      { name: "report.html", mediaType: "text/html", body: assessmentPage(assessment, { graph, styleHash }) },
      { name: "report.json", mediaType: "application/json", body: `${JSON.stringify(assessment)}\n` },
    ],
    notes: drawn !== null && svg === null ? ["The module graph could not be drawn in 20 s; its tables and edges are complete."] : [],
  };
}

function outputOf(input: AnalyserInput, output: SectionOutput): AnalyserOutput {
  return {
    outputs: [{ name: `${input.taskKey}.json`, mediaType: "application/json", body: `${JSON.stringify(output)}\n` }],
    notes: output.section.notes.slice(0, 50),
  };
}

function repositoryIn(input: AnalyserInput) {
  const located = input.inputs["repository"];
  if (located !== undefined && located.kind !== "file") return located;
  throw new Failure("invalid", "analyser.input-missing", {
    task: input.taskKey,
    message: `The task ${input.taskKey} needs the input "repository", a git repository or a folder. Submit the request again with --input PATH.`,
  });
}

function treeOf(located: ReturnType<typeof repositoryIn>): TreeSource {
  return { directory: located.treeDirectory, tracked: located.kind === "folder" ? null : [] };
}

function upstreamSections(input: AnalyserInput, before: SectionKey | null): readonly Section[] {
  return sectionKeys.filter((key) => key !== before).map((key) => upstream(input, `${key}.json`).section);
}

function upstream<Data = unknown>(input: AnalyserInput, name: string): SectionOutput<Data> {
  const value = input.upstream[name];
  if (typeof value === "object" && value !== null && "schema" in value && value.schema === "xvc.assessment-section/1") {
    // Written by the task that the plan names for it and accepted by the rules of section-rules.ts.
    return value as unknown as SectionOutput<Data>;
  }
  throw new Failure("invalid", "analyser.upstream-missing", {
    task: input.taskKey,
    output: name,
    message: `The task ${input.taskKey} needs ${name} of an earlier task, and it is missing or of another schema. Run that task again.`,
  });
}
