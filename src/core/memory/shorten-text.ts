/** Tokens that a text is taken to cost: an estimate of one for four characters. Prose in English costs about that; other scripts cost more. */
export const estimateTokens = (text: string): number => Math.ceil(text.length / 4);

/** Characters of the first paragraph that even the shortest form keeps. */
export const shortestChars = 240;

const mark = (left: number): string => `[shortened: ${left} characters left out]`;

/** The first paragraph, cut behind a word when it is long, with the mark; the text itself when that is no longer. */
export function shortestForm(text: string): string {
  const [first = ""] = text.split(/\n[ \t]*\n/u);
  const kept = first.length <= shortestChars ? first : cutAtWord(first);
  const short = marked(text, kept);
  return short.length < text.length ? short : text;
}

function cutAtWord(text: string): string {
  const cut = text.slice(0, shortestChars);
  const at = cut.search(/\s\S*$/u);
  // A pair of surrogates is one sign: half of it is none.
  return (at > shortestChars / 2 ? cut.slice(0, at) : cut.replace(/[\uD800-\uDBFF]$/u, "")).trimEnd();
}

const marked = (text: string, kept: string): string => `${kept}\n\n${mark(text.length - kept.length)}`;

/** The text in at most so many characters: whole, or as many of its first paragraphs as fit with the mark, or its shortest form, whatever that costs. */
export function shortened(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  let best = shortestForm(text);
  for (const end of paragraphEnds(text)) {
    const form = marked(text, text.slice(0, end));
    if (form.length > maxChars) break;
    if (form.length > best.length) best = form;
  }
  return best;
}

/** Where each paragraph ends, in order. */
const paragraphEnds = (text: string): readonly number[] => Array.from(text.matchAll(/\n[ \t]*\n/gu), ({ index }) => index);

/** Paragraphs put together into parts of at most so many characters; a longer paragraph is cut. At most `maxParts`; the rest is not looked at. */
export function partsOf(text: string, { maxChars, maxParts }: { readonly maxChars: number; readonly maxParts: number }): readonly string[] {
  const parts: string[] = [];
  let open = "";
  for (const paragraph of text.split(/\n[ \t]*\n/u).flatMap((one) => slices(one.trim(), maxChars))) {
    if (open !== "" && open.length + 2 + paragraph.length > maxChars) {
      parts.push(open);
      open = "";
      if (parts.length === maxParts) return parts;
    }
    open = open === "" ? paragraph : `${open}\n\n${paragraph}`;
  }
  return open === "" ? parts : [...parts, open];
}

function slices(text: string, maxChars: number): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at += maxChars) found.push(text.slice(at, at + maxChars));
  return found;
}
