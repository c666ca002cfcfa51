import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { CliDependencies, Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, printAnswer, table, textAt } from "./output.ts";
import { findPerson } from "./find-person.ts";
import { amount, collect, readText, reference, segment } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: true, port: context.flags().port });

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

interface WhoseOptions {
  readonly mine?: boolean;
}

const ownerOf = (options: WhoseOptions): string => (options.mine === true ? "me" : "organization");

/** Working hours, holidays and absences. */
export function registerCalendar(group: Command, context: GroupContext): void {
  group
    .command("show")
    .description("working hours, holidays and absences")
    .option("--mine", "your own instead of the organization's")
    .addHelpText("after", "\nExamples:\n  $ xvc calendar show --mine\n")
    .action(context.act((options: WhoseOptions) => show(context, options)));
  group
    .command("set")
    .description("set the time zone and the weekly hours")
    .argument("<zone>", "such as Europe/Berlin")
    .option("--hours <span>", "such as mon-fri=09:00-17:00; may be repeated", collect)
    .option("--mine", "your own instead of the organization's")
    .addHelpText("after", "\nExamples:\n  $ xvc calendar set Europe/Berlin --hours mon-thu=09:00-17:00 --hours fri=09:00-13:00\n")
    .action(context.act((zone: string, options: WhoseOptions & { readonly hours?: readonly string[] }) => set(context, zone, options)));
  group
    .command("import")
    .description("add holidays from an .ics file: its all-day events")
    .argument("<file>", "the file; - is standard input")
    .option("--replace", "take the place of the holidays that are there")
    .option("--mine", "your own instead of the organization's")
    .addHelpText("after", "\nExamples:\n  $ xvc calendar import holidays.ics\n")
    .action(context.act((file: string, options: WhoseOptions & { readonly replace?: boolean }) => importFile(context, file, options)));
  group
    .command("absent")
    .description("note a time away, with who decides in your place")
    .argument("<from>", "first day, such as 2031-07-01")
    .argument("<to>", "last day")
    .option("--substitute <person>", "name, e-mail address or id")
    .option("--reason <text>", "shown beside the absence")
    .addHelpText("after", "\nExamples:\n  $ xvc calendar absent 2031-07-01 2031-07-14 --substitute Lee\n")
    .action(context.act((from: string, to: string, options: AbsentOptions) => absent(context, { from, to, ...options })));
  group
    .command("present")
    .description("take an absence back")
    .argument("<absence>", "id, from xvc calendar show --mine", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc calendar present 0198f3a2-1c5e-7abc-9def-0123456789ab\n")
    .action(context.act((absence: string) => present(context, absence)));
}

async function show(context: GroupContext, options: WhoseOptions): Promise<number> {
  const { use } = context;
  const client = await open(context);
  const calendar = await client.get(`/api/calendars/${ownerOf(options)}`);
  printAnswer(use.streams, context.flags(), {
    document: calendar,
    people: () =>
      [
        `${textAt(calendar, "zone")}${calendar["inherited"] === true ? " (not set here)" : ""}`,
        ...listAt(calendar, "week").map(
          (span) => `  ${days[Number(span["weekday"]) - 1] ?? ""} ${clockText(span["fromMinute"])}-${clockText(span["toMinute"])}`,
        ),
        ...listAt(calendar, "holidays").map((holiday) => `  ${textAt(holiday, "date")} ${textAt(holiday, "name")}`),
        ...listAt(calendar, "absences").map((absence) => absenceLine(use, absence)),
        "",
      ].join("\n"),
  });
  return exitCodes.ok;
}

function absenceLine(use: CliDependencies, absence: JsonObject): string {
  const { substitute } = absence;
  const who = substitute === null || typeof substitute !== "object" ? "nobody" : textAt(substitute as JsonObject, "name"); // a person by the contract
  const when = `${use.time.format(Number(absence["fromMs"]))} to ${use.time.format(Number(absence["toMs"]))}`;
  return `  away ${when}, ${who} stands in  ${textAt(absence, "id")}`;
}

const clockText = (minute: unknown): string =>
  `${String(Math.floor(Number(minute) / 60)).padStart(2, "0")}:${String(Number(minute) % 60).padStart(2, "0")}`;

async function set(context: GroupContext, zone: string, options: WhoseOptions & { readonly hours?: readonly string[] }): Promise<number> {
  const week = (options.hours ?? ["mon-fri=09:00-17:00"]).flatMap(spansOf);
  const answered = await (await open(context)).post(`/api/calendars/${ownerOf(options)}`, { zone, week });
  printAnswer(context.use.streams, context.flags(), {
    document: answered,
    people: () => `${zone}, ${week.length} spans of hours a week\n`,
  });
  return exitCodes.ok;
}

/** `mon-fri=09:00-17:00` as one span a day. @throws {Failure} `usage.hours` */
function spansOf(text: string): readonly { readonly weekday: number; readonly fromMinute: number; readonly toMinute: number }[] {
  const [, first = "", last = first, from = "", to = ""] =
    /^([a-z]{3})(?:-([a-z]{3}))?=(\d{1,2}:\d{2})-(\d{1,2}:\d{2})$/u.exec(text.toLowerCase()) ?? [];
  const [begin, end] = [days.indexOf(first), days.indexOf(last)];
  if (begin < 0 || end < begin) throw noSpan(text);
  const [fromMinute, toMinute] = [minuteOf(from), minuteOf(to)];
  return Array.from({ length: end - begin + 1 }, (_, index) => ({ weekday: begin + index + 1, fromMinute, toMinute }));
}

const noSpan = (text: string): Failure =>
  new Failure("invalid", "usage.hours", { message: `"${text.slice(0, 60)}" is no span of hours; write mon-fri=09:00-17:00.` });

function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * 60 + minutes;
}

