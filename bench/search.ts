/*
 * How fast words are found among 100,000 documents, present and past, and what keeping the index costs those who write: the same
 * commands with the triggers of the index and without them, turn by turn in one run.
 */
import { fileURLToPath } from "node:url";
import process from "node:process";
import { withClient } from "../src/adapters/postgres/database-url.ts";
import { migrate, readMigrations } from "../src/adapters/postgres/migrate.ts";
import { createPool } from "../src/adapters/postgres/pool.ts";
import { postgresStore } from "../src/adapters/postgres/postgres-store.ts";
import { startDatabase } from "../src/adapters/postgres/supervisor.ts";
import { keyVault } from "../src/adapters/system/key-vault.ts";
import { personalCipher } from "../src/adapters/system/personal-cipher.ts";
import { type Task, taskKind } from "../src/core/execution/task.ts";
import { wantedWords } from "../src/core/memory/search-words.ts";
import { type Comment, commentKind } from "../src/core/requests/comment.ts";
import { asId } from "../src/core/shared/ids.ts";
import type { Store } from "../src/engine/ports/store.ts";
import { sampleTask } from "../test/conformance/sample-rows.ts";
import { type StoreWorld, changed, command, contextOf, created, nextId, plant, scopeOf } from "../test/conformance/store-fixture.ts";
import { makeBenchHome } from "./support/bench-home.ts";
import { type Figure, bounded, quantile, say, tell } from "./support/figures.ts";

const documents = Number(process.env["BENCH_DOCUMENTS"] ?? "100000");
const rounds = Number(process.env["BENCH_ROUNDS"] ?? "5");
const wordsOfDocument = 60;
const knownWords = 30_000;
const batch = 500;
const calls = 100;

/** A repeatable stream of numbers in [0, 1). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const next = numbers(7);
const syllables = ["ba", "ke", "lor", "mi", "nus", "pra", "tel", "vo", "xi", "zan", "dru", "fe", "gol", "hin", "jo", "sta"];

/** The words that documents are made of, all different and alike: of four syllables out of sixteen. */
const vocabulary = Array.from({ length: knownWords }, (_, at) =>
  [at & 15, (at >> 4) & 15, (at >> 8) & 15, (at >> 12) & 15].map((place) => syllables[place] ?? "").join(""),
);
/** Zipf: the first words are in most documents, the last in a handful. */
const anyWord = (): string => vocabulary[Math.floor(knownWords ** next()) - 1] ?? "";
const text = (): string => Array.from({ length: wordsOfDocument }, anyWord).join(" ");

async function fill(store: Store, world: StoreWorld): Promise<void> {
  for (let done = 0; done < documents; done += batch) {
    const changes = Array.from({ length: Math.min(batch, documents - done) }, () => {
      const comment: Comment = {
        id: nextId(),
        version: 1,
        eventCount: 0,
        requestId: world.rows.request.id as Comment["requestId"], // of the planted request
        subjectKind: "request",
        subjectId: world.rows.request.id,
        authorId: world.rows.person.id as Comment["authorId"], // of the planted person
        state: "posted",
        text: text(),
        mentions: [],
        postedAtMs: 1,
        editedAtMs: null,
      };
      return created(commentKind, comment);
    });
    await command(store, contextOf(world), { changes });
    if (done % 20_000 === 0) say(`  ${done} documents`);
  }
}

interface Query {
  readonly name: string;
  readonly words: () => string;
  readonly atMost?: number;
}

/** A word by its place in the order of frequency. */
const between = (from: number, to: number) => (): string => vocabulary[from + Math.floor(next() * (to - from))] ?? "";
const misspelled = (word: string): string => word.slice(0, 3) + word.slice(4);

/** Of 60 words of a document about 60 / (ln 30,000 x n) are the n-th word: the 58th is in a tenth of all documents. */
const queries: readonly Query[] = [
  { name: "a rare word", words: between(5_000, knownWords), atMost: 25 },
  { name: "a word in 0.1 to 1 %", words: between(600, 5_000), atMost: 25 },
  { name: "a word in 1 to 10 %", words: between(60, 600), atMost: 25 },
  { name: "two words in 1 to 10 %", words: () => `${between(60, 600)()} ${between(60, 600)()}`, atMost: 25 },
  { name: "the beginning of a word", words: () => between(600, 5_000)().slice(0, -2), atMost: 25 },
  { name: "a misspelled word", words: () => misspelled(between(600, knownWords)()), atMost: 25 },
  { name: "a word that is nowhere", words: () => `qqqqww${Math.floor(next() * 1_000)}`, atMost: 25 },
  { name: "a word in more than 10 %", words: between(0, 40) },
];

interface Filled {
  readonly store: Store;
  readonly world: StoreWorld;
}

async function times({ store, world }: Filled, { words }: Query, atMs: number | null): Promise<readonly number[]> {
  const found: number[] = [];
  for (let call = 0; call < calls + 5; call++) {
    const wanted = wantedWords(words());
    const startedMs = performance.now();
    await store.read(
      scopeOf(world),
      (reader) => reader.search({ words: wanted, skip: 0, limit: 20 }),
      atMs === null ? undefined : { atMs },
    );
    if (call >= 5) found.push(performance.now() - startedMs);
  }
  return found;
}

