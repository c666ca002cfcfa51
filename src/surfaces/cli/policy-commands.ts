import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, note, objectAt, oneLine, printAnswer, table, textAt } from "./output.ts";
import { readText, segment } from "./values.ts";

interface ProposeOptions {
  readonly statement: string;
  readonly reason: string;
}

/** Policies: who may decide what. */
export function registerPolicy(group: Command, context: GroupContext): void {
  registerReading(group, context);
  registerChanging(group, context);
}

function registerReading(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list policies in force and proposed")
    .option("--all", "also those that were rejected, superseded or withdrawn")
    .addHelpText("after", "\nExamples:\n  $ xvc policy list\n  $ xvc policy list --all --json\n")
    .action(context.act((options: { readonly all?: true }) => list(context, options.all === true)));
  group
    .command("show")
    .description("show a policy's text and versions")
    .argument("<policy>", "key, or key@version")
    .addHelpText("after", "\nExamples:\n  $ xvc policy show plan-approvers\n  $ xvc policy show plan-approvers@1\n")
    .action(context.act((policy: string) => show(context, policy)));
  group
    .command("check")
    .description("check a policy file; needs no server")
    .argument("<file>", "a file with one Cedar statement; - is standard input")
    .addHelpText("after", "\nExamples:\n  $ xvc policy check directors.cedar\n")
    .action(context.act((file: string) => check(context, file)));
  group
    .command("diff")
    .description("show which recorded decisions a policy would have refused")
    .argument("<policy>", "a proposed policy's key or key@version, or the key that a file is for")
    .argument("[file]", "a file with the text to try; - is standard input")
    .addHelpText("after", "\nExamples:\n  $ xvc policy diff plan-approvers@2\n  $ xvc policy diff plan-approvers directors.cedar\n")
    .action(context.act((policy: string, file: string | undefined) => diff(context, policy, file)));
}

function registerChanging(group: Command, context: GroupContext): void {
  group
    .command("propose")
    .description("propose a policy, or the next version of one, for a second person to agree to")
    .argument("<key>", "the policy's key, such as plan-approvers")
    .argument("<file>", "a file with one Cedar statement; - is standard input")
    .requiredOption("--statement <sentence>", "what it does, in one sentence for people")
    .requiredOption("--reason <text>", "why; kept with the policy")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc policy propose plan-approvers directors.cedar --statement "Directors approve plans." --reason "Leads are new."\n',
    )
    .action(context.act((key: string, file: string, options: ProposeOptions) => propose(context, { key, file, ...options })));
  group
    .command("adopt")
    .description("propose a shipped policy that this organization never had; xvc policy list names them")
    .argument("<key>", "the policy's key, such as deciders")
    .addHelpText("after", "\nExamples:\n  $ xvc policy adopt deciders\n")
    .action(context.act((key: string) => adopt(context, key)));
  group
    .command("agree")
    .description("agree to a proposed policy, or to a wished withdrawal")
    .argument("<policy>", "key@version")
    .option("--confirm <name>", "deciding alone: type the policy's name, key@version")
    .addHelpText("after", "\nExamples:\n  $ xvc policy agree plan-approvers@2\n")
    .action(
      context.act((policy: string, options: { readonly confirm?: string }) =>
        change(context, { policy, act: "agree", body: options.confirm === undefined ? {} : { confirm: options.confirm } }),
      ),
    );
  for (const [act, description] of [
    ["reject", "turn down a proposed policy, or a wished withdrawal"],
    ["withdraw", "wish a policy in force withdrawn; a second person agrees"],
  ] as const)
    group
      .command(act)
      .description(description)
      .argument("<policy>", "key@version")
      .requiredOption("--reason <text>", "why; kept with the policy")
      .addHelpText("after", `\nExamples:\n  $ xvc policy ${act} plan-approvers@2 --reason "Too strict."\n`)
      .action(context.act((policy: string, { reason }: { readonly reason: string }) => change(context, { policy, act, body: { reason } })));
}

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: true, port: context.flags().port });

/** `key@2` as a path may carry it. */
const named = (policy: string): string => segment(policy.replace("@", "."));

/** @throws {Failure} `policy.not-missing` */
async function adopt(context: GroupContext, key: string): Promise<number> {
  const client = await open(context);
  const found = listAt(await client.get("/api/policies"), "missing").find((policy) => policy["key"] === key);
  if (found === undefined)
    throw new Failure("not-found", "policy.not-missing", {
      message: `No shipped policy called "${key.slice(0, 64)}" is missing here. xvc policy list names those that are.`,
    });
  return proposeText(context, {
    key,
    text: textAt(found, "text"),
    statement: textAt(found, "statement"),
    reason: "It ships with the product and this organization was founded before it.",
  });
}