async function importFile(context: GroupContext, file: string, options: WhoseOptions & { readonly replace?: boolean }): Promise<number> {
  const { use } = context;
  const ics = await readText(use, file);
  const client = await open(context);
  const read = await client.post(`/api/calendars/${ownerOf(options)}/holidays`, { ics, replace: options.replace === true });
  printAnswer(use.streams, context.flags(), {
    document: read,
    people: () =>
      [
        `${Number(read["count"])} days read, ${Number(read["total"])} holidays now`,
        ...listAt(read, "skipped").map((one) => `  left out: ${textAt(one, "name")}, because ${textAt(one, "reason")}`),
        "",
      ].join("\n"),
  });
  return exitCodes.ok;
}

interface AbsentOptions {
  readonly substitute?: string;
  readonly reason?: string;
}

async function absent(context: GroupContext, given: AbsentOptions & { readonly from: string; readonly to: string }): Promise<number> {
  const client = await open(context);
  const person = given.substitute === undefined ? undefined : await findPerson(client, given.substitute);
  const body = {
    fromMs: dayMs(context.use, given.from),
    toMs: dayMs(context.use, given.to) + 24 * 3_600_000,
    ...(given.reason === undefined ? {} : { reason: given.reason }),
    ...(person === undefined ? {} : { substituteId: textAt(person, "id") }),
  };
  const answered = await client.post("/api/absences", body);
  printAnswer(context.use.streams, context.flags(), {
    document: answered,
    people: () => `away from ${given.from} to ${given.to}${person === undefined ? "" : `, ${textAt(person, "name")} stands in`}\n`,
  });
  return exitCodes.ok;
}

/** The start of a day where the command runs. @throws {Failure} `usage.deadline` */
function dayMs(use: CliDependencies, text: string): number {
  const atMs = use.time.parse(text);
  if (atMs === undefined)
    throw new Failure("invalid", "usage.deadline", { message: `"${text.slice(0, 60)}" is no date; write 2031-07-01.` });
  return atMs;
}

async function present(context: GroupContext, absence: string): Promise<number> {
  const answered = await (await open(context)).post(`/api/absences/${segment(absence)}/remove`, {});
  printAnswer(context.use.streams, context.flags(), { document: answered, people: () => "absence taken back\n" });
  return exitCodes.ok;
}

