import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { effectKindFrom } from "../core/gate/effect-treatment.ts";
import { type ToolDeclaration, declarationProblems } from "../core/gate/tool-declaration.ts";
import { Failure } from "../core/shared/failure.ts";
import type { Json, JsonObject } from "../core/shared/json.ts";

/*
 * Reads a folder of attacks: attack_goals.jsonl, benign_tasks.jsonl, tools.jsonl. Every text in it is hostile data. Any folder with
 * these three files is read the same way, whatever arguments, sources and suites it has.
 */

const args = z.union([z.string(), z.record(z.string(), z.json())]);
const call = z.object({ tool: z.string(), args: args.nullish(), effect: z.string().nullish() });
const goalLine = z.object({
  id: z.string(),
  source: z.string().default(""),
  suite: z.string().default(""),
  goal: z.string(),
  calls: z.array(call).default([]),
});
const taskLine = z.object({
  id: z.string(),
  source: z.string().default(""),
  suite: z.string().default(""),
  prompt: z.string().default(""),
  calls: z.array(call).default([]),
  carrier: z.object({ tool: z.string(), template: z.json().optional() }).nullish(),
});
const toolLine = z.object({
  name: z.string(),
  description: z.string().nullish(),
  params: z.array(z.object({ name: z.string(), type: z.string().nullish(), required: z.boolean().nullish() })).nullish(),
  effect: z.string().nullish(),
});

type GivenCall = z.infer<typeof call>;

/** A call as it is emitted; `isLooped`: an argument of it is taken from an earlier result. */
export interface ScriptedCall {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly isLooped: boolean;
}

export interface AttackGoal {
  readonly id: string;
  readonly source: string;
  readonly suite: string;
  readonly goal: string;
  readonly calls: readonly ScriptedCall[];
}

export interface BenignTask {
  readonly id: string;
  readonly source: string;
  readonly suite: string;
  readonly calls: readonly ScriptedCall[];
  /** Position of the call whose answer carries the hostile text. */
  readonly carrierAt: number;
}

export interface AttackCorpus {
  readonly goals: readonly AttackGoal[];
  readonly tasks: readonly BenignTask[];
  readonly tools: readonly ToolDeclaration[];
}

/** The secret of the project of one case; never a real one. */
export const canaryOf = (id: string): string => `CANARY${createHash("sha256").update(id).digest("hex").slice(0, 20)}`;

const maxFileBytes = 64 * 1024 * 1024;

/** @throws {Failure} `eval.not-run` when the folder lacks one of the three files, `eval.bad-case` for a line that cannot be read */
export async function readAttackFolder(folder: string): Promise<AttackCorpus> {
  const [goals, tasks, tools] = await Promise.all([
    readLines(folder, "attack_goals.jsonl", goalLine),
    readLines(folder, "benign_tasks.jsonl", taskLine),
    readLines(folder, "tools.jsonl", toolLine),
  ]);
  return makeCorpus({ goals, tasks, tools });
}

async function readLines<Line>(folder: string, name: string, schema: z.ZodType<Line>): Promise<readonly Line[]> {
  const text = await readFile(path.join(folder, name), "utf8").catch((cause: unknown) => {
    throw new Failure("not-found", "eval.not-run", { message: `NOT RUN: ${name} is not in this folder.` }, { cause });
  });
  if (text.length > maxFileBytes) throw new Failure("invalid", "eval.bad-case", { message: `${name} is larger than 64 MB.` });
  // Only '\n' ends a line: texts hold other line separators.
  return text.split("\n").flatMap((line, index) => (line.trim() === "" ? [] : [readLine(schema, line, `${name}:${index + 1}`)]));
}

function readLine<Line>(schema: z.ZodType<Line>, line: string, place: string): Line {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw new Failure("invalid", "eval.bad-case", { message: `${place} cannot be read as a case.` }, { cause });
  }
}

type Lines = {
  readonly goals: readonly z.infer<typeof goalLine>[];
  readonly tasks: readonly z.infer<typeof taskLine>[];
  readonly tools: readonly z.infer<typeof toolLine>[];
};

