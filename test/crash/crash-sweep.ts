import { setTimeout as pause } from "node:timers/promises";
import { type CrashPoint, crashPoints } from "../../src/engine/ports/crash-point.ts";
import { readPostgres } from "../../verify/read-postgres.ts";
import { verify } from "../../verify/verify.ts";
import type { ReceiverEntry } from "../../verify/world.ts";
import { type CrashPerson, openProjects, workUntilRest } from "./crash-person.ts";
import { type Product, type ProductHome, startProduct } from "./crash-product.ts";
import { noticeFindings } from "./file-notices.ts";
import { readLines } from "./file-receivers.ts";

/** One planned kill; with `recovery` the process that recovers from it is killed as well. */
export interface PlannedKill {
  readonly point: CrashPoint;
  readonly occurrence: number;
  readonly recovery?: string;
}

/** What a sweep did. */
export interface Swept {
  readonly kills: Map<string, number>;
  pairs: number;
  /** Planned kills whose round did not pass the point so often. */
  readonly missed: string[];
  readonly findings: string[];
  /** From the start of a process to its first answer, and until all interrupted work was done. */
  readonly readyMs: number[];
  readonly restMs: number[];
}

/** A running product, its person and what they know; the product is replaced whenever it dies. */
export interface Sweep {
  readonly home: ProductHome;
  readonly person: CrashPerson;
  readonly swept: Swept;
  product: Product | undefined;
  rounds: number;
}

export const openSweep = (home: ProductHome): Sweep => ({
  home,
  person: { log: [], receiversFile: home.receiversFile, filed: new Map() },
  swept: { kills: new Map(), pairs: 0, missed: [], findings: [], readyMs: [], restMs: [] },
  product: undefined,
  rounds: 0,
});

/** A beat comes every five seconds; its point may only be passed after the work is done. */
const beatWaitMs = 7_000;

/** Does so many requests to their end in a living product, starting one where there is none, and looks at the world. */
export async function restAfter(sweep: Sweep, wanted: readonly string[], about: string): Promise<void> {
  const startedAtMs = Date.now();
  const product = sweep.product ?? (await living(sweep));
  const end = await workUntilRest(sweep.person, product, wanted);
  if (end === "died") throw new Error(`${about}: the product died though nothing killed it: ${JSON.stringify(product.ended())}`);
  if (sweep.product === undefined) sweep.swept.restMs.push(Date.now() - startedAtMs);
  sweep.product = product;
  sweep.swept.findings.push(...(await look(sweep, product)).map((finding) => `${about}: ${finding}`));
}

async function living(sweep: Sweep): Promise<Product> {
  const product = await startProduct(sweep.home);
  if (product.kind === "died") throw new Error(`The product did not start: ${JSON.stringify(product.ended)}`);
  sweep.swept.readyMs.push(product.readyMs);
  await openProjects(sweep.person, product);
  return product;
}

async function look({ person, home }: Sweep, product: Product): Promise<readonly string[]> {
  const world = await readPostgres(product.verifyUrl, true);
  const receivers = readLines<ReceiverEntry>(home.receiversFile);
  const found = verify(world, { receivers, clientLogs: person.log }).map(
    (finding) => `${finding.invariant} ${finding.message} ${finding.rows.join(" ")}`,
  );
  return [...found, ...noticeFindings(world, home.receiversFile)];
}

/** Each fourth round tells the person something as well, and each that is to die over it. */
const isTold = ({ rounds }: Sweep, { point }: PlannedKill): boolean => point.startsWith("notice.") || rounds % 4 === 0;

