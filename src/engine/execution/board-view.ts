import { type BoardColumn, boardColumns, columnOrder } from "../../core/execution/board.ts";
import { taskKind } from "../../core/execution/task.ts";
import type { Reader } from "../ports/store.ts";
import { type TaskRowView, taskRows } from "./task-view.ts";

/** A task on the board: what a person needs to pick it, nothing else. */
export type BoardCardView = Pick<
  TaskRowView,
  | "id"
  | "label"
  | "title"
  | "requestTitle"
  | "state"
  | "stateSinceMs"
  | "blockedBy"
  | "executor"
  | "risk"
  | "round"
  | "mayClaim"
  | "mine"
  | "rehearsal"
> & { readonly performer: string | null };

export interface BoardColumnView {
  readonly column: BoardColumn;
  /** All tasks of the column; null for `done`, which only grows. */
  readonly count: number | null;
  readonly cards: readonly BoardCardView[];
  readonly nextCursor: string | null;
}

export interface BoardView {
  readonly schema: "xvc.board/1";
  readonly columns: readonly BoardColumnView[];
}

export interface BoardQuery {
  readonly requestId?: string;
  /** `person:<id>` or `persona:<key>`. */
  readonly performer?: string;
  /** One column alone, from this card on. */
  readonly column?: BoardColumn;
  readonly cursor?: string;
  /** Cards of each column, 1 to 100. */
  readonly limit: number;
}

/** The board: the oldest work first, so that what waits longest is seen; of what is done, the latest. Nine queries at most. */
export async function boardView(reader: Reader, query: BoardQuery, viewerId: string): Promise<BoardView> {
  const wanted = query.column === undefined ? columnOrder : [query.column];
  const where = {
    ...(query.requestId === undefined ? {} : { requestId: query.requestId }),
    ...(query.performer === undefined ? {} : { performerKey: query.performer }),
  };
  const counted = wanted.filter((column) => column !== "done").flatMap((column): readonly string[] => boardColumns[column]);
  const [counts, ...columns] = await Promise.all([
    reader.countBy(taskKind, "state", { where: { ...where, state: counted } }),
    ...wanted.map((column) =>
      reader.find(taskKind, {
        where: { ...where, state: boardColumns[column] },
        newestFirst: column === "done",
        limit: query.limit + 1,
        ...(query.cursor === undefined ? {} : { afterId: query.cursor }),
      }),
    ),
  ]);
  const shown = columns.map((tasks) => tasks.slice(0, query.limit));
  const cards = new Map((await taskRows(reader, shown.flat(), viewerId)).map((row) => [row.id, cardOf(row)]));
  return {
    schema: "xvc.board/1",
    columns: wanted.map((column, at) => {
      const here = shown[at] ?? [];
      return {
        column,
        count: column === "done" ? null : boardColumns[column].reduce((sum, state) => sum + (counts.get(state) ?? 0), 0),
        cards: here.flatMap((task) => cards.get(task.id) ?? []),
        nextCursor: (columns[at]?.length ?? 0) > query.limit ? (here.at(-1)?.id ?? null) : null,
      };
    }),
  };
}

function cardOf(row: TaskRowView): BoardCardView {
  const { id, label, title, requestTitle, state, stateSinceMs, blockedBy, executor, risk, round, mayClaim, mine, rehearsal, performer } =
    row;
  return {
    id,
    label,
    title,
    requestTitle,
    state,
    stateSinceMs,
    blockedBy,
    executor,
    risk,
    round,
    mayClaim,
    mine,
    rehearsal,
    performer: performer?.name ?? null,
  };
}
