import { readXml } from "./read-xml.ts";

/** What a Word document's own code says about its text. */
export interface DocxMarks {
  readonly insertions: number;
  readonly deletions: number;
  readonly comments: number;
  /** Pieces of text that are marked as not shown. */
  readonly unseen: number;
  /** The code without those pieces. */
  readonly shown: string;
}

interface Run {
  readonly from: number;
  isUnseen: boolean;
  isInProperties: boolean;
}

/** Reads one part, and takes out the runs that Word does not show. @throws {Failure} `tool.document-refused`, `tool.document-limit` */
export function docxMarks(code: string, part: string): DocxMarks {
  const counts = { insertions: 0, deletions: 0, comments: 0 };
  const runs: Run[] = [];
  const cuts: { readonly from: number; readonly to: number }[] = [];
  readXml(code, part, {
    open: (name, attribute, from) => {
      if (name === "r") runs.push({ from, isUnseen: false, isInProperties: false });
      const run = runs.at(-1);
      if (name === "rPr" && run !== undefined) run.isInProperties = true;
      if (name === "vanish" && run?.isInProperties === true && !isOff(attribute("val"))) run.isUnseen = true;
      count(counts, name);
    },
    close: (name, to) => {
      const run = runs.at(-1);
      if (name === "rPr" && run !== undefined) run.isInProperties = false;
      if (name !== "r") return;
      runs.pop();
      // A run inside of one that is taken out goes with it.
      if (run?.isUnseen === true && runs.every(({ isUnseen }) => !isUnseen)) cuts.push({ from: run.from, to });
    },
  });
  return { ...counts, unseen: cuts.length, shown: without(code, cuts) };
}

const isOff = (value: string | undefined): boolean => value !== undefined && ["0", "false", "off"].includes(value);

function count(counts: { insertions: number; deletions: number; comments: number }, name: string): void {
  if (name === "ins" || name === "moveTo") counts.insertions += 1;
  if (name === "del" || name === "moveFrom") counts.deletions += 1;
  if (name === "commentReference") counts.comments += 1;
}

function without(code: string, cuts: readonly { readonly from: number; readonly to: number }[]): string {
  if (cuts.length === 0) return code;
  const pieces: string[] = [];
  let at = 0;
  for (const { from, to } of cuts.toSorted((left, right) => left.from - right.from)) {
    if (from > at) pieces.push(code.slice(at, from));
    at = Math.max(at, to);
  }
  return [...pieces, code.slice(at)].join("");
}

/** The paragraphs of a part that is shown apart from the text, such as a header. @throws {Failure} as `docxMarks` */
export function paragraphsOf(code: string, part: string): readonly string[] {
  const paragraphs: string[] = [];
  let said = "";
  let isText = false;
  readXml(code, part, {
    open: (name) => {
      if (name === "t") isText = true;
      if (name === "tab" || name === "br") said += " ";
    },
    close: (name) => {
      if (name === "t") isText = false;
      if (name !== "p") return;
      if (said.trim() !== "") paragraphs.push(said.trim());
      said = "";
    },
    text: (text) => {
      if (isText) said += text;
    },
  });
  return paragraphs;
}
