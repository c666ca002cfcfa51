import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { BoardCard, BoardColumnName, BoardDocument } from "../../../../contract/task-contract.ts";
import type { BoardSearch } from "../../api.ts";
import { announce } from "../../shell/announce.tsx";
import { buttonLook } from "../../shell/controls.tsx";
import { useKeys } from "../../shell/keys.ts";
import { Page, PageHead } from "../../shell/page.tsx";
import { pillLook } from "../../shell/pill.ts";
import { useProjectKey } from "../../shell/project-scope.ts";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { toast } from "../../shell/toast.ts";
import { countText } from "../../shell/words.ts";
import { givenOnly } from "../requests/address-search.ts";
import { SavedViewsBar } from "../requests/saved-views-bar.tsx";
import { BoardColumnPart } from "./board-column.tsx";
import { columnOfState, columnOrder } from "../../../../core/execution/board.ts";
import { moveTo, readLimits, withLimit } from "./board-moves.ts";
import { TagChoice } from "./tag-choice.tsx";
import { boardQuery } from "./task-queries.ts";
import { useBoardMove } from "./use-board-move.ts";

const route = getRouteApi("/framed/board");

/** The flow of tasks by state, with limits and ages. */
export function BoardPage() {
  const { request, performer, tag, limits } = route.useSearch();
  const project = useProjectKey();
  const navigate = useNavigate();
  const search: BoardSearch = { request, performer, tag, project: project === "" ? undefined : project };
  const query = useQuery(boardQuery(search));
  return (
    <Page title="Board" wide>
      <PageHead title="Board" answer={query.data === undefined ? null : <Answer board={query.data} limits={limits} />} />
      <nav aria-label="Whose tasks" className="flex flex-wrap items-center gap-1">
        <Link
          to="/board"
          search={givenOnly({ request, tag, limits })}
          activeOptions={{ exact: true }}
          className={pillLook(performer === undefined)}
        >
          All tasks
        </Link>
        <Link
          to="/board"
          search={givenOnly({ request, tag, limits, performer: "me" })}
          activeOptions={{ exact: true }}
          className={pillLook(performer === "me")}
        >
          Mine
        </Link>
        {request !== undefined && (
          <Link to="/board" search={givenOnly({ performer, tag, limits })} className={pillLook(true)}>
            Only {request}: show all requests
          </Link>
        )}
        <TagChoice
          tag={tag}
          onChange={(next) => void navigate({ to: "/board", search: (before) => givenOnly({ ...before, tag: next }), replace: true })}
        />
      </nav>
      <SavedViewsBar page="board" to="/board" search={{ request, performer, tag, limits, project: search.project }} />
      <Loaded query={query} rows={10}>
        {(board) =>
          board.columns.every((column) => column.cards.length === 0) ? (
            <EmptyState
              act={
                <Link to="/requests" className={buttonLook({})}>
                  See all requests
                </Link>
              }
            >
              {tag === undefined
                ? "No task is under way. Tasks appear here once a plan is approved."
                : `No task under way has the tag ${tag}. Choose another one, or any.`}
            </EmptyState>
          ) : (
            <Columns board={board} search={search} limits={limits} />
          )
        }
      </Loaded>
    </Page>
  );
}

/** Where work stands, and which column holds more than it should. */
function Answer({ board, limits }: { readonly board: BoardDocument; readonly limits: string | undefined }) {
  const count = (name: BoardColumnName): number => board.columns.find((column) => column.column === name)?.count ?? 0;
  const limit = readLimits(limits);
  const over = columnOrder.filter((name) => count(name) > (limit[name] ?? Number.POSITIVE_INFINITY)).length;
  return (
    <>
      {`${countText(count("working"), "task")} at work, ${count("ready")} ready, ${count("review")} in review, ${count("held")} held up`}
      {over === 0 ? "." : `; ${countText(over, "column")} over the limit you set.`}
    </>
  );
}

function Columns({
  board,
  search,
  limits,
}: {
  readonly board: BoardDocument;
  readonly search: BoardSearch;
  readonly limits: string | undefined;
}) {
  const [grabbed, setGrabbed] = useState<BoardCard | null>(null);
  const navigate = useNavigate();
  const run = useBoardMove(search);
  const limitOf = readLimits(limits);
  const move = (card: BoardCard, to: BoardColumnName): void => {
    const found = moveTo(card, to);
    if (found.kind === "command") run(card, to, found);
    else if (found.kind === "form") void navigate({ to: "/task/$", params: { _splat: card.label }, hash: "hand-in" });
    else {
      announce(found.why);
      toast({ message: found.why, tone: "bad" });
    }
  };
  useBoardKeys(board, move);
  return (
    <div className="relative -mx-4 flex snap-x scroll-px-4 gap-2 overflow-x-auto px-4 sm:mx-0 sm:grid sm:grid-cols-[repeat(6,minmax(150px,1fr))] sm:px-0">
      {board.columns.map((column) => (
        <BoardColumnPart
          key={column.column}
          column={column}
          search={search}
          limit={limitOf[column.column]}
          onLimit={(limit) =>
            void navigate({
              to: "/board",
              search: (before) => givenOnly({ ...before, limits: withLimit(limits, column.column, limit) }),
              replace: true,
            })
          }
          grabbed={grabbed}
          onGrab={setGrabbed}
          onMove={move}
        />
      ))}
    </div>
  );
}

const focusedCard = (board: BoardDocument): BoardCard | undefined => {
  const id = document.activeElement?.closest<HTMLElement>("[data-card]")?.dataset["card"];
  return board.columns.flatMap((column) => column.cards).find((card) => card.id === id);
};

/** H and L go between columns, `<` and `>` move the card by one column, M opens its menu. */
function useBoardKeys(board: BoardDocument, move: (card: BoardCard, to: BoardColumnName) => void): void {
  const step = (by: 1 | -1) => {
    const card = focusedCard(board);
    const here = card === undefined ? undefined : columnOfState(card.state);
    const to = here === undefined ? undefined : columnOrder[columnOrder.indexOf(here) + by];
    if (card !== undefined && to !== undefined) move(card, to);
  };
  useKeys({
    h: { label: "To the column on the left", run: () => focusColumn(-1) },
    l: { label: "To the column on the right", run: () => focusColumn(1) },
    ">": { label: "Move the card to the right", run: () => step(1) },
    "<": { label: "Move the card to the left", run: () => step(-1) },
    m: { label: "Move the card to…", run: () => openMenu() },
  });
}

function openMenu(): void {
  document.activeElement?.closest("[data-card]")?.querySelector<HTMLElement>("[data-move]")?.click();
}

function focusColumn(by: 1 | -1): void {
  const columns = [...document.querySelectorAll<HTMLElement>("[data-column]")].filter(
    (column) => column.querySelector("[data-row]") !== null,
  );
  const at = columns.findIndex((column) => column.contains(document.activeElement));
  const next = columns[at < 0 ? 0 : Math.min(columns.length - 1, Math.max(0, at + by))];
  next?.querySelector<HTMLElement>("[data-row]")?.focus();
}
