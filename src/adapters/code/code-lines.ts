import type { ReadableFile } from "./readable-file.ts";
import { syntaxOf } from "./languages.ts";
import { readLines } from "./line-reader.ts";

/** The code lines of one file as figures: equal lines have equal hashes. Three arrays of one length. */
export interface CodeLines {
  readonly path: string;
  readonly language: string;
  /** 1-based. */
  readonly lines: Uint32Array;
  readonly hashes: Float64Array;
  readonly tokens: Uint16Array;
}

const importLine =
  /^(import\b|from\s+\S+\s+import\b|export\s.{0,400}\sfrom\s|#\s*include\b|use\s|using\s|package\s|(const|let|var)\s.{0,400}=\s*require\()/;
const token = /\w+|[^\w\s]/g;

/** Code lines without spacing, comments and imports: lists of imports are alike by nature, not by copying. */
export function readCodeLines(file: ReadableFile): CodeLines {
  const lines: number[] = [];
  const hashes: number[] = [];
  const tokens: number[] = [];
  const { code } = readLines(file.text, syntaxOf(file.language));
  for (const [index, line] of code.entries()) {
    if (line === "" || importLine.test(line)) continue;
    lines.push(index + 1);
    hashes.push(hashOf(line));
    tokens.push(Math.min(line.match(token)?.length ?? 0, 65_535));
  }
  return {
    path: file.path,
    language: file.language ?? "",
    lines: Uint32Array.from(lines),
    hashes: Float64Array.from(hashes),
    tokens: Uint16Array.from(tokens),
  };
}

/** Two 32-bit FNV-1a passes with different seeds, spacing left out, as one integer below 2^53. Source: Fowler, Noll, Vo. */
function hashOf(line: string): number {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let index = 0; index < line.length; index += 1) {
    const unit = line.charCodeAt(index);
    if (unit === 32 || unit === 9 || unit === 13) continue;
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
}
