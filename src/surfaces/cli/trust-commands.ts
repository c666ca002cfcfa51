import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, objectAt, oneLine, printAnswer, table, textAt } from "./output.ts";
import { amount, readJson, reference, segment } from "./values.ts";

const open = ({ use, flags }: GroupContext): Promise<Client> => use.connect({ start: false, port: flags().port });

/** Suites, the ladder and versions side by side. */
export function registerTrust(group: Command, context: GroupContext): void {
  registerQualify(group, context);
  group
    .command("autonomy")
    .description("how far a persona is trusted, by type of task; with --lower, take trust back")
    .argument("<persona>", "key, such as senior_architect", reference)
    .option("--task <type>", "the type of task to lower, such as ui_design")
    .option("--lower <rung>", "suggest or review; it rises on evidence alone, when a person consents in the inbox")
    .option("--reason <text>", "why; it stays on record")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc persona autonomy ux_designer\n  $ xvc persona autonomy ux_designer --task ui_design --lower suggest --reason "The tone is off"\n',
    )
    .action(context.act((persona: string, options: LowerOptions) => autonomy(context, persona, options)));
  group
    .command("suites")
    .description("list the suites by which personas qualify; with a file, add a version of one (xvc.suite/1)")
    .argument("[file]", "file as JSON; - is standard input")
    .addHelpText("after", "\nExamples:\n  $ xvc persona suites\n  $ xvc persona suites suite.json\n")
    .action(context.act((file: string | undefined) => (file === undefined ? suites(context) : addSuite(context, file))));
  registerBeside(group, context);
}

interface QualifyOptions {
  readonly suite?: string;
  readonly model?: string;
  readonly project?: string;
  readonly cap?: number;
  readonly yes?: true;
  readonly stop?: string;
  readonly reason?: string;
}

function registerQualify(group: Command, context: GroupContext): void {
  group
    .command("qualify")
    .description("show what a suite would cost; with --yes, run it")
    .argument("<persona>", "key, such as senior_architect", reference)
    .option("--suite <suite>", "its name, such as ui-design@1; not needed where the persona has one", reference)
    .option("--model <provider/model>", "the model to qualify with")
    .option("--project <project>", "the project whose providers and budgets hold for it", reference)
    .option("--cap <amount>", "the most it may cost; not said: twice the estimate", amount)
    .option("--yes", "run it, at the estimate shown")
    .option("--stop <run>", "end this run instead", reference)
    .option("--reason <text>", "why it is ended")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc persona qualify ux_designer\n  $ xvc persona qualify ux_designer --model house/small --yes\n  $ xvc persona qualify ux_designer --stop 0198c2a4-7e55-7c3f-9a10-000000000042 --reason "Wrong model"\n',
    )
    .action(context.act((persona: string, options: QualifyOptions) => qualify(context, persona, options)));
}