/** Arms the point, files a request and works until the product dies; then another one recovers it. False: the point was not passed so often. */
export async function killOnce(sweep: Sweep, planned: PlannedKill): Promise<boolean> {
  const { swept, person } = sweep;
  const about = `${planned.point}:${String(planned.occurrence)}`;
  const product = sweep.product ?? (await living(sweep));
  sweep.product = product;
  sweep.rounds += 1;
  const wanted = [`round-${String(sweep.rounds)}`, ...(isTold(sweep, planned) ? [`note-${String(sweep.rounds)}`] : [])];
  await product.arm(about);
  const end = await workUntilRest(person, product, wanted);
  if (end === "rest" && planned.point === "lease.before-beat") await diesWithin(product, beatWaitMs);
  const died = product.ended() !== undefined;
  if (died) {
    sweep.product = undefined;
    count(swept, planned.point, product.ended()?.signal);
    if (planned.recovery !== undefined) await killAgain(sweep, planned.recovery, wanted);
  } else swept.missed.push(about);
  await restAfter(sweep, wanted, planned.recovery === undefined ? about : `${about} then ${planned.recovery}`);
  return died;
}

/** The process that recovers is killed in its turn. */
async function killAgain(sweep: Sweep, recovery: string, wanted: readonly string[]): Promise<void> {
  const product = await startProduct(sweep.home, recovery);
  const died = product.kind === "died" || (await workUntilRest(sweep.person, product, wanted)) === "died";
  const point = recovery.split(":")[0] ?? recovery;
  if (died) {
    count(sweep.swept, point, product.kind === "died" ? product.ended.signal : product.ended()?.signal);
    sweep.swept.pairs += 1;
  } else {
    sweep.swept.missed.push(`${recovery} while recovering`);
    if (product.kind === "ready") sweep.product = product;
  }
}

function count(swept: Swept, point: string, signal: string | null | undefined): void {
  if (signal !== "SIGKILL") swept.findings.push(`${point}: the process ended by itself instead of being killed (${String(signal)}).`);
  swept.kills.set(point, (swept.kills.get(point) ?? 0) + 1);
}

async function diesWithin(product: Product, limitMs: number): Promise<void> {
  for (const endMs = Date.now() + limitMs; Date.now() < endMs && product.ended() === undefined; await pause(50));
}

/** Passed only when a worker's work is handed over: killed there while recovering from another kill. */
const whileRecovering: CrashPoint = "lease.after-loss";

/** Second kills: at the start of a recovery, in its midst and towards its end. */
const recoveries = [
  "command.after-take:3",
  "command.after-commit:9",
  "lease.after-loss:1",
  "enqueue.after:1",
  "command.before-commit:2",
  "job.claimed:1",
  "attempt.after-execute:1",
  "publish.before:1",
];
const interrupted: readonly CrashPoint[] = [
  "attempt.before-execute",
  "job.claimed",
  "effect.after-call",
  "review.before-judge",
  "enqueue.after",
];

const turned = <Item>(items: readonly Item[], by: number): readonly Item[] =>
  items.map((_, place) => items[(place + by) % items.length] ?? items[0]).filter((item) => item !== undefined);

/** Every point once in an order that the seed turns, then higher occurrences until `kills`; then the pairs. */
export function planSweep(seed: number, volume: { readonly kills: number; readonly pairs: number }): readonly PlannedKill[] {
  const points = turned(
    crashPoints.filter((point) => point !== whileRecovering),
    seed,
  );
  const single = Array.from({ length: volume.kills }, (_, place): PlannedKill => {
    const turn = Math.floor(place / points.length);
    return { point: points[place % points.length] ?? "command.before-begin", occurrence: turn === 0 ? 1 : 1 + turn + ((seed + place) % 3) };
  });
  const second = turned(
    recoveries.filter((one) => !one.startsWith(whileRecovering)),
    seed,
  );
  const pairs = Array.from({ length: volume.pairs }, (_, place): PlannedKill => ({
    point: interrupted[(place + seed) % interrupted.length] ?? "job.claimed",
    occurrence: 1 + Math.floor(place / 40),
    recovery: place === 0 ? `${whileRecovering}:1` : (second[place % second.length] ?? "job.claimed:1"),
  }));
  return [...single, ...pairs.map((pair, place) => (place === 0 ? { ...pair, point: "attempt.before-execute" as const } : pair))];
}
