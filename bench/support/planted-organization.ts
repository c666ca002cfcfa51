/* An organization in memory with much finished work, and tasks of which it is known what their performer has to be told. */
import { createMemoryContent } from "../../src/adapters/in-process/memory-content.ts";
import { createMemoryStore, type MemoryStore } from "../../src/adapters/in-process/memory-store.ts";
import { createVirtualClock } from "../../src/adapters/in-process/virtual-clock.ts";
import { taskKind } from "../../src/core/execution/task.ts";
import { type Principle, principleKind } from "../../src/core/oversight/principle.ts";
import { type WorkRequest } from "../../src/core/requests/request.ts";
import { asId } from "../../src/core/shared/ids.ts";
import type { ContentStore, Digest } from "../../src/engine/ports/content.ts";
import type { Scope } from "../../src/engine/ports/store.ts";
import { samplePlanTask, sampleTask } from "../../test/conformance/sample-rows.ts";
import { drawFrom } from "./draw.ts";

import {
  type HistoryItem,
  first,
  digest,
  openBook,
  type World,
  type Words,
  sentence,
  topicOf,
  fileOf,
  document,
  decide,
  know,
  finishedTask,
  requestOf,
} from "./written-rows.ts";
/** What a task's performer has to be told: each a mark that stands nowhere else, by the kind of row that holds it. */
export interface PlantedTask {
  readonly taskId: string;
  readonly required: readonly { readonly where: string; readonly mark: string }[];
}

export interface PlantedOrganization {
  readonly store: MemoryStore;
  readonly content: ContentStore;
  readonly digest: Digest;
  readonly scope: Scope;
  readonly nowMs: number;
  readonly planted: readonly PlantedTask[];
  readonly history: readonly HistoryItem[];
}

export interface PlantedSize {
  readonly requests: number;
  readonly tasksPerRequest: number;
  readonly planted: number;
  /** Decisions, and facts, of the project that have nothing to do with a planted task but its words. */
  readonly others: number;
  readonly seed: number;
}

/** Words of the trade: each topic draws six of them, so every word belongs to about three topics. */
const tradeWords = 120;
const topicWords = 6;
const topics = 60;
/** Words of every text. */
const plainWords = 400;

/** The parts of one planted task that are put down at random times among all else. */
interface Plan {
  readonly topic: readonly string[];
  readonly vendor: string;
  readonly mark: (where: string) => string;
  readonly required: PlantedTask["required"];
  readonly request: { current: WorkRequest | undefined };
}

/** Rows that hold what has to be told. */
export const plantedWhere = ["binding decision", "project decision", "fact", "pitfall", "upstream output", "input"] as const;

function planOf(world: World, at: number): Plan {
  const required: PlantedTask["required"] = plantedWhere.map((where) => ({ where, mark: `mk${digest(`${at} ${where}`).slice(0, 12)}` }));
  const mark = (where: string): string => required.find((one) => one.where === where)?.mark ?? "";
  return { topic: topicOf(world), vendor: `vendor${digest(`v${at}`).slice(0, 6)}`, mark, required, request: { current: undefined } };
}

/** A required sentence: as long as any other, with two words of the task's topic and the mark, which is no word of the task. */
const requiredSentence = (world: World, plan: Plan, where: string): string =>
  sentence(world, [...world.book.draw.some(plan.topic, 2), plan.mark(where)], 16);

async function plantTask(world: World, plan: Plan, number: number): Promise<PlantedTask> {
  const { book } = world;
  const input = await fileOf(world, "material.md", document(world, 40, requiredSentence(world, plan, "input")));
  const title = sentence(world, plan.topic.slice(0, 3), 4);
  const request = requestOf(world, {
    number,
    title: sentence(world, plan.topic.slice(0, 4), 4),
    text: sentence(world, plan.topic, 30),
    inputs: [{ name: "material", kind: "file", origin: "material.md", artifacts: [input], facts: {} }],
  });
  const given = await fileOf(world, "before.md", document(world, 20, requiredSentence(world, plan, "upstream output")));
  const before = sampleTask(
    { id: book.ids.next(), requestId: request.id, planId: book.ids.next() },
    { key: "before", title: sentence(world, plan.topic.slice(2, 4), 4), state: "passed", outputs: [given], acceptedAtMs: 1 },
  );
  book.put(taskKind, before, { text: before.title, facts: ["task.ready", "task.assigned", "task.started", "task.passed"] });
  const statement = `${sentence(world, plan.topic.slice(1, 5), 8)} It keeps to the terms of ${plan.vendor}.`;
  const task = sampleTask(
    { id: book.ids.next(), requestId: request.id, planId: before.planId },
    {
      key: "now",
      title,
      dependsOn: [asId(before.id)],
      spec: {
        ...samplePlanTask,
        task: "now",
        title,
        skills: [],
        acceptance: [{ id: "a1", statement, check: { kind: "output", output: "draft.md" } }],
      },
    },
  );
  book.put(taskKind, task, { text: `${title}\n${statement}`, facts: ["task.ready"] });
  decide(
    world,
    { id: request.id, kind: "request", requestId: request.id },
    { question: sentence(world, [], 9), rationale: requiredSentence(world, plan, "binding decision") },
  );
  book.history.push({ id: input.sha256, text: new TextDecoder().decode(await world.content.read(input.sha256)), json: "" });
  book.history.push({ id: given.sha256, text: new TextDecoder().decode(await world.content.read(given.sha256)), json: "" });
  return { taskId: task.id, required: plan.required };
}

