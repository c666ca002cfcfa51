import { type Attempt, type CheckResult, attemptKind } from "../../core/execution/attempt.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { performerKey } from "../../core/personas/persona.ts";
import { type Review, reviewKind } from "../../core/review/review.ts";
import { type NamedPerformer, type People, namedPerformer, readPeople } from "../oversight/people-view.ts";
import type { Tag } from "../../core/memory/tag.ts";
import { taggedRows } from "../memory/tagged-rows.ts";
import type { Reader } from "../ports/store.ts";
import { checksUnderWay } from "./checks-under-way.ts";
import { type TaskRowView, taskRows } from "./task-view.ts";

/** One hand-in of a person and what became of it. */
export interface HandedInView {
  readonly attemptId: string;
  readonly label: string;
  readonly title: string;
  readonly requestTitle: string;
  readonly number: number;
  /** State of the attempt, `checking` while the checks of what was handed in still run. */
  readonly state: Attempt["state"] | "checking";
  readonly taskState: Task["state"];
  readonly endedAtMs: number | null;
  readonly checks: { readonly passed: number; readonly failed: number; readonly waiting: number };
  readonly reviews: readonly {
    readonly reviewer: NamedPerformer;
    readonly outcome: Review["outcome"];
    readonly decidedAtMs: number | null;
  }[];
  /** What has to change, when it came back. */
  readonly points: readonly string[];
}

/** `xvc.my-work/1`: what one person holds, may take, and handed in. */
export interface MyWorkView {
  readonly schema: "xvc.my-work/1";
  readonly holding: readonly TaskRowView[];
  readonly offered: readonly TaskRowView[];
  /** More is offered than shown. */
  readonly moreOffered: boolean;
  readonly handedIn: readonly HandedInView[];
}

const maxHolding = 50;
const maxOffered = 20;
const maxHandedIn = 20;
/** Points of one hand-in that are listed. */
const maxPoints = 5;

/** A person's work now: three indexed reads and what stands around them. With a tag, of what is held and offered only that which has it. */
export async function myWorkView(reader: Reader, viewerId: string, tag?: Pick<Tag, "key" | "value">): Promise<MyWorkView> {
  const tagged = tag === undefined ? {} : { namedBy: [taggedRows(taskKind.name, tag)] };
  const performer = performerKey({ kind: "person", id: viewerId });
  const [held, ready, attempts, people] = await Promise.all([
    reader.find(taskKind, {
      where: { performerKey: performer, state: ["assigned", "running"] },
      ...tagged,
      newestFirst: true,
      limit: maxHolding,
    }),
    reader.find(taskKind, { where: { state: "ready", executor: "human" }, ...tagged, limit: maxOffered + 1 }),
    reader.find(attemptKind, { where: { performerKey: performer }, newestFirst: true, limit: maxHandedIn }),
    readPeople(reader),
  ]);
  const handed = attempts.filter((attempt) => attempt.endedAtMs !== null || checksUnderWay(attempt));
  const [tasks, reviews] = await Promise.all([
    reader.getMany(
      taskKind,
      handed.map((attempt) => attempt.taskId),
    ),
    reader.find(reviewKind, { where: { attemptId: handed.map((attempt) => attempt.id) }, limit: 200 }),
  ]);
  const rows = new Map(
    (await taskRows(reader, [...held, ...ready.slice(0, maxOffered), ...tasks], viewerId)).map((row): [string, TaskRowView] => [
      row.id,
      row,
    ]),
  );
  const checking = new Set<string>(handed.filter(checksUnderWay).map((attempt) => attempt.taskId));
  const rowsOf = (listed: readonly Task[]): readonly TaskRowView[] => listed.flatMap((task) => rows.get(task.id) ?? []);
  return {
    schema: "xvc.my-work/1",
    holding: rowsOf(held.filter((task) => !checking.has(task.id))),
    offered: rowsOf(ready.slice(0, maxOffered)).filter((row) => row.mayClaim),
    moreOffered: ready.length > maxOffered,
    handedIn: handed.map((attempt) => handedInView(attempt, { people, rows, reviews, tasks })),
  };
}

interface Around {
  readonly people: People;
  readonly rows: ReadonlyMap<string, TaskRowView>;
  readonly reviews: readonly Review[];
  readonly tasks: readonly Task[];
}

const namedReviewer = (people: People, { reviewer, outcome, decidedAtMs }: Review): HandedInView["reviews"][number] => ({
  reviewer: namedPerformer(people, reviewer) ?? { ...reviewer, name: reviewer.id },
  outcome,
  decidedAtMs,
});

function verdictCounts(checks: readonly CheckResult[]): HandedInView["checks"] {
  const count = (verdict: CheckResult["verdict"]): number => checks.filter((check) => check.verdict === verdict).length;
  return { passed: count("pass"), failed: count("fail"), waiting: count("waiting") };
}

function handedInView(attempt: Attempt, { people, rows, reviews, tasks }: Around): HandedInView {
  const row = rows.get(attempt.taskId);
  const task = tasks.find((one) => one.id === attempt.taskId);
  const { label, title, requestTitle } = row ?? { label: attempt.taskId, title: "", requestTitle: "" };
  return {
    attemptId: attempt.id,
    label,
    title,
    requestTitle,
    number: attempt.number,
    state: checksUnderWay(attempt) ? "checking" : attempt.state,
    taskState: task?.state ?? "cancelled",
    endedAtMs: attempt.endedAtMs,
    checks: verdictCounts(attempt.checks),
    reviews: reviews.filter((review) => review.attemptId === attempt.id).map((review) => namedReviewer(people, review)),
    points: task?.attemptNumber === attempt.number ? task.reworkPoints.slice(0, maxPoints).map((point) => point.text) : [],
  };
}
