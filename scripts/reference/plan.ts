import { planLimits } from "../../src/core/planning/check-plan.ts";
import { readPlan } from "../../src/core/planning/read-plan.ts";
import { readPlaybook } from "../../src/core/planning/read-playbook.ts";
import { maxLibraryPersonas, readLibrary } from "../../src/core/personas/read-library.ts";
import { draftLimits } from "../../src/core/requests/decide-submission.ts";
import { wireLimits } from "../../src/contract/fields.ts";
import type { Json, JsonObject } from "../../src/core/shared/json.ts";
import { cell, heading } from "./sources.ts";

type Lines = { readonly [field: string]: string };

const planLines: Lines = {
  schema: "always `xvc.plan/1`",
  request: "what the plan is for, in words",
  version: "counted by the product; what is written here is replaced",
  decomposition: "the tasks, in an order for people; what runs first follows from `dependencies`",
  estimated_timeline: "what was asked or stated; kept and exported unchanged, never computed",
  resource_requirements: "stated needs; kept unchanged",
  currency: "of every amount in the plan; the organization's when absent",
  deliverable: "names of outputs that make up the deliverable; absent: the outputs of tasks nobody depends on",
};

const taskLines: Lines = {
  task: "the key of the task, unique in the plan",
  title: "for people; the key with spaces when absent",
  persona: "the persona that is meant to do it",
  dependencies: "keys of tasks that have to pass first",
  skills: "what a performer should have; counts when another one is chosen",
  tools: "as `skills`",
  inputs: "inputs of the request, or outputs of other tasks; an empty list is shown every input",
  outputs: "what is handed in; one Markdown file named after the task when absent",
  estimate: "hours of work: `lowHours` and `highHours` are the 10 % and 90 % quantiles, `likelyHours` lies between",
  costMicro: "stated cost in micro-units of the currency",
  acceptance: "criteria, each with `id`, `statement` and `check`; one per output when absent",
  risk: "`low`, `medium` or `high`",
  origin: "where the task came from",
  review:
    "`checks`: automatic checks suffice; `independent`: another performer judges as well; `person`: a person does. `checks` when criteria are given, else `independent`",
  maxAttempts: "submissions and failures until a person is asked, 1 to 20",
};

const optionalTaskLines: Lines = {
  executor:
    "`rules`, `human`, `scripted`, `model`, `agent` or `remote`; narrows the persona's own list. `model`, `agent` and `remote` do not run yet",
  outputSchema: "JSON schema of the form a person fills in; absent: one text per output",
  division: "the division the task belongs to",
};

const personaLines: Lines = {
  key: "the name of the entry: lower-case letters, digits, `-` and `_`",
  personaVersion: "written as `version`; a change needs a higher one",
  worldview: "how it looks at work",
  specializations: "what it is good at; counts as a skill when a performer is chosen",
  tools: "tools it has; counts when a performer is chosen",
  skills: "skills it has; counts when a performer is chosen",
  division: "the division it belongs to",
  executors: "how it works, tried in order",
  costPerHourMicro: "micro-units of the organization's currency per hour",
  capacity: "how many tasks it takes at once; used by the forecast",
};

const optionalPersonaLines: Lines = {
  worldviewText: "how it looks at its work, in its own words; what a model is told. At most 20,000 characters",
  checks:
    "what its worldview adds for whoever judges a result: `id`, `kind` (`rule`: it holds or the result is sent back; `question`: it is answered), `statement`",
  languages: "language tags; the first is written in unless the task says otherwise",
  attemptsWith: "per executor, the attempts of one task after which the next executor is taken; the last one never makes way",
  tokenRates: "`inputMicro`, `outputMicro`: what a million tokens is planned to cost; what is booked, the price tables say",
  limits:
    "the most it may ever ask for, whatever it is given: `tools`, `effectKinds`, `ranges` (per tool and argument, `one-of` with `values` or `between` with `min` and `max`)",
  reviews: "whose results it may judge: tasks of one of the `divisions` or with one of the `skills`; absent: whatever it knows",
  context: "what it is told: `budgetTokens`, `leaveOut` (kinds of pieces that are not told unless they bind)",
};

const playbookLines: Lines = {
  name: "lower-case letters, digits, `-` and `_`",
  playbookVersion: "written as `version`; a version is never edited",
  division: "the division it belongs to",
  matches: "phrases; a request that contains one as whole words is done by this playbook, the longest phrase first",
  inputs: "what the request has to bring: `name`, `kind` (`git-repository`, `folder`, `file`, several with `|`), `required`",
  deliverable: "as in a plan",
  plan: "an `xvc.plan/1` document",
};

const checkLines: Lines = {
  output: "`output`, `mediaType?`: the output is there, is not empty and has the type",
  schema: "`output`, `schema`: the output is JSON that fits the JSON schema",
  rule: "`rule`, `output?`: a named rule of a division over the outputs of this task and of those it builds on",
  command: "`run`: a shell command over the outputs, in the sandbox; exit code 0 passes. Without a sandbox a plan with one is refused",
  reviewer: "`reviewer`: a named program judges; `recount` is the one that exists",
  person: "`question`: a person judges and gives a reason",
};