/** Everything in an order of its own, so that what is asked for is neither new nor old. */
export async function plantOrganization(size: PlantedSize): Promise<PlantedOrganization> {
  const clock = createVirtualClock(1_750_000_000_000);
  const draw = drawFrom(size.seed);
  const trade = Array.from({ length: tradeWords }, (_, at) => `trade${draw.syllables(2)}${at}`);
  const words: Words = {
    plain: Array.from({ length: plainWords }, () => draw.syllables(2)),
    topics: Array.from({ length: topics }, () => draw.some(trade, topicWords)),
  };
  const content = createMemoryContent();
  const store = createMemoryStore({ clock, enqueue: () => {} });
  const book = openBook(draw);
  const scope: Scope = { organizationId: asId(book.ids.next()), projectIds: [asId(book.ids.next())] };
  const world: World = { book, scope, content, words, nowMs: clock.nowMs(), person: book.ids.next() };
  const plans = Array.from({ length: size.planted }, (_, at) => planOf(world, at));
  const planted: PlantedTask[] = [];
  for (const step of draw.shuffled(stepsOf(world, size, { plans, planted }))) await step();
  const context = {
    ...scope,
    projectId: scope.projectIds[0] ?? null,
    actor: { kind: "system", id: "bench" },
    cause: "bench",
    atMs: clock.nowMs(),
  } as const;
  await store.transact(context, async (transaction) => {
    await transaction.takeCommand("bench", "bench", "0");
    await transaction.write({}, book.changes, book.events, []);
  });
  clock.advance(1_000);
  return { store, content, digest, scope, nowMs: clock.nowMs(), planted, history: book.history };
}

type Step = () => void | Promise<void>;

function stepsOf(
  world: World,
  size: PlantedSize,
  { plans, planted }: { readonly plans: readonly Plan[]; readonly planted: PlantedTask[] },
): readonly Step[] {
  const { book, scope } = world;
  const project = { id: scope.projectIds[0] ?? "", kind: "project", requestId: null };
  const finished = Array.from({ length: size.requests }, (_, at): Step => () => {
    const topic = topicOf(world);
    const request = requestOf(world, { number: at + 1, title: sentence(world, topic.slice(0, 2), 4), text: sentence(world, topic, 30) });
    for (let task = 0; task < size.tasksPerRequest; task++)
      finishedTask(world, request, { topic: task === 0 ? topic : topicOf(world), at: task, pitfall: null });
    decide(
      world,
      { id: request.id, kind: "request", requestId: request.id },
      { question: sentence(world, book.draw.some(topic, 2), 7), rationale: sentence(world, book.draw.some(topic, 1), 16) },
    );
  });
  const others = Array.from({ length: size.others }, (_, at): Step => () => {
    const topic = topicOf(world);
    decide(world, project, {
      question: sentence(world, book.draw.some(topic, 1), 8),
      rationale: sentence(world, book.draw.some(topic, 2), 16),
    });
    know(world, `vendor${digest(`o${at}`).slice(0, 6)}`, sentence(world, book.draw.some(topic, 1), 12));
  });
  const principles = Array.from({ length: 20 }, (_, at): Step => () => {
    const principle: Principle = {
      ...first,
      id: book.ids.next(),
      number: at + 1,
      state: "in-force",
      statement: sentence(world, [], 10),
      explanation: sentence(world, [], 20),
      writtenBy: world.person,
      writtenAtMs: 1,
      replacesId: null,
    };
    book.put(principleKind, principle, { text: `${principle.statement}\n${principle.explanation}` });
  });
  const asked = plans.flatMap((plan, at): Step[] => [
    async () => void planted.push(await plantTask(world, plan, size.requests + at + 1)),
    () =>
      decide(world, project, {
        question: sentence(world, plan.topic.slice(4), 7),
        rationale: requiredSentence(world, plan, "project decision"),
      }),
    () => know(world, plan.vendor, requiredSentence(world, plan, "fact")),
    () => {
      const request = requestOf(world, {
        number: size.requests + size.planted + at + 1,
        title: sentence(world, [], 6),
        text: sentence(world, [], 30),
      });
      finishedTask(world, request, { topic: plan.topic, at: 0, pitfall: requiredSentence(world, plan, "pitfall") });
    },
  ]);
  return [...finished, ...others, ...principles, ...asked];
}
