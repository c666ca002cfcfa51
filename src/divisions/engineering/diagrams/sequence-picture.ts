import type { Participant, Sequence, SequenceStep } from "./mermaid-sequence.ts";
import type { SvgPiece } from "./svg-elements.ts";

/** Sizes in pixels; text is 13 px, of which a letter takes about 7. */
const size = { letter: 7, line: 17, head: 40, gap: 46, edge: 24, least: 90, bar: 10, self: 34 };
const soft = "#5a5d66";

interface Drawing {
  readonly xs: ReadonlyMap<string, number>;
  readonly back: SvgPiece[];
  readonly front: SvgPiece[];
  readonly frames: { readonly top: number; readonly word: string }[];
  /** Where bars of activation began, the innermost last. */
  readonly active: Map<string, number[]>;
  y: number;
  count: number;
}

const piece = (name: SvgPiece["name"], attributes: { readonly [name: string]: string | number }, text = ""): SvgPiece => ({
  name,
  attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])),
  text,
  children: [],
});

const widthOf = (text: string): number => Math.max(...text.split("\n").map((line) => line.length)) * size.letter;

/** Draws a sequence from the top down; each step takes the height of its text. */
export function drawSequence({ participants, steps, numbered }: Sequence): {
  readonly pieces: readonly SvgPiece[];
  readonly box: readonly [number, number, number, number];
} {
  const xs = columnsOf(participants, steps);
  const drawing: Drawing = { xs, back: [], front: [], frames: [], active: new Map(), y: size.head + 30, count: 0 };
  for (const step of steps) drawStep(drawing, step, numbered);
  const bottom = drawing.y + 10;
  for (const [id, begins] of drawing.active) for (const top of begins) drawBar(drawing, { id, top, bottom, depth: 0 });
  const lines = participants.map(({ id }) => {
    const x = xs.get(id) ?? 0;
    return piece("line", { x1: x, y1: size.head, x2: x, y2: bottom, stroke: "#8b8fa3", "stroke-dasharray": "4 4" });
  });
  const heads = participants.flatMap((one) => [...drawHead(one, xs.get(one.id) ?? 0, 0), ...drawHead(one, xs.get(one.id) ?? 0, bottom)]);
  const pieces = [...lines, ...drawing.back, ...heads, ...drawing.front];
  return { pieces, box: boxAround(pieces) };
}

/** The rectangle around all that was drawn, with an edge; texts are as wide as they are taken to be. */
function boxAround(pieces: readonly SvgPiece[]): readonly [number, number, number, number] {
  let [left, top, right, bottom] = [0, 0, 0, 0];
  for (const { name, attributes, text } of pieces) {
    const at = (key: string): number => Number(attributes[key] ?? 0);
    const width = name === "text" ? widthOf(text) : at("width");
    const from = attributes["text-anchor"] === "middle" ? at("x") - width / 2 : at("x");
    left = Math.min(left, from);
    top = Math.min(top, at("y"));
    right = Math.max(right, from + width, at("x2"));
    bottom = Math.max(bottom, at("y") + at("height"));
  }
  return [left - size.edge, top - size.edge, right - left + 2 * size.edge, bottom - top + 2 * size.edge];
}

const headWidth = ({ label }: Participant): number => Math.max(size.least, widthOf(label) + 24);

/** Centres of the columns: neighbours are as far apart as their heads and the words between them ask for. */
function columnsOf(participants: readonly Participant[], steps: readonly SequenceStep[]): ReadonlyMap<string, number> {
  const place = new Map(participants.map(({ id }, index) => [id, index]));
  const gaps = participants.map((one, index) =>
    index === 0 ? headWidth(one) / 2 : (headWidth(participants[index - 1] ?? one) + headWidth(one)) / 2 + size.gap,
  );
  for (const step of steps) {
    const [first, last, needed] = spanOf(step, place);
    if (first < 0 || last >= participants.length || first === last) continue;
    const given = gaps.slice(first + 1, last + 1).reduce((sum, gap) => sum + gap, 0);
    for (let column = first + 1; given < needed && column <= last; column++)
      gaps[column] = (gaps[column] ?? 0) + (needed - given) / (last - first);
  }
  let x = 0;
  return new Map(participants.map(({ id }, index) => [id, (x += gaps[index] ?? 0)]));
}

