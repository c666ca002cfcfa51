import { type ComputedTool, type MadeFile, type Material, materialLimits, toldProblems } from "../../core/gate/computation.ts";
import type { ToolDeclaration } from "../../core/gate/tool-declaration.ts";
import { mediaTypeOf } from "../../core/shared/content.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { Computing } from "../ports/computing.ts";
import type { ContentStore } from "../ports/content.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { GatedTool } from "../ports/gated-tool.ts";
import { fileNamed, keepOutput, outputNamed } from "./task-files.ts";

interface ComputedUse {
  readonly content: ContentStore;
  readonly crash: CrashProbe;
  readonly computing: Computing;
}

/** A made file that nobody named an output for is told whole up to here. */
const maxToldChars = 120_000;

/** Left of a tool's time for reading and writing around the computing, so that its own limit is told and not the door's. */
const endingMs = 1_000;

const form = `Give "specification", or "file": a JSON file of this task that holds it. "files": text files of this task that belong to it. "output": one of the names that the task asks for, under which the file that is made is handed in; without it the file comes with the answer.`;

/** Tools that only compute, as the door carries them out. */
export const computedTools = (use: ComputedUse, tools: readonly ComputedTool[]): readonly GatedTool[] =>
  tools.map((tool) => ({
    declaration: declarationOf(tool),
    run: ({ context, arguments: given }, signal) => run(use, { tool, context, given }, signal),
  }));

const declarationOf = ({ name, description, timeLimitMs }: ComputedTool): ToolDeclaration => ({
  name,
  description: `${description}\n${form}`,
  origin: "built-in",
  deliveryClass: "pure",
  effectKind: "write_private",
  targets: ["output"],
  amountArgument: null,
  costMicro: 0,
  timeLimitMs,
  result: { integrity: "external", readers: "project" },
  parameters: {
    type: "object",
    properties: {
      specification: { type: "object" },
      file: { type: "string", maxLength: 1_000 },
      files: { type: "array", items: { type: "string", maxLength: 1_000 }, maxItems: materialLimits.files },
      output: { type: "string", maxLength: 200 },
    },
  },
});

interface Running {
  readonly tool: ComputedTool;
  readonly context: AttemptContext;
  readonly given: JsonObject;
}

async function run(use: ComputedUse, { tool, context, given }: Running, signal: AbortSignal): Promise<JsonObject> {
  const output = given["output"] === undefined ? null : outputNamed(context, given["output"]);
  const material = await materialOf(use.content, context, given);
  const timeLimitMs = tool.timeLimitMs - endingMs;
  const computed = await use.computing.compute(tool.name, material, { timeLimitMs, signal });
  if (computed.kind === "refused") throw refusedSpecification(computed.problems.length, toldProblems(computed.problems));
  const { result, file } = computed;
  if (output === null) return file === null ? result : { ...result, made: told(file) };
  const made = file ?? { mediaType: "application/json", text: `${JSON.stringify(result, null, 2)}\n` };
  if (mediaTypeOf(output) !== made.mediaType)
    throw refusedSpecification(1, `${tool.name} makes ${made.mediaType}, and an output named ${output} is ${mediaTypeOf(output)}.`);
  return { ...result, written: await keepOutput(use, output, new TextEncoder().encode(made.text)) };
}

/** What a computation refused, as a failure that says everything that has to be mended. */
export const refusedSpecification = (problems: number, told: string): Failure =>
  new Failure("invalid", "tool.specification-refused", { message: `The specification is refused. ${told}`, problems });

function told(file: MadeFile): JsonObject {
  if (file.text.length <= maxToldChars) return { mediaType: file.mediaType, text: file.text };
  throw new Failure("exhausted", "tool.result-too-large", {
    message: `The file has ${file.text.length} characters; more than ${maxToldChars} are not told. Name an "output" for it.`,
  });
}

async function materialOf(content: ContentStore, context: AttemptContext, given: JsonObject): Promise<Material> {
  const { specification, file, files } = given;
  if (specification !== undefined && file !== undefined)
    throw refusedSpecification(1, `Both "specification" and "file" are given; only one of them can hold it.`);
  const texts: Material["files"][number][] = [];
  const places = (files ?? []) as readonly string[]; // a list of texts by the declaration
  for (const place of places) texts.push({ name: place, text: await textOf(content, context, place) });
  const read = file === undefined ? (specification ?? {}) : parsed(await textOf(content, context, file as string));
  return { specification: read as JsonObject, files: texts }; // an object by the declaration, or as just looked at
}

async function textOf(content: ContentStore, context: AttemptContext, place: string): Promise<string> {
  const { sha256, bytes } = fileNamed(context, place);
  if (bytes > materialLimits.fileBytes)
    throw refusedSpecification(1, `${place} has ${bytes} bytes; at most ${materialLimits.fileBytes} are read.`);
  return new TextDecoder().decode(await content.read(sha256));
}

function parsed(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as Json; // JSON.parse gives JSON
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Told below: text that is no JSON is as wrong as JSON that is no object.
  }
  throw refusedSpecification(1, `The file holds no JSON object.`);
}
