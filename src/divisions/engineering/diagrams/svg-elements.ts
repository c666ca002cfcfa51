/** One mark or text of a picture, after everything that is not on the list was left out. */
export interface SvgPiece {
  readonly name: "g" | "path" | "polygon" | "polyline" | "ellipse" | "rect" | "line" | "text";
  readonly attributes: { readonly [name: string]: string };
  readonly text: string;
  readonly children: readonly SvgPiece[];
}

export interface ReadSvg {
  readonly box: readonly [left: number, top: number, width: number, height: number];
  readonly pieces: readonly SvgPiece[];
  /** Names of elements that were left out. */
  readonly dropped: readonly string[];
}

const number = /^-?\d*\.?\d+(?:e-?\d+)?(?:px|pt)?$/iu;
const numbers = /^[MmLlHhVvCcSsQqTtAaZz\d\s.,+eE-]*$/u;
const word = /^[\p{L}\p{N} ,.'_-]{1,100}$/u;
/** What may stand in each attribute; nothing that names an address is among them. */
const forms: ReadonlyMap<string, RegExp> = new Map([
  ...["x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "rx", "ry", "width", "height", "font-size", "stroke-width", "opacity"].map(
    (name) => [name, number] as const,
  ),
  ["d", numbers],
  ["points", numbers],
  ["stroke-dasharray", numbers],
  ["transform", /^(?:(?:translate|scale|rotate|matrix)\([\d\s.,e+-]*\)\s*)*$/u],
  ...["class", "text-anchor", "font-family", "font-weight", "font-style", "text-decoration"].map((name) => [name, word] as const),
  ["fill", /^(?:#[0-9a-f]{3,8}|[a-z]{1,30})$/iu],
  ["stroke", /^(?:#[0-9a-f]{3,8}|[a-z]{1,30})$/iu],
]);
const kept: ReadonlySet<string> = new Set(["g", "path", "polygon", "polyline", "ellipse", "rect", "line", "text"]);
/** Left out with all they hold; of every other unknown element, only the element itself is. */
const hollow: ReadonlySet<string> = new Set(["title", "desc", "style", "script", "defs", "foreignobject", "metadata"]);
const expected: ReadonlySet<string> = new Set(["svg", "title", "tspan"]);

const token = /<!--[\s\S]*?-->|<[!?][^>]*>|<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+\s*=\s*"[^"]*")*)\s*(\/?)>|[^<]+|</gu;

interface Open {
  readonly name: string;
  readonly attributes: { readonly [name: string]: string };
  readonly children: SvgPiece[];
  text: string;
}

/**
 * Reads a picture by a list of what is kept: shapes, texts and groups with plain attributes. Everything else is not written again, whatever
 * it is called, so that the result cannot hold a script, an address or a foreign document.
 */
export function readSvg(svg: string): ReadSvg {
  const open: Open[] = [{ name: "svg", attributes: {}, children: [], text: "" }];
  const dropped = new Set<string>();
  for (const found of svg.matchAll(token)) {
    const [whole, slash, name, given = "", closed] = found;
    if (name !== undefined) readTag(open, { name: name.toLowerCase(), given, isEnd: slash === "/", isWhole: closed === "/" }, dropped);
    else if (!whole.startsWith("<")) addText(open, whole);
  }
  while (open.length > 1) close(open, open.at(-1)?.name ?? "");
  const box = boxOf(/<svg\b[^>]*\sviewBox="([-\d.\s]+)"/u.exec(svg));
  return { box, pieces: open[0]?.children ?? [], dropped: [...dropped].toSorted() };
}

function boxOf(found: RegExpExecArray | null): ReadSvg["box"] {
  const [left = 0, upper = 0, width = 0, height = 0] = (found?.[1] ?? "").split(/\s+/u).map(Number);
  return [left, upper, width, height];
}

interface Tag {
  readonly name: string;
  readonly given: string;
  readonly isEnd: boolean;
  readonly isWhole: boolean;
}

function readTag(open: Open[], { name, given, isEnd, isWhole }: Tag, dropped: Set<string>): void {
  if (isEnd) return close(open, name);
  if (!kept.has(name) && !expected.has(name)) dropped.add(name);
  open.push({ name, attributes: attributesIn(given), children: [], text: "" });
  if (isWhole) close(open, name);
}

function addText(open: readonly Open[], text: string): void {
  const top = open.at(-1);
  if (top !== undefined) top.text += text;
}

/** Ends the innermost element of this name, and what was left open inside it. */
function close(open: Open[], name: string): void {
  const place = open.findLastIndex((one) => one.name === name);
  if (place < 1) return;
  while (open.length > place) {
    const done = open.pop();
    const parent = open.at(-1);
    if (done === undefined || parent === undefined || hollow.has(done.name)) continue;
    if (kept.has(done.name))
      parent.children.push({
        name: done.name as SvgPiece["name"], // one of the list
        attributes: done.attributes,
        text: done.name === "text" ? decoded(done.text) : "",
        children: done.children,
      });
    else {
      parent.children.push(...done.children);
      parent.text += done.text;
    }
  }
}

const attributesIn = (given: string): Open["attributes"] =>
  Object.fromEntries(
    [...given.matchAll(/([\w:-]+)\s*=\s*"([^"]*)"/gu)].flatMap(([, name = "", value = ""]) =>
      forms.get(name.toLowerCase())?.test(decoded(value)) === true ? [[name.toLowerCase(), decoded(value)]] : [],
    ),
  );

const words: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

const decoded = (text: string): string =>
  text.replaceAll(/&(?:#x?[0-9a-f]{1,7}|[a-z]{2,6});/giu, (whole) => {
    const name = whole.slice(1, -1).toLowerCase();
    if (!name.startsWith("#")) return words[name] ?? whole;
    const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
