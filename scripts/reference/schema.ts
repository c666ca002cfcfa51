import { heading, cell } from "./sources.ts";

export interface Table {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly rest: string }[];
  readonly constraints: readonly string[];
  readonly file: string;
}

/** A sentence per table; the schema's own comments say why, this says what. */
const lines: { readonly [table: string]: string } = {
  "xvc.command": "Every command that was decided, with its answer or refusal; the key makes a repeat harmless.",
  "xvc.event": "Every fact, append-only.",
  "xvc.history": "Every version of every row of every state table, written by trigger.",
  "xvc.checkpoint": "Seals over events and versions, each signed and bound to the one before; append-only.",
  "xvc.search_entry": "Each text that a searched row ever had, with the time it was that text; kept by triggers.",
  "xvc.search_vector": "What a provider of embeddings made of those texts, where one is set up; derived, made again when lost.",
  "xvc.search_word":
    "Words of each project with their stems, to find other forms of a word and those that look like a misspelled one; kept by triggers.",
  "xvc.organization": "The tenant.",
  "xvc.person": "Members.",
  "xvc.project": "Where requests live; a rehearsal's clock is `clock_at_ms`.",
  "xvc.persona": "The persona library.",
  "xvc.persona_proposal": "Personas and new versions of them that came from outside, as they wait for a person and what became of them.",
  "xvc.playbook": "Versions of playbooks; never edited.",
  "xvc.request": "Requests, with the epoch of their latest job.",
  "xvc.plan": "Versions of plans; `open_sinks` counts the tasks nobody depends on that are still open.",
  "xvc.task": "Tasks; `waiting_on` counts dependencies that have not passed.",
  "xvc.attempt": "Tries at a task, each with its epoch.",
  "xvc.review": "Judgements by somebody who did not do the work.",
  "xvc.effect": "The ledger of acts on the outside world.",
  "xvc.inbox_item": "What waits for a person.",
  "xvc.decision": "Decisions on record.",
  "xvc.fact": "What is taken to be true: one attribute of a subject, with its value over time.",
  "xvc.clock": "Commands that are sent when their time has come.",
  "xvc.deliverable": "What requests returned.",
  "xvc.calendar": "Office hours, holidays and absences of the organization or of a person.",
  "xvc.delegation": "Standing delegations: who decides in whose place, within which limits.",
  "xvc.policy": "Versions of policies: who may decide what.",
  "xvc.script": "Stored scripts, one row for each version.",
  "xvc.principle": "What the organization stands for.",
  "xvc.objective": "Goals with their key results.",
  "xvc.team": "People who work together.",
  "xvc.channel": "Ways to reach people outside the page.",
  "xvc.saved_view": "Lists as people like to see them.",
  "xvc.halt": "What stands still until a person lets it go on.",
  "xvc.provider": "Model providers: whose interface, where, which models, which projects may be sent there. Never a key.",
  "xvc.agent": "Coding agents that may be started here: by which protocol or command line, and which model each may reach.",
  "xvc.turn": "One call of a model in an attempt, with what it said and what its tools answered.",
  "xvc.budget": "What a scope may spend in a period, and how much of it is spent or reserved.",
  "xvc.suite": "Versions of suites of sample work by which personas qualify; never edited.",
  "xvc.qualification": "Runs of a suite by one version of a persona with one executor and model, trial by trial.",
  "xvc.autonomy": "Where a persona stands on the ladder for one type of task, with the outcomes it rests on.",
  "xvc.candidacy": "New versions of personas beside the old ones, with what was measured of both.",
  "xvc.price": "What a model costs, from an instant on.",
  "xvc.capability": "Which tools a persona may call, within which ranges, how often and until when.",
  "xvc.standing_grant": "What a person has said yes to beforehand: a tool, its targets, its content, a count, a cap and an end.",
  "xvc.tool_call": "Each call of a tool by a persona, with the reason of every step of the gate.",
  "xvc.tool_pin": "What people have said about a tool: the definition they agreed to, and how strictly it is let through.",
  "xvc.tool_server": "Servers outside that bring tools: a program or an address, and who added it. Never a token.",
  "xvc.outside_tool": "Tools of servers outside: each as it is described now, and as a person allowed it.",
  "xvc.provider_pace": "What goes through to a provider now, who waits for room, and what its vendor told.",
  "xvc.reservation": "What one call may use at most, and what it used: one row for each call.",
  "xvc.notice": "Messages on their way to channels, with their delivery log.",
  "xvc.comment": "What people say about requests, plans and tasks.",
  "xvc.recurrence": "Requests that are filed again by a calendar rule.",
  "xvc.entity_type": "What entities look like: one row for each version of a type's schema.",
  "xvc.entity": "Typed documents that people keep beside requests.",
  "xvc.tag": "Labels on anything: one row for each subject, key and value.",
  "xvc.relation": "Roles in which things stand to each other.",
  "xvc.epic": "Requests that belong together under one goal.",
  "xvc.sprint": "Boxes of time over tasks.",
  "xvc_system.tenant": "Which organizations there are, for sweepers that start from none.",
  "xvc_system.worker_lease": "Running workers and their last beat.",
  "xvc_system.session": "Signed-in browsers, by the hash of their secret.",
  "xvc_system.one_time_link": "Sign-in links, by the hash of their secret.",
  "xvc_system.person_key": "The key of each person, sealed by the installation's; destroyed by an erasure, and it stays destroyed.",
  "xvc_system.person_index": "Keyed hashes by which sealed columns are found, gone with the person's key.",
  "xvc_system.api_token": "Tokens of programs, by their hash.",
  "xvc_system.channel_secret": "Addresses and signing keys of channels, sealed with the installation's key.",
  "xvc_system.news_cursor": "How far the log was turned into messages.",
  "xvc_system.try_count": "Tries per key and window, such as sign-in links asked for one address; the key is a hash.",
  "xvc_system.upload": "Who brought in which content, so that nobody names content by its hash alone.",
  "xvc_system.probe": "The row that a health check writes and reads back.",
};

