/** What somebody who begins a task is told: the pieces that bear on it, chosen so that they fit, with the reason of each one in or out. */
import { areAlike, shinglesOf } from "./near-duplicates.ts";
import { estimateTokens, shortened, shortestForm } from "./shorten-text.ts";

/** In the order in which a pack is read. */
export const pieceKinds = [
  "brief",
  "task",
  "criteria",
  "objective",
  "decision",
  "principle",
  "input",
  "upstream",
  "fact",
  "pitfall",
  "similar",
] as const;
export type PieceKind = (typeof pieceKinds)[number];

/** Something that may be told. */
export interface Piece {
  /** Unique among the pieces; says where it comes from, such as `decision:<id>`. */
  readonly id: string;
  readonly kind: PieceKind;
  readonly title: string;
  readonly text: string;
  /** Binds whoever does the task: it is always told, shortened if it must be. */
  readonly pinned: boolean;
  /** 0 to 1; what a pinned piece has orders it among the pinned. */
  readonly relevance: number;
  /** Why it is looked at at all, as a sentence for people. */
  readonly reason: string;
}

/** One line of the manifest. */
export interface PackRow {
  readonly id: string;
  readonly kind: PieceKind;
  readonly title: string;
  readonly pinned: boolean;
  readonly relevance: number;
  /** Of what is told, or of the whole piece when it is left out; an estimate. */
  readonly tokens: number;
  readonly state: "whole" | "shortened" | "left-out";
  readonly reason: string;
  /** Why it is left out or shortened; null: it is told whole. */
  readonly why: string | null;
  /** The piece that says nearly the same; null: none does. */
  readonly duplicateOf: string | null;
}

export interface ContextPack {
  readonly kind: "packed";
  readonly budgetTokens: number;
  /** All that is told; at most the budget. */
  readonly tokens: number;
  /** What is told, in reading order, as it is told. */
  readonly pieces: readonly Piece[];
  /** Every piece once: those told in reading order, then the others by rank. */
  readonly manifest: readonly PackRow[];
}

/** Not even the shortest form of what must be told fits. */
export interface PackRefusal {
  readonly kind: "refused";
  readonly neededTokens: number;
  readonly message: string;
}

/** Upper and lower bounds of a budget, and what is taken when nobody says. */
export const packLimits = { minTokens: 100, maxTokens: 200_000, defaultTokens: 8_000, pieces: 2_000 } as const;

/** Below this relevance nothing is told that does not have to be: an empty place is better than noise. */
export const relevanceFloor = 0.25;

/** A piece as it stands in the pack. */
export const renderPiece = ({ kind, title, text }: Pick<Piece, "kind" | "title" | "text">): string => `## ${kind}: ${title}\n${text}\n\n`;

/** The pack as one text. */
export const renderPack = ({ pieces }: Pick<ContextPack, "pieces">): string => pieces.map(renderPiece).join("");

const tokensOf = (piece: Piece): number => estimateTokens(renderPiece(piece));

const kindOrder = new Map<PieceKind, number>(pieceKinds.map((kind, at) => [kind, at]));

const inReadingOrder = (left: Piece, right: Piece): number =>
  (kindOrder.get(left.kind) ?? 0) - (kindOrder.get(right.kind) ?? 0) || inRank(left, right);

const inRank = (left: Piece, right: Piece): number =>
  Number(right.pinned) - Number(left.pinned) ||
  right.relevance - left.relevance ||
  (kindOrder.get(left.kind) ?? 0) - (kindOrder.get(right.kind) ?? 0) ||
  (left.id < right.id ? -1 : 1);

/**
 * Chooses what is told within a budget. Pinned pieces first, the longest of them shortened when together they are too long; then the
 * others by relevance, each whole or not at all, without those that say what is told already. The same pieces in any order give the
 * same pack. `O(n log n)` and a comparison of each piece with those told.
 */