async function qualify(context: GroupContext, persona: string, options: QualifyOptions): Promise<number> {
  const client = await open(context);
  if (options.stop !== undefined) {
    const answer = await client.post(`/api/qualifications/${segment(options.stop)}/stop`, { reason: options.reason ?? "" });
    printAnswer(context.use.streams, context.flags(), { document: answer, people: () => "stopped\n" });
    return exitCodes.ok;
  }
  const trust = await client.get(`/api/personas/${segment(persona)}/trust`);
  if (options.yes !== true && context.flags().yes !== true) return showCosts(context, trust);
  const suite = suiteOf(trust, options.suite);
  const cost = costOf(suite, options.model);
  const { estimateMicro = null } = cost;
  const shownMicro = typeof estimateMicro === "number" ? estimateMicro : null;
  const answer = await client.post(`/api/personas/${segment(persona)}/qualify`, {
    suiteId: textAt(suite, "id"),
    providerId: textAt(cost, "providerId"),
    model: textAt(cost, "model"),
    ...(options.project === undefined ? {} : { project: options.project }),
    shownMicro,
    capMicro: options.cap ?? 2 * (shownMicro ?? 0),
  });
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(suite, "name")} runs with ${modelOf(cost)}: ${textAt(answer, "id")}\n`,
  });
  return exitCodes.ok;
}

const modelOf = (cost: JsonObject): string => `${textAt(cost, "provider")}/${textAt(cost, "model")}`;

const usage = (code: string, message: string): Failure => new Failure("invalid", code, { message });

function suiteOf(trust: JsonObject, name: string | undefined): JsonObject {
  const all = listAt(trust, "suites");
  const found = name === undefined ? (all.length === 1 ? all[0] : undefined) : all.find((one) => textAt(one, "name") === name);
  if (found !== undefined) return found;
  const names = all.map((one) => textAt(one, "name")).join(", ");
  throw usage(
    "suite.not-found",
    names === "" ? "No suite belongs to this persona; xvc persona suites FILE adds one." : `Say which suite with --suite: ${names}.`,
  );
}

function costOf(suite: JsonObject, model: string | undefined): JsonObject {
  const all = listAt(suite, "costs");
  const found = model === undefined ? (all.length === 1 ? all[0] : undefined) : all.find((one) => modelOf(one) === model);
  if (found !== undefined) return found;
  throw usage(
    "qualification.no-model",
    all.length === 0
      ? "No model is connected; Settings, Models connects one."
      : `Say which model with --model: ${all.map(modelOf).join(", ")}.`,
  );
}

const money = (value: unknown, currency: string): string =>
  typeof value === "number" ? `about ${(value / 1_000_000).toFixed(2)} ${currency}` : "no price";

/** What each suite would cost with each model, and the runs there were. Estimates say that they are. */
function showCosts(context: GroupContext, trust: JsonObject): number {
  const currency = textAt(trust, "currency");
  const costs = listAt(trust, "suites").flatMap((suite) =>
    listAt(suite, "costs").map((cost) => ({
      suite: textAt(suite, "name"),
      model: modelOf(cost),
      trials: textAt(suite, "trials"),
      needed: textAt(suite, "needed"),
      estimate: money(cost["estimateMicro"], currency),
    })),
  );
  const runs = listAt(trust, "qualifications").map((run) => [
    textAt(run, "id"),
    textAt(run, "suite"),
    textAt(run, "model"),
    textAt(run, "state"),
    `${textAt(objectAt(run, "figures"), "good")} of ${textAt(objectAt(run, "figures"), "n")}`,
    textAt(run, "stopReason"),
  ]);
  printAnswer(context.use.streams, context.flags(), {
    document: trust,
    rows: costs,
    people: () =>
      [
        table(
          context.use.streams,
          ["SUITE", "MODEL", "TRIALS", "NEEDED", "COSTS (ESTIMATE)"],
          costs.map((one) => Object.values(one)),
        ),
        table(context.use.streams, ["RUN", "SUITE", "MODEL", "STATE", "PASSED", "WHY IT STOPPED"], runs),
      ].join("\n"),
  });
  return exitCodes.ok;
}

interface LowerOptions {
  readonly task?: string;
  readonly lower?: string;
  readonly reason?: string;
}

async function autonomy(context: GroupContext, persona: string, { task, lower, reason }: LowerOptions): Promise<number> {
  const client = await open(context);
  if (lower !== undefined) {
    const body = { taskType: task ?? "", to: lower, reason: reason ?? "" };
    const answer = await client.post(`/api/personas/${segment(persona)}/lower`, body);
    printAnswer(context.use.streams, context.flags(), {
      document: answer,
      people: () => `${persona} stands at ${lower} for ${task ?? ""}\n`,
    });
    return exitCodes.ok;
  }
  const trust = await client.get(`/api/personas/${segment(persona)}/trust`);
  const rows = listAt(trust, "ladders");
  const percent = (value: unknown): string => (typeof value === "number" ? `${Math.round(value * 100)} %` : "");
  printAnswer(context.use.streams, context.flags(), {
    document: trust,
    rows,
    people: () =>
      table(
        context.use.streams,
        ["TASK", "RUNG", "JUDGED", "GOOD AT FIRST TRY", "AT LEAST", "REDIRECTED", "MOVES"],
        rows.map((row) => {
          const evidence = objectAt(row, "evidence");
          return [
            textAt(row, "taskType"),
            textAt(row, "rung"),
            percent(row["share"]),
            `${textAt(evidence, "good")} of ${textAt(evidence, "n")}`,
            percent(evidence["low"]),
            textAt(row, "redirections"),
            oneLine(
              listAt(row, "history")
                .map((change) => `${textAt(change, "from")}>${textAt(change, "to")}`)
                .join(" "),
            ),
          ];
        }),
      ),
  });
  return exitCodes.ok;
}

async function suites(context: GroupContext): Promise<number> {
  const document = await (await open(context)).get("/api/suites");
  const rows = listAt(document, "items");
  const columns = ["name", "title", "cases", "trials", "needed", "origin"] as const;
  printAnswer(context.use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        context.use.streams,
        columns.map((column) => column.toUpperCase()),
        rows.map((row) => columns.map((column) => textAt(row, column))),
      ),
  });
  return exitCodes.ok;
}

async function addSuite(context: GroupContext, file: string): Promise<number> {
  const answer = await (await open(context)).post("/api/suites", await readJson(context.use, file));
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `added ${textAt(answer, "id")}\n` });
  return exitCodes.ok;
}

interface BesideOptions {
  readonly share?: string;
  readonly reason?: string;
  readonly promote?: string;
  readonly withdraw?: string;
}

function registerBeside(group: Command, context: GroupContext): void {
  group
    .command("beside")
    .description("let a new version of a persona do a share of its work beside the present one, or end that")
    .argument("<persona>", "key, such as senior_architect", reference)
    .argument("[file]", "the new version as JSON, as xvc persona show gives it; - is standard input")
    .option("--share <part>", "of its tasks, 0.01 to 0.9; not said: 0.2")
    .option("--promote <id>", "make this version the persona", reference)
    .option("--withdraw <id>", "give all tasks to the old version again", reference)
    .option("--reason <text>", "why; it stays on record")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc persona beside ux_designer designer.json --share 0.2 --reason "Shorter texts"\n  $ xvc persona beside ux_designer --promote 0198c2a4-7e55-7c3f-9a10-000000000042 --reason "It holds"\n',
    )
    .action(
      context.act((persona: string, file: string | undefined, options: BesideOptions) => beside(context, { persona, file }, options)),
    );
}

async function beside(
  context: GroupContext,
  { persona, file }: { readonly persona: string; readonly file: string | undefined },
  { share = "0.2", reason = "", promote, withdraw }: BesideOptions,
): Promise<number> {
  const client = await open(context);
  const ended = promote ?? withdraw;
  if (ended !== undefined) {
    const act = promote === undefined ? "withdraw" : "promote";
    const answer = await client.post(`/api/candidacies/${segment(ended)}/${act}`, { reason });
    printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "state")}\n` });
    return exitCodes.ok;
  }
  if (file === undefined) throw usage("usage.file-missing", "Name the file with the new version, or --promote or --withdraw with an id.");
  const said = objectAt({ said: await readJson(context.use, file) }, "said");
  const library = objectAt(said, "persona_library");
  const body = { persona: Object.hasOwn(library, persona) ? objectAt(library, persona) : said, share: Number(share), reason };
  const answer = await client.post(`/api/personas/${segment(persona)}/candidacy`, body);
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `runs beside: ${textAt(answer, "id")}\n` });
  return exitCodes.ok;
}