function fieldRows(title: string, lines: Lines, read: object): readonly string[] {
  const missing = [
    ...Object.keys(read)
      .filter((field) => lines[field] === undefined)
      .map((field) => `${title}: ${field} has no line in plan.ts`),
    ...Object.keys(lines)
      .filter((field) => !(field in read))
      .map((field) => `${title}: plan.ts describes ${field}, which is not read`),
  ];
  if (missing.length > 0) throw new Error(missing.join("\n"));
  return [
    `### ${title}`,
    "",
    "| field | when absent | meaning |",
    "|---|---|---|",
    ...Object.entries(lines).map(
      ([field, line]) =>
        `| \`${field}\` | ${required.has(`${title} ${field}`) ? "required" : defaultOf((read as JsonObject)[field])} | ${cell(line)} |`,
    ),
    "",
  ]; // plain JSON, as read
}

const required: ReadonlySet<string> = new Set([
  "A plan decomposition",
  "A task task",
  "A task persona",
  "An entry key",
  "An entry worldview",
  "A playbook name",
  "A playbook plan",
]);

const defaultOf = (value: Json | undefined): string => (value === undefined || value === "" ? "" : `\`${cell(JSON.stringify(value))}\``);

/** The least that can be read, so that everything else shows its default. */
const leastTask = { task: "one_task", persona: "somebody", dependencies: [] };

/** The reference page; the defaults in it are those the real readers fill in. @throws when a reader gives other fields */
export function planPage(): string {
  const least = readPlan({ decomposition: [leastTask] }, "person:you", "EUR").document;
  const full = readPlan({ decomposition: [leastTask], deliverable: ["one_task.md"] }, "person:you", "EUR").document;
  const [task] = least.decomposition;
  const [persona] = readLibrary({ persona_library: { somebody: { worldview: "Careful." } } }).personas;
  const playbook = readPlaybook({ decomposition: [leastTask], request: "One task" });
  if (task === undefined || persona === undefined || playbook.kind === "problems")
    throw new Error("the least plan, persona or playbook is not read");
  return [
    ...heading(
      "Plans, playbooks, personas",
      "What people and programs write, with the defaults that the readers of the product fill in. The samples in `examples/` are read by a test.",
    ),
    "`xvc plan check FILE` judges a plan, a playbook or a checklist without a server. Wrong types are problems, never guesses; fields that are not listed are ignored.",
    "",
    "## xvc.plan/1",
    "",
    "Only `decomposition` is needed, with `task`, `persona` and `dependencies` in each entry.",
    "",
    ...fieldRows("A plan", planLines, { ...full, deliverable: "", request: "" }),
    ...fieldRows("A task", taskLines, task),
    "### Also in a task",
    "",
    "| field | meaning |",
    "|---|---|",
    ...Object.entries(optionalTaskLines).map(([field, line]) => `| \`${field}\` | ${cell(line)} |`),
    "",
    "### The kinds of check",
    "",
    "| kind | fields and meaning |",
    "|---|---|",
    ...Object.entries(checkLines).map(([kind, line]) => `| \`${kind}\` | ${cell(line)} |`),
    "",
    "An exported plan also carries `forecast`: `p50Hours`, `p80Hours`, `p90Hours`, `criticalPath`, `costMicro`; see [scheduling](../explanation/scheduling.md).",
    "",
    "## A checklist",
    "",
    "One list item of a Markdown file is one task for a person. Details stand in brackets at the end of the line: `key`, `persona`, `after` (keys, or `nothing`), `hours` (one number, or low-likely-high), `makes` (names of outputs). Without `after` an item follows the one above it; one number of hours means half of it to two and a half times it.",
    "",
    "## xvc.playbook/1",
    "",
    ...fieldRows("A playbook", playbookLines, { ...playbook.playbook, matches: [] }),
    "A bare plan, such as the one of the vision, is a playbook too: it is named after its `request`, which is also the phrase it matches.",
    "",
    "## xvc.personas/1",
    "",
    "An object `persona_library` with one entry per persona.",
    "",
    ...fieldRows("An entry", personaLines, persona),
    "### Also in an entry",
    "",
    "| field | meaning |",
    "|---|---|",
    ...Object.entries(optionalPersonaLines).map(([field, line]) => `| \`${field}\` | ${cell(line)} |`),
    "",
    "A field that does not fit is a problem; a field that is not listed is kept as it is and said when the persona is imported.",
    "",
    ...limits(),
  ].join("\n");
}

const limits = (): readonly string[] => [
  "## Limits",
  "",
  "More is refused, never cut.",
  "",
  "| what | at most |",
  "|---|---|",
  `| tasks of a plan | ${planLimits.tasks} |`,
  `| dependencies of a task | ${planLimits.dependenciesPerTask} |`,
  `| criteria of a task | ${planLimits.criteriaPerTask} |`,
  `| characters of a task's key | ${planLimits.keyLength} |`,
  `| personas of a library | ${maxLibraryPersonas} |`,
  `| characters of a request's title | ${draftLimits.titleLength} |`,
  `| characters of a request's text | ${draftLimits.textLength} |`,
  `| inputs of a request | ${draftLimits.inputs} |`,
  `| bytes of a JSON body over HTTP | ${wireLimits.bodyBytes} |`,
  `| characters of a plan written as Markdown | ${wireLimits.documentChars} |`,
  "",
];
