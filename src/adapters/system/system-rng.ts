import { randomBytes } from "node:crypto";
import type { Rng } from "../../engine/ports/clock.ts";

/** Numbers from the system's generator. Rare branches for simulation never happen here. */
export const systemRng: Rng = {
  next: () => randomBytes(6).readUIntBE(0, 6) / 0x1_0000_0000_0000,
  chance: () => false,
};