async function searches(filled: Filled): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const atMs = (await filled.store.nowMs()) - 1;
  for (const query of queries) {
    const now = await times(filled, query, null);
    const then = await times(filled, query, atMs);
    const note = `p50 ${quantile(now, 0.5).toFixed(1)} ms; at an instant p50 ${quantile(then, 0.5).toFixed(1)} ms, p95 ${quantile(then, 0.95).toFixed(1)} ms`;
    const figure = { name: `search, ${query.name}: p95`, value: quantile(now, 0.95), unit: "ms", note };
    figures.push(query.atMost === undefined ? figure : bounded(figure, { atMost: query.atMost }));
  }
  return figures;
}

interface Writing {
  readonly name: string;
  /** Commands a second. */
  readonly rate: () => Promise<number>;
}

async function perSecond(count: number, work: (at: number) => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  for (let at = 0; at < count; at++) await work(at);
  return count / ((performance.now() - startedMs) / 1_000);
}

async function writings({ store, world }: Filled): Promise<readonly Writing[]> {
  const taskOf = (): Task => {
    const id = nextId();
    const key = `t${id.slice(0, 13)}`;
    return sampleTask({ id, requestId: world.rows.request.id, planId: world.rows.plan.id }, { key, title: text().slice(0, 80) });
  };
  let hot = taskOf();
  await command(store, contextOf(world), { changes: [created(taskKind, hot)] });
  const change = async (fields: Partial<Task>): Promise<void> => {
    const changes = [changed(taskKind, hot, fields)] as const;
    await command(store, contextOf(world), { changes });
    hot = changes[0].after;
  };
  return [
    {
      name: "a task changes its state",
      rate: () => perSecond(300, (at) => change({ state: at % 2 === 0 ? "ready" : "waiting", stateSinceMs: at })),
    },
    { name: "a task gets other words", rate: () => perSecond(150, () => change({ title: text().slice(0, 80) })) },
    {
      name: "a plan of 100 tasks is written",
      rate: () =>
        perSecond(6, () => command(store, contextOf(world), { changes: Array.from({ length: 100 }, () => created(taskKind, taskOf())) })),
    },
  ];
}

const asOwner = { applicationName: "xvc bench" };

/** Each way of writing with the index and without it, in turns, so that whatever else the machine does meets both. */
async function costs(filled: Filled, owner: string): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const triggers = (verb: "enable" | "disable") =>
    withClient(owner, asOwner, async (client) => {
      for (const name of ["search_insert", "search_update"]) await client.query(`alter table xvc.task ${verb} trigger ${name}`);
    });
  for (const { name, rate } of await writings(filled)) {
    const own: number[] = [];
    const bare: number[] = [];
    await rate();
    for (let round = 0; round < rounds; round++) {
      own.push(await rate());
      await triggers("disable");
      bare.push(await rate());
      await triggers("enable");
    }
    const [kept, without] = [quantile(own, 0.5), quantile(bare, 0.5)];
    const note = `${kept.toFixed(0)} against ${without.toFixed(0)} commands/s`;
    figures.push({ name: `index, ${name}: rate with it to rate without`, value: kept / without, unit: "", note });
  }
  return figures;
}

const sizes = `select pg_total_relation_size('xvc.search_entry') + pg_total_relation_size('xvc.search_word') as own,
  pg_total_relation_size('xvc.comment') as rows, pg_total_relation_size('xvc.history') as history`;

async function sizeFigure(owner: string): Promise<Figure> {
  const { rows } = await withClient(owner, asOwner, (client) => client.query<Readonly<Record<string, string>>>(sizes));
  const megabytes = (name: string): number => Number(rows[0]?.[name]) / 1e6;
  const note = `the comments ${megabytes("rows").toFixed(0)} MB, their history ${megabytes("history").toFixed(0)} MB`;
  return { name: "size of the index", value: megabytes("own"), unit: "MB", note };
}

const home = await makeBenchHome();
try {
  const { urls } = await startDatabase({ environment: home.environment });
  const owner = urls.owner ?? "";
  await migrate(owner, await readMigrations(fileURLToPath(new URL("../migrations", import.meta.url))));
  const onLost = (): void => {};
  const pool = createPool({ url: urls.app, applicationName: "xvc bench", maxConnections: 4, pipeline: true, onLost });
  const cipher = personalCipher(keyVault(new Uint8Array(32).fill(7)));
  const store = postgresStore({ pool, listenUrl: urls.app, enqueue: () => Promise.resolve(), cipher, onLost });
  try {
    const filled = { store, world: await plant(store, asId(nextId())) };
    say(`  ${documents} documents of ${wordsOfDocument} words`);
    await fill(store, filled.world);
    await withClient(owner, asOwner, (client) => client.query("analyze xvc.search_entry, xvc.search_word"));
    say("  searches");
    const found = await searches(filled);
    say("  what writing costs");
    await tell("search", [...found, ...(await costs(filled, owner)), await sizeFigure(owner)]);
  } finally {
    await store.close();
    await pool.end();
  }
} finally {
  await home.remove();
}