async function list(context: GroupContext, all: boolean): Promise<number> {
  const document = await (await open(context)).get(`/api/policies${all ? "?all=true" : ""}`);
  const rows = listAt(document, "items");
  printAnswer(context.use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        context.use.streams,
        ["POLICY", "STATE", "SAYS"],
        rows.map((row) => [
          textAt(row, "name"),
          row["withdrawal"] === null ? textAt(row, "state") : "withdrawal wished",
          textAt(row, "statement"),
        ]),
      ),
  });
  const missing = listAt(document, "missing").map((policy) => textAt(policy, "key"));
  if (missing.length > 0)
    note(context.use.streams, context.flags(), `Shipped, and never here: ${missing.join(", ")}. xvc policy adopt proposes one.`);
  return exitCodes.ok;
}

async function show(context: GroupContext, policy: string): Promise<number> {
  const document = await (await open(context)).get(`/api/policies/${named(policy)}`);
  const shown = objectAt(document, "policy");
  const versions = listAt(document, "versions").map((one) => `${textAt(one, "name")} ${textAt(one, "state")}`);
  printAnswer(context.use.streams, context.flags(), {
    document,
    people: () =>
      `${textAt(shown, "name")}  ${textAt(shown, "state")}\n${oneLine(textAt(shown, "statement"))}\n\n${textAt(shown, "text")}\n\nversions: ${versions.join(", ")}\n`,
  });
  return exitCodes.ok;
}

async function check(context: GroupContext, file: string): Promise<number> {
  const { use } = context;
  const problems = await use.system.checkPolicy(await readText(use, file));
  printAnswer(use.streams, context.flags(), {
    document: { schema: "xvc.policy-check/1", problems: problems.map((problem) => ({ ...problem })) },
    people: () =>
      problems.length === 0 ? "valid\n" : problems.map(({ line, column, message }) => `${line}:${column}  ${oneLine(message)}\n`).join(""),
  });
  return problems.length === 0 ? exitCodes.ok : exitCodes.usage;
}

async function diff(context: GroupContext, policy: string, file: string | undefined): Promise<number> {
  const { use } = context;
  if (file !== undefined && policy.includes("@"))
    throw new Failure("invalid", "usage.two-values", { message: "A file is tried in the place of a key, without a version." });
  const client = await open(context);
  const document =
    file === undefined
      ? await client.get(`/api/policies/${named(policy)}/diff`)
      : await client.post("/api/policy-change-check", { key: policy, text: await readText(use, file) });
  const rows = listAt(document, "flips");
  printAnswer(use.streams, context.flags(), { document, rows, people: () => diffText(use.streams, document) });
  return exitCodes.ok;
}

const verdictText = (verdict: JsonObject): string => {
  const [names, errors] = [verdict["policies"], verdict["errors"]].map((list) => (Array.isArray(list) ? list.map(String).join(", ") : ""));
  const by = errors === "" || errors === undefined ? (names ?? "") : errors;
  return `${verdict["allowed"] === true ? "may" : "may not"}${by === "" ? "" : ` (${by})`}`;
};

function diffText(streams: GroupContext["use"]["streams"], document: JsonObject): string {
  const line = (row: JsonObject, what: string): readonly string[] => [
    textAt(objectAt(row, "who"), "name"),
    textAt(row, "action"),
    textAt(row, what),
    `${verdictText(objectAt(row, "before"))} -> ${verdictText(objectAt(row, "after"))}`,
  ];
  const flips = listAt(document, "flips").map((row) => line(row, "question"));
  const reach = listAt(document, "reach").map((row) => line(row, "example"));
  const count = (name: string): string => String(Number(document[name]));
  return [
    `${count("flipCount")} of ${count("replayed")} decisions on record would have been refused\n`,
    table(streams, ["WHO", "ACTION", "QUESTION", "CHANGE"], flips),
    `${count("reachCount")} times a member could decide otherwise from now on\n`,
    table(streams, ["WHO", "ACTION", "SUCH AS", "CHANGE"], reach),
  ].join("");
}

async function propose(context: GroupContext, given: ProposeOptions & { readonly key: string; readonly file: string }): Promise<number> {
  const { key, statement, reason, file } = given;
  return proposeText(context, { key, statement, reason, text: await readText(context.use, file) });
}

async function proposeText(
  context: GroupContext,
  policy: ProposeOptions & { readonly key: string; readonly text: string },
): Promise<number> {
  const answer = await (await open(context)).post("/api/policies", { ...policy });
  const name = textAt(objectAt(answer, "details"), "name");
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${name} proposed; another administrator or director agrees with xvc policy agree ${name}\n`,
  });
  return exitCodes.ok;
}

async function change(
  context: GroupContext,
  asked: { readonly policy: string; readonly act: "agree" | "reject" | "withdraw"; readonly body: JsonObject },
): Promise<number> {
  const client = await open(context);
  const answer = await client.post(`/api/policies/${named(asked.policy)}/${asked.act}`, asked.body);
  const details = objectAt(answer, "details");
  const wished = asked.act === "withdraw" ? "withdrawal wished; another administrator or director agrees" : textAt(details, "state");
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(details, "name")} ${wished}\n` });
  return exitCodes.ok;
}
