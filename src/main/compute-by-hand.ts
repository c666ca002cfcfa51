import type { Computation, Material } from "../core/gate/computation.ts";
import { Failure } from "../core/shared/failure.ts";
import { visionTools } from "../divisions/engineering/vision-tools.ts";
import { threadComputing } from "./compute-in-thread.ts";

/** Runs a tool that only computes for the person who types. @throws {Failure} `tool.not-by-hand`, `tool.out-of-bounds` */
export async function computeByHand(tool: string, material: Material, signal: AbortSignal): Promise<Computation> {
  const found = visionTools.find(({ name }) => name === tool);
  if (found === undefined)
    throw new Failure("not-found", "tool.not-by-hand", {
      message: `No tool "${tool.slice(0, 100)}" is run by hand; there are ${visionTools.map(({ name }) => name).join(", ")}.`,
    });
  return threadComputing.compute(tool, material, { timeLimitMs: found.timeLimitMs, signal });
}
