import type { System } from "./open-system.ts";

/** Prometheus text with what a person on duty looks at first; bounded label sets. */
export async function metricsText(system: System): Promise<string> {
  const memory = process.memoryUsage();
  const { rows } = await system.pool.query<{ readonly workers: number }>(
    "select count(*)::int as workers from xvc_system.worker_lease where lost_at is null",
  );
  const lines = [
    "# HELP xvc_process_resident_bytes Resident memory of this process.",
    "# TYPE xvc_process_resident_bytes gauge",
    `xvc_process_resident_bytes ${memory.rss}`,
    "# HELP xvc_pool_connections Database connections of this process by state.",
    "# TYPE xvc_pool_connections gauge",
    `xvc_pool_connections{state="idle"} ${system.pool.idleCount}`,
    `xvc_pool_connections{state="open"} ${system.pool.totalCount}`,
    `xvc_pool_connections{state="waiting"} ${system.pool.waitingCount}`,
    "# HELP xvc_workers Workers whose lease is live.",
    "# TYPE xvc_workers gauge",
    `xvc_workers ${rows[0]?.workers ?? 0}`,
  ];
  return `${lines.join("\n")}\n`;
}