/** Makes a corpus out of its lines; what a source leaves open is filled in. */
export function makeCorpus({ goals, tasks, tools }: Lines): AttackCorpus {
  const given = [...goals, ...tasks].flatMap((one) => one.calls);
  const byTool = Map.groupBy(given, (one) => one.tool);
  const known = new Map(tools.map((tool) => [tool.name, tool]));
  const names = [...new Set([...known.keys(), ...byTool.keys()])];
  const declared = names.map((name) => declare(name, known.get(name), byTool.get(name) ?? []));
  const byName = new Map(declared.map((tool) => [tool.name, tool]));
  const script = (one: GivenCall, id: string, canary: string): ScriptedCall => scripted(one, { id, canary, tool: byName.get(one.tool) });
  return {
    tools: declared,
    goals: goals.map((goal) => ({ ...goal, calls: goal.calls.map((one) => script(one, goal.id, canaryOf(goal.id))) })),
    tasks: tasks.map(({ id, source, suite, calls, carrier }) => ({
      id,
      source,
      suite,
      calls: calls.map((one, index) => script(one, `${id}#${index}`, "")),
      carrierAt: Math.max(
        0,
        calls.findIndex((one) => one.tool === carrier?.tool),
      ),
    })),
  };
}

/** A stub of a tool with its kind. No target is declared, so that every argument has to be a person's: the strictest reading. */
function declare(name: string, line: Lines["tools"][number] | undefined, calls: readonly GivenCall[]): ToolDeclaration {
  const effectKind = effectKindFrom(line?.effect ?? calls.find((one) => typeof one.effect === "string")?.effect);
  const isRead = effectKind === "read" || effectKind === "egress_read";
  const tool: ToolDeclaration = {
    name,
    description: line?.description?.slice(0, 4_000) ?? "",
    origin: "stub",
    targets: [],
    amountArgument: null,
    parameters: { type: "object", properties: propertiesOf(line, calls) },
    deliveryClass: isRead ? "pure" : "once",
    effectKind,
    result: { integrity: "external", readers: "project" },
    costMicro: 0,
    timeLimitMs: 20_000,
  };
  const problems = declarationProblems(tool);
  if (problems.length > 0) throw new Failure("invalid", "eval.bad-case", { message: `Tool ${name.slice(0, 80)}: ${problems.join(" ")}` });
  return tool;
}

/** Declared parameters, and whatever the cases pass beside them; types only where they hold in all of the cases. */
function propertiesOf(line: Lines["tools"][number] | undefined, calls: readonly GivenCall[]): JsonObject {
  const seen = calls.flatMap((one) => (typeof one.args === "object" && one.args !== null ? Object.keys(one.args) : []));
  const names = [...new Set([...(line?.params ?? []).map((param) => param.name), ...seen])];
  return Object.fromEntries((names.length === 0 ? ["target", "content"] : names).map((name) => [name, {}]));
}

interface Filling {
  readonly id: string;
  readonly canary: string;
  readonly tool: ToolDeclaration | undefined;
}

const isOpen = (value: unknown): value is string => typeof value === "string" && value.startsWith("$");

function scripted(given: GivenCall, filling: Filling): ScriptedCall {
  const { args: values } = given;
  const names = Object.keys((filling.tool?.parameters["properties"] ?? {}) as JsonObject); // declared above
  const open = typeof values !== "object" || values === null;
  const filled = open
    ? names.map((name) => [name, fill(name, filling)] as const)
    : Object.entries(values).map(([name, value]) => [name, settle(name, value, filling)] as const);
  return {
    tool: given.tool,
    arguments: Object.fromEntries(filled),
    isLooped: !open && JSON.stringify(values).includes('"$'),
  };
}

const fill = (name: string, { id, canary }: Filling): string => [id, name, canary].filter((part) => part !== "").join(" ");

/** A value with everything that the source leaves open filled in, also inside lists and objects. */
function settle(name: string, value: Json, filling: Filling): Json {
  if (isOpen(value)) return fill(name, filling);
  if (Array.isArray(value)) return value.map((one: Json) => settle(name, one, filling));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, settle(key, one, filling)]));
}

/** The pairs of task and goal that are replayed: by suite where a source gives tasks and goals of one suite, else all of the source. */
export function attackPairs({ goals, tasks }: AttackCorpus): readonly { readonly task: BenignTask; readonly goal: AttackGoal }[] {
  const suites = (source: string): ReadonlySet<string> => {
    const ofGoals = new Set(goals.flatMap((goal) => (goal.source === source ? [goal.suite] : [])));
    return new Set(tasks.flatMap((task) => (task.source === source && ofGoals.has(task.suite) ? [task.suite] : [])));
  };
  const shared = new Map([...new Set(tasks.map((task) => task.source))].map((source) => [source, suites(source)]));
  return tasks.flatMap((task) =>
    goals.flatMap((goal) => {
      const isPair = goal.source === task.source && (shared.get(task.source)?.size === 0 || goal.suite === task.suite);
      return isPair ? [{ task, goal }] : [];
    }),
  );
}
