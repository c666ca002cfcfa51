import { Failure } from "../core/shared/failure.ts";
import type { Json, JsonObject } from "../core/shared/json.ts";
import type { RequestInput } from "../core/requests/request.ts";
import type { SectionOutput } from "../divisions/engineering/report-types.ts";
import { tellSection } from "../divisions/engineering/tell-section.ts";
import type { Analyser, AnalyserInput, LocatedInput } from "../engine/ports/analyser.ts";
import type { GatedTool } from "../engine/ports/gated-tool.ts";
import type { Workspace } from "../engine/ports/workspace.ts";
import type { RepositoryHistory } from "./assessment.ts";

/** Sections that a performer may ask for, with those that each builds on, in order. */
const sections: { readonly [section: string]: readonly string[] } = {
  inventory: ["inventory"],
  module_graph: ["inventory", "module_graph"],
  complexity: ["inventory", "complexity"],
  duplication: ["inventory", "duplication"],
  history: ["inventory", "complexity", "history"],
};

/** Measured sections that are kept, so that the next page is not measured anew. */
const mostKept = 12;
const timeLimitMs = 5 * 60_000;

interface AnalysisUse {
  readonly workspace: Workspace;
  readonly git: RepositoryHistory;
}

/** The measures of "Assess this repository" as a tool: of a repository or folder that the task was given, section by section, in pages. */
export function codeAnalysis(use: AnalysisUse): GatedTool {
  const kept = new Map<string, SectionOutput>();
  return {
    declaration: {
      name: "code_analysis",
      description: `Measures a git repository or a folder that this task was given as an input. Nothing of it is run.
section: "inventory"; "module_graph" (modules, what imports what, cycles, layers); "complexity" (functions and files beyond the usual bounds); "duplication"; "history" (hotspots: often changed and complex; who knows what). Every finding names its places as file:line.
part: "findings" (default), the key of a table that the answer lists under "parts", or of module_graph "edges" and "cycles". 50 entries at a time, from "from" on.`,
      origin: "built-in",
      deliveryClass: "pure",
      effectKind: "read",
      targets: ["input"],
      amountArgument: null,
      costMicro: 0,
      timeLimitMs,
      result: { integrity: "external", readers: "project" },
      parameters: {
        type: "object",
        properties: {
          input: { type: "string", maxLength: 200 },
          section: { type: "string", enum: Object.keys(sections) },
          part: { type: "string", maxLength: 100 },
          from: { type: "integer", minimum: 0 },
        },
        required: ["input", "section"],
      },
    },
    async run({ context, arguments: given }, signal) {
      const input = context.inputs.find(({ name }) => name === given["input"]);
      if (input === undefined)
        throw refused(`This task has no input of this name; it has ${context.inputs.map(({ name }) => name).join(", ") || "none"}.`);
      const output = await measured(use, { input, section: String(given["section"] as string), kept }, signal);
      const part = typeof given["part"] === "string" ? given["part"] : "findings";
      const told = tellSection(output, { part, from: typeof given["from"] === "number" ? given["from"] : 0 });
      if (told === null)
        throw refused(
          `The section has no part of this name; it has findings and ${output.section.tables.map(({ key }) => key).join(", ")}.`,
        );
      return { schema: "xvc.code-analysis/1", input: input.name, ...told } satisfies JsonObject;
    },
  };
}

const refused = (message: string): Failure => new Failure("invalid", "tool.no-such-part", { message });

interface Wanted {
  readonly input: RequestInput;
  readonly section: string;
  readonly kept: Map<string, SectionOutput>;
}

/** The section, measured after those that it builds on; the same content is measured once. */
async function measured(use: AnalysisUse, { input, section, kept }: Wanted, signal: AbortSignal): Promise<SectionOutput> {
  const keyOf = (name: string): string => JSON.stringify([name, ...input.artifacts.map(({ sha256 }) => sha256)]);
  const known = kept.get(keyOf(section));
  if (known !== undefined) return known;
  const located = (await use.workspace.locate([input], signal))[input.name];
  if (located === undefined || located.kind === "file") throw refused(`${input.name} is neither a git repository nor a folder.`);
  const scratch = await use.workspace.scratch();
  try {
    // Parsers of eight languages are loaded when somebody asks for the first time.
    const analysers = (await import("./assessment.ts")).assessmentAnalysers(use.git);
    const upstream: { [name: string]: Json } = {};
    for (const name of sections[section] ?? []) {
      const before = kept.get(keyOf(name));
      const output = before ?? (await measure(analysers, { taskKey: name, located, upstream, scratchDirectory: scratch.path, signal }));
      keep(kept, keyOf(name), output);
      upstream[`${name}.json`] = output as unknown as Json; // written and read as JSON
    }
  } finally {
    await scratch.remove();
  }
  const found = kept.get(keyOf(section));
  if (found === undefined) throw refused(`There is no section ${section}.`);
  return found;
}

interface Measuring extends Pick<AnalyserInput, "taskKey" | "upstream" | "scratchDirectory" | "signal"> {
  readonly located: LocatedInput;
}

async function measure(analysers: ReadonlyMap<string, Analyser>, { located, ...input }: Measuring): Promise<SectionOutput> {
  const made = await analysers.get(input.taskKey)?.({ ...input, inputs: { repository: located } });
  const body = made?.outputs[0]?.body;
  return JSON.parse(typeof body === "string" ? body : "null") as SectionOutput; // what the analyser of a section writes
}

function keep(kept: Map<string, SectionOutput>, key: string, output: SectionOutput): void {
  kept.delete(key);
  kept.set(key, output);
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) return;
    kept.delete(oldest);
  }
}
