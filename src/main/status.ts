import { statfs } from "node:fs/promises";
import { Failure } from "../core/shared/failure.ts";
import type { InstallationDocument, ProbeDocument, ProbeName, StatusDocument } from "../contract/status-contract.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { lastBackupAtMs } from "./backup.ts";
import { firstOrganizationId } from "./first-run.ts";
import type { System } from "./open-system.ts";

/** Health and what is installed, as it is now. With a probe's name that probe alone. `counts` is the surface's to fill: it knows who asks. */
export async function readStatus(system: System, startedAtMs: number, only?: ProbeName): Promise<StatusDocument> {
  const [found, installation] = await Promise.all([runProbes(system, only), only === undefined ? readInstallation(system) : null]);
  const behind = only === undefined ? await evidenceBehind(system) : [];
  const noCommands = system.capabilities.sandbox.ok
    ? []
    : [`Commands cannot run here: ${system.capabilities.sandbox.reason}`.slice(0, 300)];
  return {
    schema: "xvc.status/1",
    ok: found.every((probe) => probe.ok),
    version: system.installation.version,
    startedAtMs,
    probes: [...found],
    counts: {},
    notes: [...noCommands, ...behind],
    installation,
  };
}

/** What the second place of the checkpoints lacks, and how it gets there. */
async function evidenceBehind({ evidence, log }: System): Promise<readonly string[]> {
  try {
    const [latest, exported] = [await evidence.store.latest(firstOrganizationId), await evidence.exported.lastNumber(firstOrganizationId)];
    const lacks = (latest?.number ?? 0) - exported;
    return lacks <= 1
      ? []
      : [`${lacks} checkpoints are not in their second place yet. The log says why; XVC_EVIDENCE_DIR names the folder.`];
  } catch (error) {
    log.error("status", { message: error instanceof Error ? error.message : String(error) });
    return [`Checkpoints: ${error instanceof Error ? error.message : String(error)}`.slice(0, 300)];
  }
}

/** Null when the database cannot be asked: its probe says why. */
async function readInstallation(system: System): Promise<InstallationDocument | null> {
  const { home } = system.installation;
  try {
    const [{ rows }, disk, backedUpAtMs] = await Promise.all([
      system.pool.query<{ readonly version: string; readonly bytes: string }>(
        "select current_setting('server_version') as version, pg_database_size(current_database())::text as bytes",
      ),
      statfs(home),
      lastBackupAtMs(home),
    ]);
    return {
      database: `PostgreSQL ${rows[0]?.version ?? "of unknown version"}, ${system.database.kind}`,
      databaseBytes: Number(rows[0]?.bytes ?? 0),
      diskFreeBytes: Number(disk.bavail) * Number(disk.bsize),
      diskTotalBytes: Number(disk.blocks) * Number(disk.bsize),
      lastBackupAtMs: backedUpAtMs,
    };
  } catch (error) {
    system.log.error("status", { message: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

/** Share of the disk that must be free to take work. */
const leastFreeShare = 0.02;

/** Real probes: a write and a read in the database, a write and a read of content, room on the disk. */
export async function runProbes(system: System, only?: ProbeName): Promise<readonly ProbeDocument[]> {
  const found: ProbeDocument[] = [];
  for (const [name, run] of Object.entries(probesOf(system))) if (only === undefined || name === only) found.push(await probe(name, run));
  return found;
}

function probesOf(system: System): Readonly<Record<ProbeName, () => Promise<string>>> {
  return {
    async database() {
      const checkedAtMs = systemClock.nowMs();
      await system.pool.query("update xvc_system.probe set checked_at_ms = greatest(checked_at_ms, $1) where id = 1", [checkedAtMs]);
      const { rows } = await system.pool.query<{ readonly checked: number }>(
        "select checked_at_ms as checked from xvc_system.probe where id = 1",
      );
      if ((rows[0]?.checked ?? 0) < checkedAtMs)
        throw new Failure("unavailable", "server.probe-lost", { message: "A row that was just written could not be read back." });
      return "a row was written and read";
    },
    async content() {
      const sha256 = await system.content.write(new TextEncoder().encode("probe"));
      await system.content.read(sha256);
      return "content was written and read";
    },
    async disk() {
      const { bavail, blocks } = await statfs(system.installation.home);
      const share = Number(bavail) / Number(blocks);
      if (share < leastFreeShare)
        throw new Failure("unavailable", "server.disk-full", { message: `Only ${(share * 100).toFixed(1)} % of the disk is free.` });
      return `${(share * 100).toFixed(0)} % of the disk is free`;
    },
  };
}

async function probe(name: string, run: () => Promise<string>): Promise<ProbeDocument> {
  const startedMs = systemClock.monotonicMs();
  try {
    const message = await run();
    return { name, ok: true, durationMs: systemClock.monotonicMs() - startedMs, message };
  } catch (error) {
    return {
      name,
      ok: false,
      durationMs: systemClock.monotonicMs() - startedMs,
      message: error instanceof Error ? error.message.slice(0, 200) : String(error),
    };
  }
}
