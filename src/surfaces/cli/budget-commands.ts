import { type Command, InvalidArgumentError } from "commander";
import type { JsonObject } from "../../core/shared/json.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, objectAt, printAnswer, table, textAt } from "./output.ts";
import { amount, segment } from "./values.ts";

/** Budgets: what may be spent, what is spent, and what models cost. */
export function registerBudget(group: Command, context: GroupContext): void {
  group
    .command("list", { isDefault: true })
    .description("list budgets with what is spent, reserved and left")
    .addHelpText("after", "\nExamples:\n  $ xvc budget list\n")
    .action(context.act(() => list(context)));
  registerSet(group, context);
  group
    .command("withdraw")
    .description("take a limit away again")
    .argument("<budget>", "the budget's id")
    .requiredOption("--reason <text>", "why; it stays on record")
    .addHelpText("after", '\nExamples:\n  $ xvc budget withdraw 0198c2a4-7e55-7c3f-9a10-000000000042 --reason "No longer needed"\n')
    .action(context.act((budget: string, options: { readonly reason: string }) => withdraw(context, budget, options.reason)));
  group
    .command("show")
    .description("what a request has cost so far, with its parts")
    .argument("<request>", "the request, such as ENG-42")
    .addHelpText("after", "\nExamples:\n  $ xvc budget show ENG-42\n")
    .action(context.act((request: string) => show(context, request)));
  registerPrices(group, context);
}

interface SetFlags {
  readonly money?: number;
  readonly tokens?: number;
  readonly runs?: number;
  readonly seconds?: number;
  readonly total?: true;
  readonly windowHours?: number;
  readonly warnAt?: number;
  readonly holdAt?: number;
  readonly reason: string;
}

function registerSet(group: Command, context: GroupContext): void {
  group
    .command("set")
    .description("set what a scope may spend; what is not named has no limit")
    .argument(
      "<scope>",
      "organization, each-request, project:KEY, request:LABEL, task:LABEL, persona:KEY, provider:NAME or model:PROVIDER/MODEL",
    )
    .option("--money <amount>", "most money, in the organization's currency", amount)
    .option("--tokens <count>", "most tokens", whole)
    .option("--runs <count>", "most runs: attempts that are let begin to spend", whole)
    .option("--seconds <count>", "most seconds that calls may last together", whole)
    .option("--total", "count everything ever; otherwise a day, and a request or task as a whole")
    .option("--window-hours <hours>", "count what lies within the last hours, as subscriptions do", positive)
    .option("--warn-at <part>", "part of the cap from which it is said to be near its end, 0 to 1", positive)
    .option("--hold-at <part>", "part of the cap from which nothing new begins, 0 to 1", positive)
    .requiredOption("--reason <text>", "why; it stays on record")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc budget set organization --money 50 --reason "Release week"\n  $ xvc budget set each-request --money 5 --reason "Larger work"\n  $ xvc budget set provider:anthropic --tokens 2000000 --window-hours 5 --reason "The plan that we pay for"\n',
    )
    .action(context.act((scope: string, flags: SetFlags) => set(context, scope, flags)));
}

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: true, port: context.flags().port });

function whole(text: string): number {
  if (/^\d{1,15}$/u.test(text)) return Number(text);
  throw new InvalidArgumentError("It is no whole number of 0 or more.");
}

function positive(text: string): number {
  const value = Number(text);
  if (/^\d{1,6}(?:\.\d{1,6})?$/u.test(text) && value > 0) return value;
  throw new InvalidArgumentError("It is no number above 0.");
}

/** `project:ENG` as its two parts. @throws {Failure} `budget.bad-scope` */
function scopeOf(text: string): { readonly scope: string; readonly scopeId: string } {
  if (text === "organization") return { scope: "organization", scopeId: "" };
  if (text === "each-request") return { scope: "request", scopeId: "" };
  const [, scope = "", scopeId = ""] = /^(project|request|task|persona|provider|model):(.{1,200})$/u.exec(text) ?? [];
  if (scope !== "") return { scope, scopeId };
  throw new Failure("invalid", "budget.bad-scope", {
    message: `"${text.slice(0, 80)}" is no scope; write organization, each-request, project:KEY, request:LABEL, task:LABEL, persona:KEY, provider:NAME or model:PROVIDER/MODEL.`,
  });
}

