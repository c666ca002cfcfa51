import { vectorCaps } from "../../engine/ports/vectors.ts";

/**
 * Vectors by their number, so that a search reads from the database only which of them it may compare. What a number stands for never
 * changes; whether it may be seen the database says each time.
 */
export interface VectorShelf {
  get(number: number): Float32Array | undefined;
  put(number: number, vector: Float32Array): void;
}

/** At most `vectorCaps.comparedBytes`; what was put there first goes first. */
export function vectorShelf(mostBytes: number = vectorCaps.comparedBytes): VectorShelf {
  const known = new Map<number, Float32Array>();
  let bytes = 0;
  return {
    get: (number) => known.get(number),
    put(number, vector) {
      if (known.has(number)) return;
      known.set(number, vector);
      bytes += vector.byteLength;
      for (const [oldest, { byteLength }] of known) {
        if (bytes <= mostBytes) break;
        known.delete(oldest);
        bytes -= byteLength;
      }
    },
  };
}
