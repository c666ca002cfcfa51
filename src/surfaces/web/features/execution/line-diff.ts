/** How two texts differ, line by line. Pure. */

export interface DiffLine {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

/** Lines of one side; longer texts are compared up to here. The table of the comparison has the square of it. */
export const maxLines = 1_500;
/** Lines around a change that are shown. */
const around = 3;

/** The longest common subsequence of lines, as a list of steps. `O(lines of one x lines of the other)`. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const old = before.split("\n").slice(0, maxLines);
  const now = after.split("\n").slice(0, maxLines);
  const width = now.length + 1;
  const length = new Uint16Array((old.length + 1) * width);
  for (let row = old.length - 1; row >= 0; row -= 1)
    for (let column = now.length - 1; column >= 0; column -= 1)
      length[row * width + column] =
        old[row] === now[column]
          ? (length[(row + 1) * width + column + 1] ?? 0) + 1
          : Math.max(length[(row + 1) * width + column] ?? 0, length[row * width + column + 1] ?? 0);
  return walk({ old, now, width, length });
}

interface Compared {
  readonly old: readonly string[];
  readonly now: readonly string[];
  readonly width: number;
  readonly length: Uint16Array;
}

function walk(compared: Compared): readonly DiffLine[] {
  const { old, now } = compared;
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  // Each step moves on one side at least, so it ends.
  while (row < old.length || column < now.length) {
    const kind = stepAt(compared, row, column);
    lines.push({ kind, text: (kind === "added" ? now[column] : old[row]) ?? "" });
    if (kind !== "added") row += 1;
    if (kind !== "removed") column += 1;
  }
  return lines;
}

function stepAt({ old, now, width, length }: Compared, row: number, column: number): DiffLine["kind"] {
  if (column >= now.length) return "removed";
  if (row >= old.length) return "added";
  if (old[row] === now[column]) return "same";
  return (length[row * width + column + 1] ?? 0) > (length[(row + 1) * width + column] ?? 0) ? "added" : "removed";
}

/** Only the changes with a few lines around each; null stands for lines that are left out. */
export function changedParts(lines: readonly DiffLine[]): readonly (DiffLine | null)[] {
  const near = lines.map((_, at) => lines.slice(Math.max(0, at - around), at + around + 1).some((line) => line.kind !== "same"));
  return lines.flatMap((line, at) => (near[at] === true ? [line] : near[at - 1] === true || at === 0 ? [null] : []));
}
