/*
 * Tokens per task of what a performer is told, against handing over the whole history of the project, and against the newest of it.
 *
 * A generated organization has finished work and tasks for which six pieces are planted at random times among all else, each with a mark
 * that stands nowhere else: a decision that binds the request, a decision of the project, a fact of a vendor that the task names, what a
 * finished task on the same topic was sent back for, a paragraph of what the task before gave, and a paragraph of an input. The sentence
 * with the mark shares two words of the trade with the task, as sentences beside it do; the mark is no word of the task. Recall is the
 * share of marks that are in what is told. Tokens are estimated as characters / 4 on every side.
 */
import process from "node:process";
import { type ContextPack, packLimits, renderPack } from "../src/core/memory/context-pack.ts";
import { estimateTokens } from "../src/core/memory/shorten-text.ts";
import { buildContext } from "../src/engine/memory/context-view.ts";
import { type Figure, bounded, quantile, say, tell } from "./support/figures.ts";
import { type PlantedOrganization, type PlantedTask, plantOrganization, plantedWhere } from "./support/planted-organization.ts";
import type { HistoryItem } from "./support/written-rows.ts";

const size = { requests: Number(process.env["BENCH_REQUESTS"] ?? "150"), tasksPerRequest: 5, planted: 20, others: 300 };
/** Organizations of their own seeds; none of them was looked at while the weights were chosen, which used seed 1. */
const seeds = (process.env["BENCH_SEEDS"] ?? "11,12,13,14,15").split(",").map(Number);
const budgets = [1_000, 2_000, 4_000, packLimits.defaultTokens];

interface Told {
  readonly recall: number;
  readonly tokens: number;
}

const recallOf = (text: string, { required }: PlantedTask): number =>
  required.filter(({ mark }) => text.includes(mark)).length / required.length;

async function packOf(organization: PlantedOrganization, { taskId }: PlantedTask, budgetTokens: number): Promise<ContextPack> {
  const { store, scope, content, digest, nowMs } = organization;
  const built = await store.read(scope, (reader) => buildContext(reader, { taskId, content, digest, nowMs, budgetTokens }));
  if ("neededTokens" in built) throw new Error(built.message);
  return built.pack;
}

/** The task itself, then whatever is newest and fits. */
function newestFirst(history: readonly HistoryItem[], task: PlantedTask, budgetTokens: number): Told {
  const own = history.find(({ id }) => id === task.taskId);
  let text = own?.text ?? "";
  for (const item of history.toReversed()) {
    const longer = `${text}\n\n${item.text}`;
    if (item !== own && estimateTokens(longer) <= budgetTokens) text = longer;
  }
  return { recall: recallOf(text, task), tokens: estimateTokens(text) };
}

/** How many tokens of the newest it takes until as much is found. */
function tokensUntil(history: readonly HistoryItem[], task: PlantedTask, recall: number): number {
  const missing = new Set(task.required.map(({ mark }) => mark));
  const wanted = Math.round(recall * missing.size);
  const all = missing.size;
  let chars = 0;
  for (const { text } of history.toReversed()) {
    if (all - missing.size >= wanted) break;
    chars += text.length + 2;
    for (const mark of missing) if (text.includes(mark)) missing.delete(mark);
  }
  return Math.ceil(chars / 4);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

interface Row {
  readonly budget: number;
  readonly ours: Told;
  readonly newest: Told;
  readonly untilEqual: number;
  readonly found: readonly string[];
}

const rows: Row[] = [];
const asJson: number[] = [];
const asText: number[] = [];
const buildMs: number[] = [];
for (const seed of seeds) {
  const organization = await plantOrganization({ ...size, seed });
  say(`  seed ${seed}: ${organization.history.length} rows`);
  asJson.push(Math.ceil(organization.history.reduce((sum, { json, text }) => sum + (json === "" ? text : json).length, 0) / 4));
  asText.push(Math.ceil(organization.history.reduce((sum, { text }) => sum + text.length + 2, 0) / 4));
  for (const task of organization.planted) {
    for (const budget of budgets) {
      const startedMs = performance.now();
      const pack = await packOf(organization, task, budget);
      buildMs.push(performance.now() - startedMs);
      const text = renderPack(pack);
      const ours = { recall: recallOf(text, task), tokens: pack.tokens };
      rows.push({
        budget,
        ours,
        newest: newestFirst(organization.history, task, budget),
        untilEqual: tokensUntil(organization.history, task, ours.recall),
        found: task.required.filter(({ mark }) => text.includes(mark)).map(({ where }) => where),
      });
    }
  }
}

const n = `n = ${seeds.length * size.planted} tasks of ${seeds.length} organizations`;

function figuresOf(budget: number): readonly Figure[] {
  const here = rows.filter((row) => row.budget === budget);
  const tokens = mean(here.map(({ ours }) => ours.tokens));
  const untilEqual = mean(here.map((row) => row.untilEqual));
  const recall: Figure = {
    name: `budget ${budget}: recall of the pack`,
    value: mean(here.map(({ ours }) => ours.recall)),
    unit: "",
    note: n,
  };
  return [
    budget === packLimits.defaultTokens ? bounded(recall, { atLeast: 0.95 }) : recall,
    {
      name: `budget ${budget}: recall of the newest`,
      value: mean(here.map(({ newest }) => newest.recall)),
      unit: "",
      note: `${mean(here.map(({ newest }) => newest.tokens)).toFixed(0)} tokens`,
    },
    {
      name: `budget ${budget}: tokens of the pack`,
      value: tokens,
      unit: "tokens",
      note: `the whole history as text is ${(mean(asText) / tokens).toFixed(0)} times that, as rows ${(mean(asJson) / tokens).toFixed(0)} times`,
    },
    {
      name: `budget ${budget}: newest until equal recall`,
      value: untilEqual,
      unit: "tokens",
      note: `${(untilEqual / tokens).toFixed(0)} times the pack`,
    },
  ];
}

const figures: Figure[] = [
  { name: "full history as rows and events: tokens", value: mean(asJson), unit: "tokens", note: "recall 1 by construction" },
  { name: "full history as plain text: tokens", value: mean(asText), unit: "tokens", note: "recall 1 by construction" },
];
for (const budget of budgets) figures.push(...figuresOf(budget));
const atDefault = rows.filter((row) => row.budget === packLimits.defaultTokens);
for (const where of plantedWhere)
  figures.push({
    name: `found at budget ${packLimits.defaultTokens}: ${where}`,
    value: mean(atDefault.map(({ found }) => (found.includes(where) ? 1 : 0))),
    unit: "",
  });
figures.push({
  name: "building a pack, store in memory: p50",
  value: quantile(buildMs, 0.5),
  unit: "ms",
  note: `p95 ${quantile(buildMs, 0.95).toFixed(0)} ms`,
});
await tell("context", figures);
