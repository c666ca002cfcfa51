/** Letters that take no room, turn the text around or are not there at all. */
const hidden = /\p{Cc}|\p{Cf}|\p{Co}|\p{Cn}|\p{Zl}|\p{Zp}|\p{Variation_Selector}|\u115f|\u1160|\u3164|\uffa0/u;
const everyHidden = new RegExp(hidden.source, "gu");

const hex = (code: number): string => code.toString(16).toUpperCase().padStart(4, "0");

const spelled = (letter: string): string => (letter === "\n" ? letter : `\u27e8U+${hex(letter.codePointAt(0) ?? 0)}\u27e9`);

/** A text in which nothing is hidden: what cannot be seen is written by its number. Line ends stay. */
export const visibleText = (text: string): string => text.replaceAll(everyHidden, spelled);

/** A piece of a text as it is shown. `raw` of all pieces in a row is the text; `text` is what is put on the screen. */
export interface ShownRun {
  readonly raw: string;
  readonly text: string;
  /** `hidden`: nothing could be seen there; `lookalike`: letters that can be taken for others. */
  readonly mark: "hidden" | "lookalike" | null;
}

const scripts = ["Latin", "Cyrillic", "Greek", "Armenian", "Cherokee"] as const;
const scriptForms = scripts.map((script) => [script, new RegExp(`\\p{Script=${script}}`, "u")] as const);
const styled = /[\u{1D400}-\u{1D7FF}\uff00-\uffef\u2100-\u214f\u2460-\u24ff]/u;

/** Cyrillic and Greek letters that stand for a Latin one in most typefaces. Source: Unicode TR39, confusables */
const doubles: ReadonlySet<string> = new Set("асеорхуіјѕһԁԛԝАВЕЅІЈКМНОРСТХУαορνικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ");

const scriptOf = (letter: string): string | null => scriptForms.find(([, form]) => form.test(letter))?.[0] ?? null;

/** Whether the letters of one word can be taken for those of another: two alphabets in it, or one that only has doubles. */
function isLookalike(word: readonly string[]): boolean {
  const found = new Set(word.flatMap((letter) => scriptOf(letter) ?? []));
  if (found.size > 1) return true;
  return found.size === 1 && !found.has("Latin") && word.every((letter) => scriptOf(letter) === null || doubles.has(letter));
}

const markOf = (letter: string, isOdd: boolean): ShownRun["mark"] => {
  if (letter !== "\n" && hidden.test(letter)) return "hidden";
  const script = scriptOf(letter);
  return styled.test(letter) || (isOdd && script !== null && script !== "Latin") ? "lookalike" : null;
};

const isOfWord = (letter: string): boolean => /[\p{L}\p{M}\p{N}]/u.test(letter) || hidden.test(letter);

/**
 * A text in pieces, with everything marked that a reader could not see or could take for something else. `O(length)`; nothing is
 * left out.
 */
export function markedRuns(text: string): readonly ShownRun[] {
  const runs: ShownRun[] = [];
  let word: string[] = [];
  const push = (letters: readonly string[]): void => {
    const isOdd = letters.length > 1 && isLookalike(letters);
    for (const letter of letters) add(runs, letter, markOf(letter, isOdd));
  };
  for (const letter of text) {
    if (isOfWord(letter) && letter !== "\n") word.push(letter);
    else {
      push(word);
      word = [];
      push([letter]);
    }
  }
  push(word);
  return runs.map(({ raw, mark }) => ({ raw, mark, text: visibleText(raw) }));
}

function add(runs: ShownRun[], letter: string, mark: ShownRun["mark"]): void {
  const last = runs.at(-1);
  if (last !== undefined && last.mark === mark) runs[runs.length - 1] = { ...last, raw: last.raw + letter };
  else runs.push({ raw: letter, text: "", mark });
}
