import { randomBytes } from "node:crypto";
import type { Ids } from "../../engine/ports/clock.ts";

const randomHex = (bytes: number): string => randomBytes(bytes).toString("hex");

/**
 * UUIDs of version 7 that grow with every call of one process, also within a millisecond and when the wall clock goes back.
 * Source: RFC 9562, section 5.7, with the 12 bits after the version as a counter (section 6.2, method 1).
 */
export function createSystemIds(nowMs: () => number = () => Date.now()): Ids {
  let lastMs = 0;
  let counter = 0;
  return {
    next() {
      const wallMs = nowMs();
      if (wallMs > lastMs) {
        lastMs = wallMs;
        counter = randomBytes(2).readUInt16BE() & 0x7ff; // the upper half stays free for counting
      } else if (counter === 0xfff) {
        lastMs += 1;
        counter = 0;
      } else {
        counter += 1;
      }
      const time = lastMs.toString(16).padStart(12, "0");
      const random = randomHex(8);
      const variant = ((Number.parseInt(random.slice(0, 1), 16) & 0x3) | 0x8).toString(16);
      return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, "0")}-${variant}${random.slice(1, 4)}-${random.slice(4)}`;
    },
    secret: () => randomBytes(32).toString("base64url"),
  };
}