/** Columns that a step lies between, and the width it needs there. */
function spanOf(step: SequenceStep, place: ReadonlyMap<string, number>): readonly [first: number, last: number, width: number] {
  if (step.kind === "message") {
    const [from, to] = [place.get(step.from) ?? 0, place.get(step.to) ?? 0];
    if (from === to) return [from, from + 1, widthOf(step.text) + size.self + 30];
    return [Math.min(from, to), Math.max(from, to), widthOf(step.text) + 50];
  }
  if (step.kind !== "note") return [0, 0, 0];
  const at = place.get(step.over[0] ?? "") ?? 0;
  const needed = widthOf(step.text) + 50;
  if (step.side === "left") return [at - 1, at, needed];
  return step.side === "right" ? [at, at + 1, needed] : [at - 1, at + 1, needed];
}

function drawHead({ label, isPerson }: Participant, x: number, y: number): readonly SvgPiece[] {
  const width = Math.max(size.least, widthOf(label) + 24);
  return [
    piece("rect", { x: x - width / 2, y, width, height: size.head, rx: isPerson ? 20 : 4, fill: "white", stroke: soft }),
    ...texts(label, { x, y: y + size.head / 2 + 5, anchor: "middle", weight: "bold" }),
  ];
}

interface Placed {
  readonly x: number;
  /** Base line of the middle of the text. */
  readonly y: number;
  readonly anchor: "start" | "middle";
  readonly weight?: string;
}

function texts(text: string, { x, y, anchor, weight = "normal" }: Placed): readonly SvgPiece[] {
  const lines = text.split("\n");
  const top = y - ((lines.length - 1) * size.line) / 2;
  return lines.map((line, index) =>
    piece(
      "text",
      {
        x,
        y: top + index * size.line,
        "text-anchor": anchor,
        "font-family": "Helvetica, Arial, sans-serif",
        "font-size": 13,
        "font-weight": weight,
      },
      line,
    ),
  );
}

function drawStep(drawing: Drawing, step: SequenceStep, numbered: boolean): void {
  switch (step.kind) {
    case "message":
      return drawMessage(drawing, step, numbered);
    case "note":
      return drawNote(drawing, step);
    case "frame":
      drawing.frames.push({ top: drawing.y, word: step.word });
      drawing.front.push(
        ...texts(`${step.word}  ${step.text === "" ? "" : `[${step.text}]`}`, {
          x: frameLeft(drawing) + 8,
          y: drawing.y + 16,
          anchor: "start",
          weight: "bold",
        }),
      );
      drawing.y += 34;
      return;
    case "branch":
      drawBranch(drawing, step.text);
      return;
    case "end":
      return endFrame(drawing);
    case "active":
      return activate(drawing, step.id, step.on);
  }
}

const frameLeft = ({ xs, frames }: Drawing): number => Math.min(...xs.values()) - 60 + frames.length * 8;
const frameRight = ({ xs, frames }: Drawing): number => Math.max(...xs.values()) + 60 - frames.length * 8;

function drawBranch(drawing: Drawing, text: string): void {
  const { y } = drawing;
  drawing.back.push(
    piece("line", { x1: frameLeft(drawing), y1: y, x2: frameRight(drawing), y2: y, stroke: "#8b8fa3", "stroke-dasharray": "6 4" }),
  );
  drawing.front.push(...texts(text === "" ? "" : `[${text}]`, { x: frameLeft(drawing) + 8, y: y + 16, anchor: "start", weight: "bold" }));
  drawing.y += 30;
}

function endFrame(drawing: Drawing): void {
  const frame = drawing.frames.at(-1);
  if (frame === undefined) return;
  const x = frameLeft(drawing);
  drawing.back.push(
    piece("rect", {
      x,
      y: frame.top,
      width: frameRight(drawing) - x,
      height: drawing.y - frame.top,
      fill: "none",
      stroke: "#8b8fa3",
      rx: 3,
    }),
  );
  drawing.frames.pop();
  drawing.y += 14;
}

