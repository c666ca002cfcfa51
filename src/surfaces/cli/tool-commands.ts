import type { Command } from "commander";
import { type Material, materialLimits } from "../../core/gate/computation.ts";
import { Failure } from "../../core/shared/failure.ts";
import { folder } from "./backup-commands.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { jsonText, note, printAnswer, table } from "./output.ts";
import { collect, readJson, readText } from "./values.ts";

interface RunOptions {
  readonly input?: string;
  readonly with?: readonly string[];
  readonly out?: string;
}

/** `xvc tool`: the tools that only compute, as performers use them. They need no server and no key. */
export function registerTool(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list the tools and what their specification holds")
    .addHelpText("after", "\nExamples:\n  $ xvc tool list\n")
    .action(context.act(() => list(context)));
  group
    .command("run")
    .description("run a tool on a specification and print its answer; a file that it makes goes to --out")
    .argument("<tool>", "its name, as xvc tool list shows it")
    .option("--input <file>", "JSON object with the specification; - is standard input")
    .option("--with <file>", "a text file that belongs to it; may be repeated", collect)
    .option("--out <file>", "where the file that is made is written", folder)
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc tool run performance_modeling --input load.json\n  $ xvc tool run diagram_generation --with system.dot --out system.svg\n",
    )
    .action(context.act((tool: string, options: RunOptions) => run(context, tool, options)));
}

async function list({ use, flags }: GroupContext): Promise<number> {
  const tools = await use.system.computedTools();
  const rows = tools.map(({ name, description, timeLimitMs }) => ({ name, description, timeLimitMs }));
  printAnswer(use.streams, flags(), {
    document: { schema: "xvc.tools/1", items: rows },
    rows,
    people: () =>
      table(
        use.streams,
        ["TOOL", "DOES"],
        tools.map(({ name, description }) => [name, description.split(/(?<=\.)\s/u)[0] ?? ""]),
      ),
  });
  return exitCodes.ok;
}

async function run(context: GroupContext, tool: string, options: RunOptions): Promise<number> {
  const { use, flags } = context;
  const computed = await use.system.computeTool(tool, await materialOf(context, options), use.signal);
  if (computed.kind === "refused")
    throw new Failure("invalid", "tool.specification-refused", {
      message: "The specification is refused.",
      problems: computed.problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)),
    });
  const { result, file } = computed;
  const { out } = options;
  if (file !== null && out !== undefined) await save(context, out, file.text);
  const withText = file !== null && out === undefined ? { ...result, made: { mediaType: file.mediaType, text: file.text } } : result;
  printAnswer(use.streams, flags(), { document: withText, people: () => `${jsonText(withText, 2)}\n` });
  return exitCodes.ok;
}

async function materialOf({ use }: GroupContext, { input, with: beside = [] }: RunOptions): Promise<Material> {
  if (beside.length > materialLimits.files)
    throw new Failure("invalid", "usage.files", { message: `At most ${materialLimits.files} files are read.` });
  const files: Material["files"][number][] = [];
  for (const name of beside) files.push({ name: name.split("/").at(-1) ?? name, text: await readText(use, name) });
  return { specification: input === undefined ? {} : await readJson(use, input), files };
}

async function save({ use, flags }: GroupContext, out: string, text: string): Promise<void> {
  const file = use.files.absolute(out);
  const cut = file.lastIndexOf("/");
  const directory = file.slice(0, cut) || "/";
  await use.files.prepareDirectory(directory);
  await use.files.write(directory, file.slice(cut + 1), { bytes: new TextEncoder().encode(text), replace: flags().yes === true });
  note(use.streams, flags(), `Written: ${file}`);
}
