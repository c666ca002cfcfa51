/** Labels chosen in a list, as they stand in the address. Pure. */

/** More than this many are not acted on at once. */
export const maxSelected = 50;

export const readSelected = (text: string | undefined): readonly string[] =>
  (text ?? "")
    .split(",")
    .filter((label) => label !== "")
    .slice(0, maxSelected);

/** With the label, or without it when it was there; undefined: none is left. */
export function toggled(text: string | undefined, label: string): string | undefined {
  const before = readSelected(text);
  const after = before.includes(label) ? before.filter((one) => one !== label) : [...before, label].slice(0, maxSelected);
  return after.length === 0 ? undefined : after.join(",");
}