/** Tables of the migrations, in their order. Understands `create table` and `alter table ... add column`. */
export function tablesOf(migrations: readonly { readonly file: string; readonly text: string }[]): readonly Table[] {
  const tables: Table[] = [];
  for (const { file, text } of migrations) {
    const sql = text.replaceAll(/--[^\n]*/g, "");
    for (const [, name = "", body = ""] of sql.matchAll(/create table (?:if not exists )?([a-z_.]+) \(\n([\s\S]*?)\n\)/g))
      tables.push(tableOf(file, name, body));
    for (const [, name = "", column = ""] of sql.matchAll(/alter table ([a-z_.]+)\s+add column ([^;]+);/g)) {
      const at = tables.findIndex((table) => table.name === name);
      const known = tables[at];
      if (known !== undefined) tables[at] = { ...known, columns: [...known.columns, ...tableOf(file, name, column).columns] };
    }
  }
  return tables;
}

function tableOf(file: string, name: string, body: string): Table {
  const parts = splitTop(body);
  const isConstraint = (part: string): boolean => /^(?:primary key|foreign key|unique|check|constraint)\b/.test(part);
  return {
    file,
    name,
    columns: parts.filter((part) => !isConstraint(part)).map(columnOf),
    constraints: parts.filter(isConstraint),
  };
}

function columnOf(part: string): Table["columns"][number] {
  const [name = "", ...words] = part.split(" ");
  const at = words.findIndex((word) => ["not", "null", "default", "primary", "unique", "check", "generated", "references"].includes(word));
  return { name, type: (at === -1 ? words : words.slice(0, at)).join(" "), rest: at === -1 ? "" : words.slice(at).join(" ") };
}

/** Splits at commas that are in no parentheses. */
function splitTop(body: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const character of body) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === "," && depth === 0) {
      parts.push(part);
      part = "";
    } else part += character;
  }
  return [...parts, part].map((one) => one.replaceAll(/\s+/g, " ").trim()).filter((one) => one !== "");
}

/** The reference page. @throws when a table has no sentence, or a sentence no table */
export function schemaPage(tables: readonly Table[]): string {
  const names = new Set(tables.map((table) => table.name));
  const problems = [
    ...[...names].filter((name) => lines[name] === undefined).map((name) => `table ${name} has no line in schema.ts`),
    ...Object.keys(lines)
      .filter((name) => !names.has(name))
      .map((name) => `schema.ts describes ${name}, which no migration makes`),
  ];
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return [
    ...heading(
      "Schema",
      "From the files in `migrations/`. Every table of `xvc` has forced row security by organization and project; every state table writes each version of its rows into `xvc.history` by trigger.",
    ),
    "The durable engine keeps its own tables in the schema `dbos`; they hold ids of jobs and no payloads, and nothing reads them as a record.",
    "",
    ...tables.flatMap((table) => [
      `## ${table.name}`,
      "",
      `${lines[table.name] ?? ""} From \`migrations/${table.file}\`.`,
      "",
      "| column | type | more |",
      "|---|---|---|",
      ...table.columns.map((column) => `| \`${column.name}\` | ${cell(column.type)} | ${cell(column.rest)} |`),
      "",
      ...table.constraints.map((constraint) => `- \`${constraint}\``),
      "",
    ]),
  ].join("\n");
}
