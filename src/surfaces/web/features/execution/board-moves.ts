import { type BoardColumn, columnOfState, columnOrder } from "../../../../core/execution/board.ts";
import type { BoardCard, BoardDocument } from "../../../../contract/task-contract.ts";

/** What the reader may do is the server's to say; this tells beforehand which moves there are, and why not the others. */
export const columnNames: Readonly<Record<BoardColumn, string>> = {
  waiting: "Waiting",
  ready: "Ready",
  working: "At work",
  review: "In review",
  held: "Held up",
  done: "Done",
};

/** Pure: the command a move is, or why there is none. */
export type BoardMove =
  | { readonly kind: "command"; readonly action: "claim" | "release" | "retry"; readonly reversible: boolean }
  | { readonly kind: "form"; readonly what: "submit" }
  | { readonly kind: "none"; readonly why: string };

type Movable = Pick<BoardCard, "state" | "mine" | "mayClaim" | "executor" | "blockedBy">;

const none = (why: string): BoardMove => ({ kind: "none", why });

const toReview = (card: Movable): BoardMove => {
  if (card.mine) return { kind: "form", what: "submit" };
  return none(
    card.state === "running" || card.state === "assigned" ? "Only who holds it hands it in." : "It is handed in by whoever does it.",
  );
};

const moves: Readonly<Record<BoardColumn, (card: Movable) => BoardMove>> = {
  waiting: () => none("A task waits only for tasks it depends on; the plan says which."),
  ready: (card) => toReady(card),
  working: (card) => toWorking(card),
  review: toReview,
  held: () => none("A task is held up by a question or a failure, not by hand. Pause its request to hold everything."),
  done: () => none("Only its checks and its reviewer pass a task."),
};

/** The move of a card to a column, as commands that exist. */
export const moveTo = (card: Movable, to: BoardColumn): BoardMove =>
  columnOfState(card.state) === to ? none("It is there.") : moves[to](card);

function toReady(card: Movable): BoardMove {
  if (card.mine) return { kind: "command", action: "release", reversible: true };
  if (card.state === "failed") return { kind: "command", action: "retry", reversible: false };
  if (card.state === "running" || card.state === "assigned") return none("Somebody else holds it. A lead can reassign it on its page.");
  if (card.state === "waiting") return none("It becomes ready by itself when what it depends on has passed.");
  if (card.state === "blocked" || card.state === "escalated")
    return none(`It ${card.blockedBy ?? "waits for an answer"}; the inbox has the question.`);
  return none("What passed is reopened from its request, with a reason.");
}

function toWorking(card: Movable): BoardMove {
  if (card.mayClaim) return { kind: "command", action: "claim", reversible: true };
  if (card.state === "ready")
    return none(card.executor === "human" ? "It is not offered to you now." : "It is not offered to people; its own executor takes it.");
  return none(card.state === "waiting" ? "What it depends on has not passed." : "It is not ready to be taken.");
}

/** The board as it will be once a claim or release is through; undone by reading it again. */
export function afterMove(
  board: BoardDocument,
  id: string,
  move: { readonly to: BoardColumn; readonly performer: string | null },
): BoardDocument {
  const card = board.columns.flatMap((column) => column.cards).find((one) => one.id === id);
  if (card === undefined) return board;
  const claimed = move.to === "working";
  const moved: BoardCard = {
    ...card,
    state: claimed ? "running" : "ready",
    mine: claimed,
    mayClaim: !claimed,
    performer: move.performer,
  };
  return {
    ...board,
    columns: board.columns.map((column) => {
      const was = column.cards.some((one) => one.id === id);
      const will = column.column === move.to;
      const count = column.count === null ? null : column.count - (was ? 1 : 0) + (will ? 1 : 0);
      return { ...column, count, cards: [...column.cards.filter((one) => one.id !== id), ...(will ? [moved] : [])] };
    }),
  };
}

/** `working.5,review.3`, as the address has it. */
export function readLimits(text: string | undefined): { readonly [column in BoardColumn]?: number } {
  const parts = (text ?? "").split(",").map((part) => /^([a-z]+)\.(\d{1,4})$/u.exec(part));
  return Object.fromEntries(
    parts.flatMap((part) => {
      const [, column, limit] = part ?? [];
      return columnOrder.some((one) => one === column) && Number(limit) > 0 ? [[column ?? "", Number(limit)]] : [];
    }),
  );
}

export function withLimit(text: string | undefined, column: BoardColumn, limit: number | null): string | undefined {
  const limits = { ...readLimits(text), [column]: limit ?? 0 };
  const kept = columnOrder.filter((one) => (limits[one] ?? 0) > 0).map((one) => `${one}.${limits[one] ?? 0}`);
  return kept.length === 0 ? undefined : kept.join(",");
}
