import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stopDatabase } from "../../src/adapters/postgres/supervisor.ts";
import { readPostgres } from "../../verify/read-postgres.ts";
import { verify } from "../../verify/verify.ts";
import { type Product, startProduct } from "./crash-product.ts";
import { killNow, missing, openPlace, openWriter, postmasterOf, writeUntil } from "./memory-writer.ts";

const kills = process.env["XVC_TEST_VOLUME"] === "torture" ? 1_000 : 3;
const seed = Number(process.env["XVC_TEST_SEED"] ?? randomInt(1_000_000));
/** Everything is asked again at the end, up to this many of the last writes; each round asks for its own. */
const askedAgain = 2_000;

const root = mkdtempSync(join(tmpdir(), "xvc-memory-"));
const home = { directory: join(root, "home"), receiversFile: join(root, "receivers.jsonl") };
let living: Product | undefined;

afterAll(async () => {
  await living?.stop();
  await stopDatabase({ XVC_HOME: home.directory });
  rmSync(root, { recursive: true, force: true });
});

/** A start that a busy machine does not end in a minute is killed as well, and begun again. */
const mostStarts = 4;
let slowStarts = 0;

async function start(tries = 1): Promise<Product> {
  const product = await startProduct(home);
  if (product.kind === "died") {
    if (product.ended.signal !== "SIGKILL" || tries >= mostStarts) throw new Error(`It did not start: ${JSON.stringify(product.ended)}`);
    slowStarts += 1;
    return start(tries + 1);
  }
  living = product;
  return product;
}

test("whatever was acknowledged before a kill is readable, listed and in the history; whatever was refused is nowhere", async () => {
  const writer = openWriter();
  let place = await openPlace(writer, await start());
  const lost: string[] = [];
  for (let round = 0; round < kills; round += 1) {
    const since = writer.acknowledged.length;
    const { product } = place;
    // In the midst of whatever is under way when so many were acknowledged; writes go on until no answer comes.
    const enough = 12 + ((seed + round * 7) % 11);
    const until = writer.answers + enough;
    const writing = writeUntil(writer, place, 10_000);
    while (writer.answers < until && product.ended() === undefined) await new Promise((resolve) => void setImmediate(resolve));
    const withDatabase = round % 2 === 1;
    if (withDatabase) killNow(await postmasterOf(home));
    product.kill();
    await Promise.all([writing, product.gone]);
    expect(product.ended()?.signal).toBe("SIGKILL");
    place = { ...place, product: await start() };
    // As often as asked.
    for (const about of [`kill ${String(round)}`, `kill ${String(round)}, asked again`])
      lost.push(...(await missing(writer, place, since)).map((problem) => `seed ${String(seed)}, ${about}: ${problem}`));
    if (lost.length > 0) break;
  }
  lost.push(...(await missing(writer, place, Math.max(0, writer.acknowledged.length - askedAgain))));
  expect(lost).toEqual([]);
  const findings = verify(await readPostgres(place.product.verifyUrl, true), { receivers: [], clientLogs: writer.log });
  expect(findings.map((finding) => `${finding.invariant} ${finding.message} ${finding.rows.join(" ")}`)).toEqual([]);
  const unanswered = writer.log.filter(({ outcome }) => outcome === "unknown").length;
  console.log(
    `seed ${String(seed)}: ${String(kills)} kills, ${String(Math.floor(kills / 2))} of them of the database as well, ${String(slowStarts)} more while it started; ${String(writer.answers)} writes acknowledged, ${String(unanswered)} sent without an answer, none lost; ${String(writer.refusals)} refused, none of them there`,
  );
  expect(unanswered).toBeGreaterThan(0);
  expect(writer.refusals).toBeGreaterThan(0);
});
