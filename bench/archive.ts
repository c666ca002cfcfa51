/*
 * What keeping the database's log elsewhere (`XVC_WAL_ARCHIVE`) costs in writes: two fresh embedded databases with fsync on, one with an
 * archive on the same disk, written to in turn by several clients through the product's own store.
 */
import { chmod, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import process from "node:process";
import { Client } from "pg";
import { ensureHome } from "../src/main/first-run.ts";
import { findInstallation } from "../src/main/installation.ts";
import { silentLog } from "../src/main/log.ts";
import { openSystem } from "../src/main/open-system.ts";
import { type BenchHome, makeBenchHome } from "./support/bench-home.ts";
import { quantile, tell } from "./support/figures.ts";
import { itemAt } from "./support/memory-items.ts";
import { oursOf } from "./support/memory-ours.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? "6");
const roundMs = Number(process.env["BENCH_ROUND_MS"] ?? "5000");
const clients = 8;

async function open(home: BenchHome, archive: string | undefined) {
  const environment = { ...home.environment, ...(archive === undefined ? {} : { XVC_WAL_ARCHIVE: archive }) };
  const system = await openSystem(findInstallation(environment), environment, {
    log: silentLog,
    graceMs: 5_000,
    onFenced: () => process.exit(7),
  });
  const admin = new Client({ connectionString: system.database.urls.admin ?? "" });
  await admin.connect();
  const ours = oursOf(system.store, await ensureHome(system), admin);
  let fresh = 0;
  return {
    /** Items created and changed in a second. */
    async write(durationMs: number): Promise<number> {
      const startedMs = performance.now();
      let count = 0;
      await Promise.all(
        Array.from({ length: clients }, async () => {
          while (performance.now() - startedMs < durationMs) {
            const number = fresh++;
            await ours.create(itemAt(number, 1));
            await ours.update(itemAt(number, 2));
            count += 2;
          }
        }),
      );
      return count / ((performance.now() - startedMs) / 1_000);
    },
    async close(): Promise<void> {
      await admin.end();
      await system.close();
    },
  };
}

async function measure(homes: readonly [BenchHome, BenchHome], archive: string): Promise<void> {
  const archived = await open(homes[1], archive);
  const plain = await open(homes[0], undefined);
  const rates: { readonly plain: number; readonly archived: number }[] = [];
  try {
    await plain.write(roundMs / 2);
    await archived.write(roundMs / 2);
    for (let round = 0; round < rounds; round++) {
      const first = round % 2 === 0 ? await plain.write(roundMs) : await archived.write(roundMs);
      const second = round % 2 === 0 ? await archived.write(roundMs) : await plain.write(roundMs);
      rates.push(round % 2 === 0 ? { plain: first, archived: second } : { plain: second, archived: first });
    }
  } finally {
    await plain.close();
    await archived.close();
  }
  const pieces = (await readdir(archive)).length;
  const costs = rates.map((rate) => (1 - rate.archived / rate.plain) * 100);
  const shown = (values: readonly number[]): string => values.map((one) => one.toFixed(0)).join(", ");
  await tell("archive", [
    ...(["plain", "archived"] as const).map((name) => ({
      name: `writes, ${String(clients)} clients: ${name === "plain" ? "without an archive" : "with an archive"}`,
      value: quantile(
        rates.map((rate) => rate[name]),
        0.5,
      ),
      unit: "/s",
      note: `rounds ${shown(rates.map((rate) => rate[name]))}`,
    })),
    {
      name: "an archive costs of write throughput",
      value: quantile(costs, 0.5),
      unit: "%",
      note: `rounds ${shown(costs)} %; ${String(pieces)} pieces of 16 MB archived`,
    },
  ]);
}

const homes = [await makeBenchHome(), await makeBenchHome()] as const;
// As root the database's own account writes into it, so the folder lies where that account may pass.
const parent = await mkdtemp(path.join(process.env["XVC_BENCH_DIRECTORY"] ?? homedir(), "bench-archive-"));
const archive = path.join(parent, "log");
await chmod(parent, 0o711);
await mkdir(archive);
try {
  await measure(homes, archive);
} finally {
  for (const home of homes) await home.remove();
  await rm(parent, { recursive: true, force: true });
}
