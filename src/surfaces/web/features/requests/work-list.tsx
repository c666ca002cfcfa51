import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button } from "../../shell/controls.tsx";
import { pillLook } from "../../shell/pill.ts";
import { EmptyState, ErrorState, Skeleton } from "../../shell/states.tsx";

interface PillsProps {
  readonly to: "/epics" | "/sprints";
  readonly label: string;
  /** State of the address and its word; the first is what an address without one shows. */
  readonly choices: readonly (readonly [state: string, word: string])[];
  readonly chosen: string | undefined;
}

/** Which of them are listed; the choice stands in the address. */
export function StatePills({ to, label, choices, chosen }: PillsProps) {
  const [first] = choices[0] ?? [""];
  return (
    <nav aria-label={label} className="flex flex-wrap gap-2">
      {choices.map(([state, word]) => (
        <Link
          key={state}
          to={to}
          search={state === first ? {} : { state }}
          aria-current={state === (chosen ?? first) ? "page" : undefined}
          className={pillLook(state === (chosen ?? first))}
        >
          {word}
        </Link>
      ))}
    </nav>
  );
}

interface ListProps<Item> {
  readonly query: UseInfiniteQueryResult<InfiniteData<{ readonly items: readonly Item[] }>>;
  readonly none: string;
  readonly row: (item: Item) => ReactNode;
}

/** A list under hairlines that goes on by a button, with its loading, empty and refused ends. */
export function WorkList<Item>({ query, none, row }: ListProps<Item>) {
  if (query.data === undefined)
    return query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton rows={5} />;
  const items = query.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <EmptyState>{none}</EmptyState>;
  return (
    <>
      <ul className="flex flex-col">{items.map((item) => row(item))}</ul>
      {query.hasNextPage && (
        <Button className="self-start" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}