const hourMs = 3_600_000;

function bodyOf(text: string, flags: SetFlags): JsonObject {
  const { scope, scopeId } = scopeOf(text);
  const { money = null, tokens = null, runs = null, seconds } = flags;
  const windowMs = flags.windowHours === undefined ? null : Math.round(flags.windowHours * hourMs);
  const caps = { costMicro: money, tokens, runs, wallMs: seconds === undefined ? null : seconds * 1_000 };
  return { scope, scopeId, period: periodOf(scope, flags), windowMs, caps, thresholds: thresholdsOf(flags), reason: flags.reason };
}

function periodOf(scope: string, { total, windowHours }: SetFlags): string {
  if (windowHours !== undefined) return "window";
  return total === true || scope === "request" || scope === "task" ? "total" : "day";
}

const thresholdsOf = ({ warnAt, holdAt }: SetFlags): JsonObject | null =>
  warnAt === undefined && holdAt === undefined ? null : { warnAt: warnAt ?? 0.8, holdAt: holdAt ?? null };

async function set(context: GroupContext, scope: string, flags: SetFlags): Promise<number> {
  const answer = await (await open(context)).post("/api/budgets", bodyOf(scope, flags));
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${scope} set\n` });
  return exitCodes.ok;
}

async function withdraw(context: GroupContext, budget: string, reason: string): Promise<number> {
  const answer = await (await open(context)).post(`/api/budgets/${segment(budget)}/withdraw`, { reason });
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${budget} withdrawn\n` });
  return exitCodes.ok;
}

const measures = [
  ["costMicro", "money"],
  ["tokens", "tokens"],
  ["runs", "runs"],
  ["wallMs", "seconds"],
] as const;

/** An amount in the unit that people type. */
const said = (measure: string, value: number): string =>
  measure === "costMicro" ? (value / 1_000_000).toFixed(2) : measure === "wallMs" ? String(Math.round(value / 1_000)) : String(value);

/** One line for each measure that a budget limits; of one without a limit, its money. */
function linesOf(row: JsonObject, currency: string): readonly (readonly string[])[] {
  const caps = objectAt(row, "caps");
  const limited = measures.filter(([measure]) => typeof caps[measure] === "number");
  return (limited.length === 0 ? [measures[0]] : limited).map(([measure, unit]) => {
    const amount = (name: string): number => Number(objectAt(row, name)[measure] ?? 0);
    const [spent, held, cap] = [amount("booked"), amount("reserved"), amount("caps")];
    const left = limited.length === 0 ? ["no limit", "-"] : [said(measure, cap), said(measure, Math.max(0, cap - spent - held))];
    return [
      textAt(row, "label"),
      textAt(row, "period"),
      unit === "money" ? currency : unit,
      left[0] ?? "",
      said(measure, spent),
      said(measure, held),
      left[1] ?? "",
      textAt(row, "level"),
      textAt(row, "id") || "-",
    ];
  });
}

async function list(context: GroupContext): Promise<number> {
  const { use } = context;
  const document = await (await open(context)).get("/api/budgets");
  const rows = listAt(document, "items");
  const lines = rows.flatMap((row) => linesOf(row, textAt(document, "currency")));
  printAnswer(use.streams, context.flags(), {
    document,
    rows,
    people: () => table(use.streams, ["BUDGET", "PERIOD", "UNIT", "CAP", "SPENT", "RESERVED", "LEFT", "STATE", "ID"], lines),
  });
  return exitCodes.ok;
}

