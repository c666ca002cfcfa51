import type { Contender } from "./memory-contender.ts";
import { type Figure, bounded, quantile } from "./figures.ts";
import { areas, itemId, someWord, tagsOf, tiers } from "./memory-items.ts";
import type { Ours } from "./memory-ours.ts";

/** What is there to ask about: how many items, and the instants at which one item of each length of past was changed. */
export interface Filled {
  readonly items: number;
  readonly pasts: readonly { readonly versions: number; readonly id: string; readonly instantsMs: readonly number[] }[];
}

export interface Asked {
  readonly contender: Contender;
  readonly filled: Filled;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Answered for one size; `name` stays the same from size to size. */
export interface Answered {
  readonly name: string;
  readonly ours: Latency;
  readonly others: readonly { readonly name: string; readonly latency: Latency }[];
}

type Ask = (asked: Asked, call: number) => Promise<number>;

interface Question {
  readonly name: string;
  readonly ask: Ask;
  /** Found nothing: the question was wrong, and its time says nothing. */
  readonly mayMiss?: boolean;
  /** Only the product can be asked. */
  readonly oursOnly?: boolean;
}

/** The same stranger in every run. */
const pick = (call: number, below: number): number => (Math.imul(call + 1, 2_654_435_761) >>> 0) % below;

const asOf =
  (versions: number): Ask =>
  ({ contender, filled }, call) => {
    const past = filled.pasts.find((one) => one.versions === versions);
    return contender.asOf(past?.id ?? "", past?.instantsMs[pick(call, past.instantsMs.length)] ?? 0);
  };

const ref = (call: number, items: number) => tagsOf(pick(call, items)).slice(0, 1);
const ours = (contender: Contender): Ours => contender as Ours; // `oursOnly`

export const pastLengths = [1, 10, 100, 1_000] as const;

const questions: readonly Question[] = [
  { name: "read by id", ask: ({ contender, filled }, call) => contender.read(itemId(pick(call, filled.items))) },
  { name: "tag, one hit", ask: ({ contender, filled }, call) => contender.tagged(ref(call, filled.items)) },
  {
    name: "tag, 1 % of all, first 20",
    ask: ({ contender }, call) => contender.tagged([{ key: "area", value: `a${String(call % areas)}` }]),
  },
  {
    name: "two tags, first 20",
    ask: ({ contender }, call) =>
      contender.tagged([
        { key: "area", value: `a${String(call % areas)}` },
        { key: "tier", value: `t${String(call % tiers)}` },
      ]),
    mayMiss: true,
  },
  { name: "top 20 by time", ask: ({ contender }) => contender.newest() },
  ...pastLengths.map((versions) => ({ name: `as of, ${String(versions)} versions`, ask: asOf(versions) })),
  {
    name: "one row's past, 1000 versions",
    ask: ({ contender, filled }, call) => {
      const past = filled.pasts.at(-1);
      return ours(contender).asOfRow(past?.id ?? "", past?.instantsMs[pick(call, past.instantsMs.length)] ?? 0);
    },
    oursOnly: true,
  },
  {
    name: "tag, one hit, as of an instant",
    ask: ({ contender, filled }, call) => ours(contender).taggedAt(ref(call, filled.items), filled.pasts.at(-1)?.instantsMs[0] ?? 0),
    oursOnly: true,
  },
  {
    name: "100 changes since",
    ask: async ({ contender }) =>
      contender.changes(marks.get(contender) ?? marks.set(contender, await contender.mark()).get(contender) ?? ""),
  },
  { name: "search, one word, first 20", ask: ({ contender }, call) => contender.search(someWord(call)), mayMiss: true },
];

/** Where the changes that are asked for begin; asked for once, since that is no part of the question. */
const marks = new Map<Contender, string>();

async function time({ name, ask, mayMiss }: Question, asked: Asked, calls: number): Promise<Latency> {
  const times: number[] = [];
  for (let call = -5; call < calls; call++) {
    const startedMs = performance.now();
    const found = await ask(asked, Math.abs(call));
    if (call >= 0) times.push(performance.now() - startedMs);
    if (found === 0 && mayMiss !== true) throw new Error(`${asked.contender.name} found nothing: ${name}`);
  }
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** Every question to every contender, one after the other, so that whatever else the machine does meets them alike. */
export async function answer(mine: Asked, others: readonly Asked[], calls: number): Promise<readonly Answered[]> {
  const answered: Answered[] = [];
  marks.clear();
  for (const question of questions) {
    const latencies = [];
    for (const asked of question.oursOnly === true ? [mine] : [mine, ...others])
      latencies.push({ name: asked.contender.name, latency: await time(question, asked, calls) });
    const [first, ...rest] = latencies;
    if (first !== undefined) answered.push({ name: question.name, ours: first.latency, others: rest });
  }
  return answered;
}

const told = ({ p50, p99 }: Latency): string => `${p50.toFixed(2)} / ${p99.toFixed(2)}`;

/** The targets were set for a million versions; at smaller sizes the same bound is printed beside. */
export const latencyFigures = (size: string, answered: readonly Answered[]): readonly Figure[] =>
  answered.map(({ name, ours: { p50, p99 }, others }) => {
    const note = [`p50 ${p50.toFixed(2)} ms`, ...others.map((other) => `${other.name} ${told(other.latency)} ms`)].join("; ");
    const figure = { name: `${size}: ${name}: p99`, value: p99, unit: "ms", note };
    return name.startsWith("as of") || name.startsWith("tag") ? bounded(figure, { atMost: 5 }) : figure;
  });

/** How many times slower the median is from the smallest size to the largest, against the ratio of the logarithms. */
export function growthFigures(sizes: readonly { readonly versions: number; readonly answered: readonly Answered[] }[]): readonly Figure[] {
  const [small, large] = [sizes[0], sizes.at(-1)];
  if (small === undefined || large === undefined || small === large) return [];
  const atMost = Math.log(large.versions) / Math.log(small.versions);
  return large.answered.flatMap(({ name, ours: after }) => {
    const before = small.answered.find((one) => one.name === name)?.ours;
    if (before === undefined) return [];
    const note = `p50 ${before.p50.toFixed(2)} to ${after.p50.toFixed(2)} ms`;
    return [
      bounded({ name: `growth: ${name}`, value: after.p50 / before.p50, unit: "times", note }, { atMost: Number(atMost.toFixed(2)) }),
    ];
  });
}