function drawMessage(drawing: Drawing, step: Extract<SequenceStep, { readonly kind: "message" }>, numbered: boolean): void {
  drawing.count += 1;
  const text = numbered ? `${drawing.count}. ${step.text}` : step.text;
  const lines = text === "" ? 0 : text.split("\n").length;
  const [from, to] = [drawing.xs.get(step.from) ?? 0, drawing.xs.get(step.to) ?? 0];
  const y = drawing.y + lines * size.line;
  const dash = step.dashed ? { "stroke-dasharray": "5 4" } : {};
  if (from === to) {
    drawing.front.push(piece("path", { d: `M${from},${y} h${size.self} v20 h-${size.self - 2}`, fill: "none", stroke: soft, ...dash }));
    drawing.front.push(
      ...headOf(step.head, { x: from + 2, y: y + 20, towards: -1 }),
      ...texts(text, { x: from + size.self + 8, y: y + 14, anchor: "start" }),
    );
    drawing.y = y + 44;
    return;
  }
  const towards = to > from ? 1 : -1;
  drawing.front.push(
    piece("line", { x1: from, y1: y, x2: to - towards * 2, y2: y, stroke: soft, ...dash }),
    ...headOf(step.head, { x: to - towards * 2, y, towards }),
  );
  if (lines > 0) drawing.front.push(...texts(text, { x: (from + to) / 2, y: y - 6 - ((lines - 1) * size.line) / 2, anchor: "middle" }));
  drawing.y = y + 18;
}

function headOf(
  head: "arrow" | "open" | "cross" | "none",
  { x, y, towards }: { readonly x: number; readonly y: number; readonly towards: 1 | -1 },
): readonly SvgPiece[] {
  const back = x - towards * 9;
  if (head === "arrow")
    return [
      {
        ...piece("g", { class: "edge" }),
        children: [piece("polygon", { points: `${x},${y} ${back},${y - 5} ${back},${y + 5}`, fill: soft, stroke: soft })],
      },
    ];
  if (head === "open") return [piece("polyline", { points: `${back},${y - 5} ${x},${y} ${back},${y + 5}`, fill: "none", stroke: soft })];
  if (head === "none") return [];
  return [piece("path", { d: `M${x - 5},${y - 5} L${x + 5},${y + 5} M${x - 5},${y + 5} L${x + 5},${y - 5}`, fill: "none", stroke: soft })];
}

function drawNote(drawing: Drawing, { over, side, text }: Extract<SequenceStep, { readonly kind: "note" }>): void {
  const [first = 0, last = first] = over.map((id) => drawing.xs.get(id) ?? 0).toSorted((left, right) => left - right);
  const width = Math.max(widthOf(text) + 20, side === "over" && over.length > 1 ? last - first + 40 : 0);
  const x = side === "left" ? first - width - 14 : side === "right" ? first + 14 : (first + last) / 2 - width / 2;
  const height = text.split("\n").length * size.line + 12;
  drawing.front.push(piece("rect", { x, y: drawing.y, width, height, fill: "#fff5c2", stroke: "#a08b2f", rx: 2 }));
  drawing.front.push(...texts(text, { x: x + width / 2, y: drawing.y + height / 2 + 5, anchor: "middle" }));
  drawing.y += height + 14;
}

function activate(drawing: Drawing, id: string, on: boolean): void {
  const begins = drawing.active.get(id) ?? [];
  drawing.active.set(id, begins);
  if (on) begins.push(drawing.y - 18);
  else {
    const top = begins.pop();
    if (top !== undefined) drawBar(drawing, { id, top, bottom: drawing.y - 18, depth: begins.length });
  }
}

function drawBar(
  drawing: Drawing,
  { id, top, bottom, depth }: { readonly id: string; readonly top: number; readonly bottom: number; readonly depth: number },
): void {
  const x = (drawing.xs.get(id) ?? 0) - size.bar / 2 + depth * 4;
  drawing.back.push(piece("rect", { x, y: top, width: size.bar, height: Math.max(8, bottom - top), fill: "#dfe3ff", stroke: soft }));
}
