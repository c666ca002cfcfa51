import type { Computation, Material } from "../../core/gate/computation.ts";

export interface ComputingLimits {
  readonly timeLimitMs: number;
  readonly signal: AbortSignal;
}

/** Does the computing of tools that only compute, apart from this process' own work. */
export interface Computing {
  /** @throws {Failure} `tool.out-of-bounds` when it took more time or memory than it may; the signal's reason */
  compute(tool: string, material: Material, limits: ComputingLimits): Promise<Computation>;
}
