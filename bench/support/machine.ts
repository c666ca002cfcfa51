import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";
import process from "node:process";

/** Where the figures come from. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** Averages over 1, 5 and 15 minutes: what else ran meanwhile. */
  readonly load: readonly string[];
}

export const describeMachine = async (): Promise<Machine> => ({
  processor: cpus()[0]?.model.trim() ?? "unknown processor",
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 1024 ** 3),
  system: `${platform()} ${release()} ${arch()}`,
  node: process.versions.node,
  load: loadavg().map((one) => one.toFixed(2)),
});
