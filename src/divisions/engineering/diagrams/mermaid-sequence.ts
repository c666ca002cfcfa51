import { UnreadLine } from "./diagram-graph.ts";
import { type SourceLine, partOf, shownText } from "./mermaid-text.ts";

export interface Participant {
  readonly id: string;
  readonly label: string;
  readonly isPerson: boolean;
}

export type SequenceStep =
  | {
      readonly kind: "message";
      readonly from: string;
      readonly to: string;
      readonly text: string;
      readonly dashed: boolean;
      readonly head: "arrow" | "open" | "cross" | "none";
    }
  | { readonly kind: "note"; readonly over: readonly string[]; readonly side: "left" | "right" | "over"; readonly text: string }
  | { readonly kind: "frame"; readonly word: string; readonly text: string }
  /** Another branch of the innermost frame. */
  | { readonly kind: "branch"; readonly text: string }
  | { readonly kind: "end" }
  | { readonly kind: "active"; readonly id: string; readonly on: boolean };

export interface Sequence {
  readonly participants: readonly Participant[];
  readonly steps: readonly SequenceStep[];
  readonly numbered: boolean;
}

const limits = { participants: 30, steps: 400, depth: 8 };

interface SequenceReading {
  readonly participants: Map<string, Participant>;
  readonly steps: SequenceStep[];
  readonly frames: string[];
  numbered: boolean;
}

const name = "[\\p{L}\\p{N}_][\\p{L}\\p{N}_ .]*?";
const message = new RegExp(`^(${name})\\s*(-->>|->>|-->|->|--x|-x|--\\)|-\\))\\s*([+-])?\\s*(${name})\\s*:\\s*(.*)$`, "u");
const branches: { readonly [word: string]: string } = { else: "alt", and: "par", option: "critical" };

/** What is read of a sequence diagram: participants, messages, notes, frames with branches, activation and numbers. */
export function readSequence(lines: readonly SourceLine[]): Sequence {
  const reading: SequenceReading = { participants: new Map(), steps: [], frames: [], numbered: false };
  for (const line of lines) {
    readStep(reading, line);
    if (reading.steps.length > limits.steps) throw new UnreadLine(line.number, `More than ${limits.steps} steps.`);
    if (reading.participants.size > limits.participants)
      throw new UnreadLine(line.number, `More than ${limits.participants} participants.`);
  }
  const open = reading.frames.at(-1);
  if (open !== undefined) throw new UnreadLine(lines.at(-1)?.number ?? 1, `The frame "${open}" has no end.`);
  return { participants: [...reading.participants.values()], steps: reading.steps, numbered: reading.numbered };
}

function known({ participants }: SequenceReading, id: string): string {
  const plain = id.trim();
  if (!participants.has(plain)) participants.set(plain, { id: plain, label: plain, isPerson: false });
  return plain;
}

function readStep(reading: SequenceReading, line: SourceLine): void {
  const { text } = line;
  if (text === "autonumber") reading.numbered = true;
  else if (text === "end") endFrame(reading, line);
  else if (
    !(
      readNamed(reading, line) ||
      readMessage(reading, line) ||
      readNote(reading, line) ||
      readFrame(reading, line) ||
      readActive(reading, line)
    )
  )
    throw new UnreadLine(line.number, `${JSON.stringify(text.slice(0, 40))} is not read in a sequence diagram.`);
}

function readNamed({ participants }: SequenceReading, line: SourceLine): boolean {
  const found = /^(participant|actor)\s+(\S+)(?:\s+as\s+(.+))?$/u.exec(line.text);
  const id = found?.[2];
  if (found === null || id === undefined) return false;
  participants.set(id, { id, label: shownText(line, found[3] ?? id), isPerson: found[1] === "actor" });
  return true;
}

function readMessage(reading: SequenceReading, line: SourceLine): boolean {
  const found = message.exec(line.text);
  if (found === null) return false;
  const [from, to] = [known(reading, partOf(found, 1)), known(reading, partOf(found, 4))];
  const arrow = partOf(found, 2);
  reading.steps.push({
    kind: "message",
    from,
    to,
    text: shownText(line, partOf(found, 5)),
    dashed: arrow.startsWith("--"),
    head: headOf(arrow),
  });
  const isBegin = found[3] === "+";
  if (found[3] !== undefined) reading.steps.push({ kind: "active", id: isBegin ? to : from, on: isBegin });
  return true;
}

const headOf = (arrow: string): "arrow" | "open" | "cross" | "none" =>
  arrow.endsWith(">>") ? "arrow" : arrow.endsWith("x") ? "cross" : arrow.endsWith(")") ? "open" : "none";

function readNote(reading: SequenceReading, line: SourceLine): boolean {
  const found = /^note\s+(left of|right of|over)\s+([^:]+):\s*(.*)$/iu.exec(line.text);
  if (found === null) return false;
  const over = (found[2] ?? "").split(",").map((id) => known(reading, id));
  if (over.length > 2) throw new UnreadLine(line.number, "A note stands over one or two participants.");
  const side = found[1]?.toLowerCase() === "left of" ? "left" : found[1]?.toLowerCase() === "right of" ? "right" : "over";
  reading.steps.push({ kind: "note", over, side, text: shownText(line, found[3] ?? "") });
  return true;
}

function readFrame(reading: SequenceReading, line: SourceLine): boolean {
  const found = /^(loop|alt|opt|par|critical|break|else|and|option)\b\s*(.*)$/u.exec(line.text);
  const word = found?.[1];
  if (found === null || word === undefined) return false;
  const text = shownText(line, found[2] ?? "");
  const inside = branches[word];
  if (inside !== undefined) {
    if (reading.frames.at(-1) !== inside) throw new UnreadLine(line.number, `"${word}" stands only in "${inside}".`);
    reading.steps.push({ kind: "branch", text });
    return true;
  }
  if (reading.frames.length >= limits.depth) throw new UnreadLine(line.number, `Frames are nested deeper than ${limits.depth}.`);
  reading.frames.push(word);
  reading.steps.push({ kind: "frame", word, text });
  return true;
}

function endFrame({ frames, steps }: SequenceReading, line: SourceLine): void {
  if (frames.pop() === undefined) throw new UnreadLine(line.number, "There is no frame to end.");
  steps.push({ kind: "end" });
}

function readActive(reading: SequenceReading, line: SourceLine): boolean {
  const found = /^(activate|deactivate)\s+(.+)$/u.exec(line.text);
  if (found === null) return false;
  reading.steps.push({ kind: "active", id: known(reading, found[2] ?? ""), on: found[1] === "activate" });
  return true;
}