interface GrantOptions {
  readonly until: string;
  readonly from?: string;
  readonly risk: string;
  readonly amount?: number;
  readonly project?: string;
  readonly reason?: string;
}

/** Standing delegations: who decides in whose place, and within which limits. */
export function registerDelegation(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("delegations you gave and received")
    .addHelpText("after", "\nExamples:\n  $ xvc delegation list\n")
    .action(context.act(() => listDelegations(context)));
  group
    .command("grant")
    .description("let somebody decide in your place")
    .argument("<person>", "name, e-mail address or id")
    .requiredOption("--until <day>", "last day, such as 2031-07-14")
    .option("--from <day>", "first day; without it, now")
    .option("--risk <risk>", "nothing riskier is decided under it: low, medium or high", "low")
    .option("--amount <money>", "nothing dearer is decided under it", amount)
    .option("--project <key>", "only in this project", reference)
    .option("--reason <text>", "kept with the delegation")
    .addHelpText("after", "\nExamples:\n  $ xvc delegation grant Lee --until 2031-07-14 --risk medium --project ENG\n")
    .action(context.act((person: string, options: GrantOptions) => grant(context, person, options)));
  group
    .command("revoke")
    .description("end a delegation at once")
    .argument("<delegation>", "id, from xvc delegation list", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc delegation revoke 0198f3a2-1c5e-7abc-9def-0123456789ab\n")
    .action(context.act((delegation: string) => revoke(context, delegation)));
}

async function listDelegations(context: GroupContext): Promise<number> {
  const { use } = context;
  const page = await (await open(context)).get("/api/delegations");
  const rows = [...listAt(page, "given"), ...listAt(page, "received")];
  printAnswer(use.streams, context.flags(), {
    document: page,
    rows,
    people: () =>
      table(
        use.streams,
        ["DELEGATION", "FROM", "TO", "UP TO RISK", "UNTIL", "NOW"],
        rows.map((row) => [
          textAt(row, "id"),
          textAt(row["from"] as JsonObject, "name"), // people by the contract
          textAt(row["to"] as JsonObject, "name"),
          textAt(row, "maxRisk"),
          use.time.format(Number(row["validToMs"])),
          row["active"] === true ? "holds" : "",
        ]),
      ),
  });
  return exitCodes.ok;
}

async function grant(context: GroupContext, who: string, options: GrantOptions): Promise<number> {
  const client = await open(context);
  const person = await findPerson(client, who);
  const project = options.project === undefined ? undefined : await findProject(client, options.project);
  const answered = await client.post("/api/delegations", {
    toId: textAt(person, "id"),
    validToMs: dayMs(context.use, options.until) + 24 * 3_600_000,
    maxRisk: options.risk,
    ...(options.from === undefined ? {} : { validFromMs: dayMs(context.use, options.from) }),
    ...(options.amount === undefined ? {} : { maxAmountMicro: options.amount }),
    ...(project === undefined ? {} : { projectId: project }),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  });
  printAnswer(context.use.streams, context.flags(), {
    document: answered,
    people: () => `${textAt(person, "name")} may decide in your place until ${options.until}, up to ${options.risk} risk\n`,
  });
  return exitCodes.ok;
}

async function findProject(client: Client, key: string): Promise<string> {
  const projects = listAt(await client.get("/api/projects"), "items");
  const found = projects.find((project) => textAt(project, "id") === key || textAt(project, "key") === key.toUpperCase());
  if (found !== undefined) return textAt(found, "id");
  throw new Failure("not-found", "project.not-found", { message: `There is no project ${key.slice(0, 80)}. xvc project list shows them.` });
}

async function revoke(context: GroupContext, delegation: string): Promise<number> {
  const answered = await (await open(context)).post(`/api/delegations/${segment(delegation)}/revoke`, {});
  printAnswer(context.use.streams, context.flags(), { document: answered, people: () => "delegation revoked\n" });
  return exitCodes.ok;
}
