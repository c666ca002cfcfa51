// Control characters, and marks that turn the direction of reading: what is shown must be what is there.
const hidden = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text from a stranger made visible: hidden characters stand as `\u{a}`. */
export function visible(text: string): string {
  return text.replace(hidden, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Text as text or a double-quoted attribute of HTML and SVG. */
export function escapeHtml(text: string): string {
  return visible(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A coordinate of a drawing: a tenth of a point is as fine as anybody sees. */
export const coordinate = (value: number): number => Math.round(value * 10) / 10;