async function show(context: GroupContext, request: string): Promise<number> {
  const { use } = context;
  const document = await (await open(context)).get(`/api/requests/${segment(request)}/spend`);
  const parts = listAt(document, "parts");
  const people = listAt(document, "people");
  const lines = [
    ...parts.map((part) => [
      textAt(part, "persona") || null,
      [textAt(part, "provider"), textAt(part, "model")].filter((name) => name !== "").join("/"),
      textAt(part, "calls"),
      textAt(part, "tokens"),
      said("costMicro", Number(part["costMicro"])),
    ]),
    ...people.map((part) => [
      textAt(objectAt(part, "person"), "name"),
      `${(Number(part["reportedMs"]) / hourMs).toFixed(1)} h reported`,
      textAt(part, "reports"),
      null,
      null,
    ]),
  ];
  printAnswer(use.streams, context.flags(), {
    document,
    people: () =>
      `${table(use.streams, ["WHO", "WITH", "N", "TOKENS", "COST"], lines)}${said("costMicro", Number(document["costMicro"]))} ${textAt(document, "currency")} in ${textAt(document, "calls")} calls\n`,
  });
  return exitCodes.ok;
}

interface PriceFlags {
  readonly input: number;
  readonly output: number;
  readonly cached?: number;
  readonly call?: number;
  readonly currency: string;
  readonly rate?: number;
  readonly source: string;
}

function registerPrices(group: Command, context: GroupContext): void {
  const prices = group.command("prices").description("what models cost");
  prices
    .command("list", { isDefault: true })
    .description("list prices, those in force marked")
    .addHelpText("after", "\nExamples:\n  $ xvc budget prices\n")
    .action(context.act(() => listPrices(context)));
  prices
    .command("set")
    .description("set what a model costs from now on")
    .argument("<model>", "PROVIDER/MODEL, the provider as it is called in Settings > Models")
    .requiredOption("--input <amount>", "for a million tokens of input", amount)
    .requiredOption("--output <amount>", "for a million tokens of output", amount)
    .option("--cached <amount>", "for a million tokens of input from the vendor's cache", amount)
    .option("--call <amount>", "for each call, whatever its length", amount)
    .requiredOption("--currency <code>", "the vendor's currency, such as USD")
    .option("--rate <amount>", "what one unit of it is in the organization's currency", amount)
    .requiredOption("--source <text>", "where the price stands")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc budget prices set local/small --input 0 --output 0 --currency EUR --source "our own machine"\n',
    )
    .action(context.act((model: string, flags: PriceFlags) => setPrice(context, model, flags)));
}

async function setPrice(context: GroupContext, name: string, flags: PriceFlags): Promise<number> {
  const at = name.indexOf("/");
  const body = {
    provider: name.slice(0, Math.max(0, at)),
    model: name.slice(at + 1),
    currency: flags.currency,
    inputMicro: flags.input,
    outputMicro: flags.output,
    cachedMicro: flags.cached ?? null,
    callMicro: flags.call ?? 0,
    rateMicro: flags.rate ?? 1_000_000,
    source: flags.source,
  };
  const answer = await (await open(context)).post("/api/prices", body);
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${name} priced\n` });
  return exitCodes.ok;
}

async function listPrices(context: GroupContext): Promise<number> {
  const { use } = context;
  const document = await (await open(context)).get("/api/prices");
  const rows = listAt(document, "items");
  printAnswer(use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        use.streams,
        ["MODEL", "INPUT", "OUTPUT", "CURRENCY", "FROM", "IN FORCE", "SOURCE"],
        rows.map((row) => [
          `${textAt(row, "provider")}/${textAt(row, "model")}`,
          said("costMicro", Number(row["inputMicro"])),
          said("costMicro", Number(row["outputMicro"])),
          textAt(row, "currency"),
          use.time.format(Number(row["fromMs"])),
          row["inForce"] === true ? "yes" : "no",
          textAt(row, "source"),
        ]),
      ),
  });
  return exitCodes.ok;
}
