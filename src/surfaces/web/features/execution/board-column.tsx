import { useMutation } from "@tanstack/react-query";
import { type DragEvent, useState } from "react";
import { twMerge } from "tailwind-merge";
import type { BoardCard, BoardColumnDocument, BoardColumnName } from "../../../../contract/task-contract.ts";
import { api, type BoardSearch } from "../../api.ts";
import { Button } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { TaskCard } from "./board-card.tsx";
import { columnNames, moveTo } from "./board-moves.ts";

interface ColumnProps {
  readonly column: BoardColumnDocument;
  readonly search: BoardSearch;
  readonly limit: number | undefined;
  readonly onLimit: (limit: number | null) => void;
  readonly grabbed: BoardCard | null;
  readonly onGrab: (card: BoardCard | null) => void;
  readonly onMove: (card: BoardCard, to: BoardColumnName) => void;
}

/** Whether the card in the hand may come here; it does when it is let go. */
function useDrop(column: BoardColumnName, { grabbed, onMove }: Pick<ColumnProps, "grabbed" | "onMove">) {
  const [over, setOver] = useState(false);
  const move = grabbed === null ? undefined : moveTo(grabbed, column);
  const accepts = move !== undefined && move.kind !== "none";
  return {
    accepts,
    isOver: over && accepts,
    refusal: over && move?.kind === "none" ? move.why : null,
    handlers: {
      onDragOver: (event: DragEvent) => {
        setOver(true);
        if (accepts) event.preventDefault();
      },
      onDragLeave: (event: DragEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false); // null outside of the window
      },
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        setOver(false);
        if (grabbed !== null) onMove(grabbed, column);
      },
    },
  };
}

/** A column with its count, its limit and its cards. While a card is in the hand it says whether the card may come here, and why not. */
export function BoardColumnPart({ column, search, limit, onLimit, grabbed, onGrab, onMove }: ColumnProps) {
  const more = useMore(column, search);
  const drop = useDrop(column.column, { grabbed, onMove });
  return (
    <section
      aria-label={columnNames[column.column]}
      data-column={column.column}
      {...drop.handlers}
      className={twMerge(
        "flex min-h-40 min-w-0 flex-col gap-2 rounded bg-wash/60 p-2 max-sm:w-[82vw] max-sm:shrink-0 max-sm:snap-start",
        isOverLimit(column, limit) && "border-t-2 border-wait pt-1.5",
        drop.accepts && "outline-2 outline-accent outline-dashed",
        drop.isOver && "bg-accent-wash",
      )}
    >
      <ColumnHead column={column} limit={limit} onLimit={onLimit} />
      {isOverLimit(column, limit) && (
        <p className="rounded bg-wait-wash px-2 py-1 text-xs text-wait">
          <strong className="font-semibold">Over its limit</strong>: finish here before starting more. A limit warns; it stops nothing.
        </p>
      )}
      {drop.refusal !== null && <p className="rounded bg-wait-wash px-2 py-1 text-xs text-wait">{drop.refusal}</p>}
      <ul className="flex flex-col gap-1.5">
        {[...column.cards, ...more.cards].map((card) => (
          <TaskCard key={card.id} card={card} onMove={onMove} onGrab={onGrab} grabbed={grabbed?.id === card.id} />
        ))}
      </ul>
      {column.cards.length === 0 && <p className="text-xs text-ink-3">Nothing here.</p>}
      {more.next !== null && (
        <Button tone="quiet" disabled={more.isReading} onClick={more.read}>
          Show more<span className="sr-only"> of {columnNames[column.column]}</span>
        </Button>
      )}
      <ActError error={more.error} />
    </section>
  );
}

/** Further cards of a column, kept until what is before them changes. */
function useMore(column: BoardColumnDocument, search: BoardSearch) {
  const [further, setFurther] = useState<{
    readonly after: string;
    readonly cards: readonly BoardCard[];
    readonly next: string | null;
  } | null>(null);
  const here = further?.after === column.nextCursor ? further : null;
  const next = here === null ? column.nextCursor : here.next;
  const run = useMutation({
    mutationFn: (cursor: string) => api.board({ ...search, column: column.column, cursor }),
    onSuccess: (board) => {
      const [page] = board.columns;
      if (page === undefined || column.nextCursor === null) return;
      setFurther({ after: column.nextCursor, cards: [...(here?.cards ?? []), ...page.cards], next: page.nextCursor });
    },
  });
  return {
    cards: here?.cards ?? [],
    next,
    isReading: run.isPending,
    error: run.error,
    read: () => {
      if (next !== null) run.mutate(next);
    },
  };
}

const isOverLimit = (column: BoardColumnDocument, limit: number | undefined): boolean =>
  limit !== undefined && column.count !== null && column.count > limit;

function ColumnHead({ column, limit, onLimit }: Pick<ColumnProps, "column" | "limit" | "onLimit">) {
  const isOver = isOverLimit(column, limit);
  const count = column.count === null ? "latest" : limit === undefined ? String(column.count) : `${column.count} of ${limit}`;
  return (
    <div className="flex min-h-7 items-center gap-2">
      <h2 className="text-sm font-semibold">{columnNames[column.column]}</h2>
      <span className={twMerge("text-sm tabular-nums", isOver ? "font-semibold text-wait" : "text-ink-3")}>{count}</span>
      {column.column !== "done" && <LimitSetting name={columnNames[column.column]} limit={limit} onLimit={onLimit} />}
    </div>
  );
}

/** How many the column should hold at most. It warns; it forbids nothing. */
function LimitSetting({
  name,
  limit,
  onLimit,
}: {
  readonly name: string;
  readonly limit: number | undefined;
  readonly onLimit: ColumnProps["onLimit"];
}) {
  const [setting, setSetting] = useState(false);
  if (!setting)
    return (
      <button
        type="button"
        onClick={() => setSetting(true)}
        title="The column warns when it holds more. Nothing is stopped; the limit is part of this view's address."
        className="ml-auto min-h-6 rounded px-1 text-xs text-ink-3 underline-offset-2 hover:underline"
      >
        {limit === undefined ? "Set a limit" : "Change"}
        <span className="sr-only">{limit === undefined ? ` of ${name}` : ` the limit of ${name}`}</span>
      </button>
    );
  return (
    <form
      className="ml-auto flex items-center gap-1.5 text-xs whitespace-nowrap text-ink-3"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = Number(new FormData(event.currentTarget).get("limit"));
        onLimit(Number.isInteger(typed) && typed > 0 ? typed : null);
        setSetting(false);
      }}
    >
      <span aria-hidden="true">warn above</span>
      <input
        name="limit"
        autoFocus
        defaultValue={limit ?? ""}
        inputMode="numeric"
        aria-label={`Limit of ${name}: warns above it, stops nothing; empty for none`}
        onKeyDown={(event) => {
          if (event.key === "Escape") setSetting(false);
        }}
        className="h-7 w-10 rounded border border-line-strong bg-sheet px-1.5 text-sm text-ink"
      />
    </form>
  );
}
