import type { MemoryEngine } from "../../src/adapters/in-process/memory-durable.ts";
import type { MemoryRecord, RowChain, RowVersion } from "../../src/adapters/in-process/memory-record.ts";
import type { CommandRow, EngineRow, EventRow, Fields, HistoryRow, StateRow, World } from "../../verify/world.ts";

const bookkeeping = new Set(["id", "version", "eventCount"]);

const fieldsOf = (version: RowVersion): Fields =>
  Object.fromEntries(Object.entries(version.row).filter(([field]) => !bookkeeping.has(field))) as Fields; // rows are JSON

const stateRow = (chain: RowChain, version: RowVersion): StateRow => ({
  organizationId: chain.organizationId,
  projectId: chain.projectId,
  kind: chain.kind,
  id: chain.id,
  version: version.row.version,
  eventCount: version.row.eventCount,
  fields: fieldsOf(version),
});

const historyRows = (chain: RowChain): readonly HistoryRow[] =>
  chain.versions.map((version, place) => ({
    ...stateRow(chain, version),
    operation: place === 0 ? "insert" : "update",
    recordedAtMs: version.recordedAtMs,
    actorKind: version.actor.kind,
    actorId: version.actor.id,
    cause: version.cause,
  }));

const engineStatus = { queued: "queued", running: "running", done: "done", failed: "failed", cancelled: "cancelled" } as const;

/** Writes a simulation's memory down in the rows that the world checker reads. */
export function dumpWorld(
  record: MemoryRecord,
  engine: MemoryEngine,
  moment: { readonly readAtMs: number; readonly settled: boolean },
): World {
  const chains = [...record.tables.values()].flatMap((table) => table.order);
  const events = record.events.map((event): EventRow => ({
    organizationId: event.organizationId,
    projectId: event.projectId,
    transaction: String(event.transaction),
    position: event.sequence,
    subjectKind: event.subjectKind,
    subjectId: event.subjectId,
    number: event.number,
    kind: event.kind,
    actorKind: event.actor.kind,
    actorId: event.actor.id,
    cause: event.cause,
    atMs: event.atMs,
    recordedAtMs: event.recordedAtMs,
    data: event.data,
  }));
  const commands = [...record.commands.values()].map((command): CommandRow => ({ ...command, outcome: command.outcome as Fields }));
  const jobs = [...engine.jobs.values()].map((job): EngineRow => ({
    id: job.id,
    status: engineStatus[job.state],
    executorId: job.executorId,
  }));
  return {
    format: "xvc.world/1",
    ...moment,
    rows: chains.flatMap((chain) => {
      const last = chain.versions.at(-1);
      return last === undefined ? [] : [stateRow(chain, last)];
    }),
    history: chains.flatMap(historyRows),
    events,
    commands,
    engine: jobs,
  };
}
