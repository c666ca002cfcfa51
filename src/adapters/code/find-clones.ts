import { setImmediate as nextTurn } from "node:timers/promises";
import type { CloneFact, CodeRange } from "../../core/shared/repository-facts.ts";
import type { CodeLines } from "./code-lines.ts";

/** The customary lower bound below which repetition is idiom, not copy. */
export const cloneRule = { minCodeLines: 5, minTokens: 50, maxClones: 20_000, maxCandidates: 32, maxLines: 2_000_000 } as const;

interface Place {
  readonly file: number;
  readonly index: number;
}

export interface FoundClones {
  readonly clones: readonly CloneFact[];
  /** Code lines in at least one clone, by place in the list of files. */
  readonly marked: readonly ReadonlySet<number>[];
  readonly truncated: boolean;
}

/**
 * Finds runs of equal code lines: a window of `minCodeLines` hashes leads to earlier places, each is extended as far as lines
 * agree, and the longest wins; the search goes on behind it. Expected linear. Source: Rabin-Karp matching over lines, after
 * Baker, On Finding Duplication and Near-Duplication in Large Software Systems, WCRE 1995.
 */
export async function findClones(files: readonly CodeLines[], signal: AbortSignal): Promise<FoundClones> {
  const windows = new Map<number, Place[]>();
  const clones: CloneFact[] = [];
  const marked = files.map(() => new Set<number>());
  let read = 0;
  for (const [file, lines] of files.entries()) {
    // The loop is our own, but a tree may be large: give way so that the signal is heard.
    await nextTurn();
    signal.throwIfAborted();
    read += lines.lines.length;
    if (read > cloneRule.maxLines || clones.length >= cloneRule.maxClones) return { clones, marked, truncated: true };
    scanFile({ files, file, windows, clones, marked });
  }
  return { clones, marked, truncated: false };
}

interface Scan {
  readonly files: readonly CodeLines[];
  readonly file: number;
  readonly windows: Map<number, Place[]>;
  readonly clones: CloneFact[];
  readonly marked: readonly Set<number>[];
}

function scanFile(scan: Scan): void {
  const lines = scan.files[scan.file];
  if (lines === undefined) return;
  let coveredUntil = 0;
  for (let index = 0; index + cloneRule.minCodeLines <= lines.hashes.length; index += 1) {
    const key = windowKey(lines.hashes, index);
    const places = scan.windows.get(key);
    if (index >= coveredUntil && places !== undefined) {
      const match = longest(scan, places, index);
      if (match !== null) {
        record(scan, index, match);
        coveredUntil = index + match.length;
      }
    }
    if (places === undefined) scan.windows.set(key, [{ file: scan.file, index }]);
    else if (places.length < cloneRule.maxCandidates) places.push({ file: scan.file, index });
  }
}

function windowKey(hashes: Float64Array, from: number): number {
  let key = 0;
  for (let index = from; index < from + cloneRule.minCodeLines; index += 1) key = (key * 31 + (hashes[index] ?? 0)) % 9_007_199_254_740_881;
  return key;
}

function longest(scan: Scan, places: readonly Place[], index: number): { readonly place: Place; readonly length: number } | null {
  let best: { readonly place: Place; readonly length: number } | null = null;
  for (const place of places) {
    const length = agreeing(scan, place, index);
    if (length > (best?.length ?? 0)) best = { place, length };
  }
  return best !== null && best.length >= cloneRule.minCodeLines && tokensOf(scan, index, best.length) >= cloneRule.minTokens ? best : null;
}

function agreeing(scan: Scan, place: Place, index: number): number {
  const here = scan.files[scan.file];
  const there = scan.files[place.file];
  if (here === undefined || there === undefined || here.language !== there.language) return 0;
  // A range never overlaps its own copy.
  const most = Math.min(here.hashes.length - index, place.file === scan.file ? index - place.index : there.hashes.length - place.index);
  let length = 0;
  while (length < most && here.hashes[index + length] === there.hashes[place.index + length]) length += 1;
  return length;
}

function tokensOf(scan: Scan, index: number, length: number): number {
  let tokens = 0;
  for (let at = index; at < index + length; at += 1) tokens += scan.files[scan.file]?.tokens[at] ?? 0;
  return tokens;
}

function record(scan: Scan, index: number, { place, length }: { readonly place: Place; readonly length: number }): void {
  scan.clones.push({
    first: rangeOf(scan.files[place.file], place.index, length),
    second: rangeOf(scan.files[scan.file], index, length),
    codeLines: length,
    tokens: tokensOf(scan, index, length),
  });
  for (let offset = 0; offset < length; offset += 1) {
    scan.marked[place.file]?.add(place.index + offset);
    scan.marked[scan.file]?.add(index + offset);
  }
}

function rangeOf(lines: CodeLines | undefined, index: number, length: number): CodeRange {
  return { file: lines?.path ?? "", line: lines?.lines[index] ?? 0, endLine: lines?.lines[index + length - 1] ?? 0 };
}