export function packContext(pieces: readonly Piece[], budgetTokens: number): ContextPack | PackRefusal {
  const ranked = pieces.toSorted(inRank);
  const pinned = fitPinned(
    ranked.filter((piece) => piece.pinned),
    budgetTokens,
  );
  if (pinned.kind === "refused") return pinned;
  const taken = fill(
    pinned.rows,
    ranked.filter((piece) => !piece.pinned),
    budgetTokens,
  );
  const told = taken.filter(({ row }) => row.state !== "left-out").toSorted((left, right) => inReadingOrder(left.piece, right.piece));
  return {
    kind: "packed",
    budgetTokens,
    tokens: told.reduce((sum, { row }) => sum + row.tokens, 0),
    pieces: told.map(({ piece }) => piece),
    manifest: [...told, ...taken.filter(({ row }) => row.state === "left-out")].map(({ row }) => row),
  };
}

/** A piece as it is told, or whole when it is not, with its line. */
interface Placed {
  readonly piece: Piece;
  readonly row: PackRow;
}

const rowOf = (piece: Piece, found: Partial<PackRow> = {}): PackRow => {
  const { id, kind, title, pinned, relevance, reason } = piece;
  return { id, kind, title, pinned, relevance, reason, tokens: tokensOf(piece), state: "whole", why: null, duplicateOf: null, ...found };
};

function fitPinned(
  pieces: readonly Piece[],
  budgetTokens: number,
): { readonly kind: "fits"; readonly rows: readonly Placed[] } | PackRefusal {
  const needed = sumTokens(pieces.map((piece) => ({ ...piece, text: shortestForm(piece.text) })));
  if (needed > budgetTokens)
    return {
      kind: "refused",
      neededTokens: needed,
      message: `What has to be told takes about ${needed} tokens in its shortest form; the budget is ${budgetTokens}. Ask with a budget of ${needed} or more.`,
    };
  const longest = pieces.reduce((most, piece) => Math.max(most, piece.text.length), 0);
  const fits = (maxChars: number): boolean => sumTokens(pieces.map((piece) => cut(piece, maxChars))) <= budgetTokens;
  const maxChars = fits(longest) ? longest : largest(longest, fits);
  return { kind: "fits", rows: pieces.map((piece) => placedPinned(piece, cut(piece, maxChars))) };
}

const cut = (piece: Piece, maxChars: number): Piece => ({ ...piece, text: shortened(piece.text, maxChars) });

const sumTokens = (pieces: readonly Piece[]): number => pieces.reduce((sum, piece) => sum + tokensOf(piece), 0);

/** The largest number below `from` for which it holds; it holds at 0, and from some number on no more. At most 32 tries. */
function largest(from: number, holds: (tried: number) => boolean): number {
  let [good, bad] = [0, from];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function placedPinned(whole: Piece, piece: Piece): Placed {
  if (piece.text === whole.text) return { piece, row: rowOf(piece) };
  const left = tokensOf(whole) - tokensOf(piece);
  return { piece, row: rowOf(piece, { state: "shortened", why: `Shortened by about ${left} tokens so that all that must be told fits.` }) };
}

function fill(pinned: readonly Placed[], others: readonly Piece[], budgetTokens: number): readonly Placed[] {
  const placed = [...pinned];
  const told = pinned.map(({ piece }) => ({ id: piece.id, title: piece.title, shingles: shinglesOf(piece.text) }));
  let left = budgetTokens - pinned.reduce((sum, { row }) => sum + row.tokens, 0);
  for (const piece of others) {
    const shingles = shinglesOf(piece.text);
    const same = told.find((one) => areAlike(one.shingles, shingles));
    const row = same === undefined ? roomRow(piece, left) : duplicateRow(piece, same);
    placed.push({ piece, row });
    if (row.state === "left-out") continue;
    told.push({ id: piece.id, title: piece.title, shingles });
    left -= row.tokens;
  }
  return placed;
}

const duplicateRow = (piece: Piece, same: { readonly id: string; readonly title: string }): PackRow =>
  rowOf(piece, { state: "left-out", why: `Says nearly the same as "${same.title}".`, duplicateOf: same.id });

function roomRow(piece: Piece, left: number): PackRow {
  if (piece.relevance < relevanceFloor) return rowOf(piece, { state: "left-out", why: "Shares too little with the task." });
  const row = rowOf(piece);
  if (row.tokens <= left) return row;
  return { ...row, state: "left-out", why: `It takes about ${row.tokens} tokens; ${left} were left.` };
}
