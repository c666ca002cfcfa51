const compareDigits = (left: string, right: string): number => left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);

/** Below 0 when the left position of the log comes first: `<transaction>-<position>`, each of any length. */
export function compareCursor(left: string, right: string): number {
  const [leftMajor = "0", leftMinor = "0"] = left.split("-");
  const [rightMajor = "0", rightMinor = "0"] = right.split("-");
  return compareDigits(leftMajor, rightMajor) || compareDigits(leftMinor, rightMinor);
}
