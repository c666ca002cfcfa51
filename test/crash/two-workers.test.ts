import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stopDatabase } from "../../src/adapters/postgres/supervisor.ts";
import { readPostgres } from "../../verify/read-postgres.ts";
import { verify } from "../../verify/verify.ts";
import type { ReceiverEntry } from "../../verify/world.ts";
import { type CrashPerson, openProjects, workUntilRest } from "./crash-person.ts";
import { type Product, startProduct } from "./crash-product.ts";
import { readLines } from "./file-receivers.ts";

const rounds = process.env["XVC_TEST_VOLUME"] === "torture" ? 100 : 3;

/** Bar of the fault programme for work that goes on after its worker was killed, milliseconds. */
const barMs = 30_000;

/** Where the killed worker is while it holds work. */
const held = ["attempt.before-execute:1", "effect.after-start:1", "review.before-judge:1"] as const;

const root = mkdtempSync(join(tmpdir(), "xvc-two-"));
const home = { directory: join(root, "home"), receiversFile: join(root, "receivers.jsonl") };
const living: Product[] = [];

afterAll(async () => {
  for (const product of living) await product.stop();
  await stopDatabase({ XVC_HOME: home.directory });
  rmSync(root, { recursive: true, force: true });
});

async function start(): Promise<Product> {
  const product = await startProduct(home);
  if (product.kind === "died") throw new Error(`It did not start: ${JSON.stringify(product.ended)}`);
  living.push(product);
  return product;
}

test("of two workers one is killed while it holds work: the other goes on within 30 seconds, and nothing doubles", async () => {
  const person: CrashPerson = { log: [], receiversFile: home.receiversFile, filed: new Map() };
  const survivor = await start();
  await openProjects(person, survivor);
  const tookMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const doomed = await start();
    await doomed.arm(held[round % held.length] ?? held[0]);
    let diedAtMs = 0;
    const died = (async () => {
      await doomed.gone;
      diedAtMs = Date.now();
    })();
    // Three requests at once, so that both workers have work whoever asks first.
    const wanted = [0, 1, 2].map((number) => `round-${String(round * 3 + number)}`);
    expect(await workUntilRest(person, survivor, wanted)).toBe("rest");
    if (doomed.ended() === undefined) await doomed.stop();
    await died;
    living.splice(living.indexOf(doomed), 1);
    if (doomed.ended()?.signal === "SIGKILL") tookMs.push(Date.now() - diedAtMs);
    const world = await readPostgres(survivor.verifyUrl, true);
    const findings = verify(world, { receivers: readLines<ReceiverEntry>(home.receiversFile), clientLogs: person.log });
    expect(findings.map((finding) => `${finding.invariant} ${finding.message} ${finding.rows.join(" ")}`)).toEqual([]);
  }
  console.log(
    `${String(tookMs.length)} of ${String(rounds)} workers killed while they held work; all of it was done after ${tookMs.join(", ")} ms`,
  );
  expect(tookMs.length).toBeGreaterThan(0);
  expect(Math.max(...tookMs)).toBeLessThan(barMs);
});
