import { type BoardColumn, boardColumns, columnOrder } from "../../core/execution/board.ts";
import { taskKind } from "../../core/execution/task.ts";
import type { Tag } from "../../core/memory/tag.ts";
import { taggedRows } from "../memory/tagged-rows.ts";
import type { NamedBy, Reader, Where } from "../ports/store.ts";
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
  /** Only those that have this tag. */
  readonly tag?: Pick<Tag, "key" | "value">;
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
  const namedBy = query.tag === undefined ? [] : [taggedRows(taskKind.name, query.tag)];
  const counted = wanted.filter((column) => column !== "done");
  const [counts, ...columns] = await Promise.all([
    countsOf(reader, counted, { where, namedBy }),
    ...wanted.map((column) =>
      reader.find(taskKind, {
        where: { ...where, state: boardColumns[column] },
        namedBy,
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
        count: column === "done" ? null : (counts.get(column) ?? 0),
        cards: here.flatMap((task) => cards.get(task.id) ?? []),
        nextCursor: (columns[at]?.length ?? 0) > query.limit ? (here.at(-1)?.id ?? null) : null,
      };
    }),
  };
}

/** One count for all columns; with a tag one for each, since its tasks are few. */
async function countsOf(
  reader: Reader,
  columns: readonly BoardColumn[],
  { where, namedBy }: { readonly where: Where; readonly namedBy: readonly NamedBy[] },
): Promise<ReadonlyMap<BoardColumn, number>> {
  const statesOf = (column: BoardColumn): readonly string[] => boardColumns[column];
  if (namedBy.length > 0)
    return new Map(
      await Promise.all(
        columns.map(
          async (column) => [column, await reader.count(taskKind, { where: { ...where, state: statesOf(column) }, namedBy })] as const,
        ),
      ),
    );
  const counts = await reader.countBy(taskKind, "state", { where: { ...where, state: columns.flatMap(statesOf) } });
  return new Map(columns.map((column) => [column, statesOf(column).reduce((sum, state) => sum + (counts.get(state) ?? 0), 0)]));
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
