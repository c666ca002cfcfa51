import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import type { RequestSearch } from "../../api.ts";
import { Button, buttonLook } from "../../shell/controls.tsx";
import { useKeys } from "../../shell/keys.ts";
import { useMay } from "../../shell/may.ts";
import { Page, PageHead } from "../../shell/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../shell/states.tsx";
import { useSteadyList } from "../../shell/steady-list.ts";
import { countText } from "../../shell/words.ts";
import { givenOnly } from "./address-search.ts";
import { FirstActs } from "./first-acts.tsx";
import { RequestFilters } from "./request-filters.tsx";
import { maxPages, requestListQuery } from "./request-queries.ts";
import { LongRequestTable } from "./request-table.tsx";
import { SavedViewsBar } from "./saved-views-bar.tsx";
import { readSelected, toggled } from "./selected-labels.ts";
import { SelectionBar } from "./selection-bar.tsx";
import { StartFromPaste } from "./start-from-paste.tsx";

const route = getRouteApi("/framed/requests");

/** What is going on: every request, filtered, ordered and selected in the address. */
export function RequestsPage() {
  const { selected, ...search } = route.useSearch();
  const navigate = useNavigate();
  const may = useMay();
  const choose = useCallback(
    (label: string) =>
      void navigate({
        to: "/requests",
        search: (before) => givenOnly({ ...before, selected: toggled(before.selected, label) }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  useKeys({ x: { label: "Select the row, or leave it out", run: () => chooseFocused(choose) } });
  return (
    <Page title="Requests" wide>
      <PageHead
        title="Requests"
        acts={
          may("submit-request") && (
            <Link to="/requests/new" className={buttonLook({ tone: "accent" })}>
              New request
            </Link>
          )
        }
      />
      {may("submit-request") && <StartFromPaste />}
      <RequestFilters search={search} />
      <SavedViewsBar page="requests" to="/requests" search={{ ...search }} />
      <RequestList search={search} selected={readSelected(selected)} onSelect={choose} />
      <SelectionBar
        labels={readSelected(selected)}
        onClear={() => void navigate({ to: "/requests", search: { ...search }, replace: true, resetScroll: false })}
      />
    </Page>
  );
}

function chooseFocused(choose: (label: string) => void): void {
  const label = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["label"] : undefined;
  if (label !== undefined) choose(label);
}

interface ListProps {
  readonly search: RequestSearch;
  readonly selected: readonly string[];
  readonly onSelect: (label: string) => void;
}

function RequestList({ search, selected, onSelect }: ListProps) {
  const query = useInfiniteQuery(requestListQuery(search));
  const items = query.data?.pages.flatMap((page) => page.items);
  const list = useSteadyList(items, JSON.stringify(search));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (items === undefined)
    return query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton rows={10} />;
  if (items.length === 0) return <Nothing search={search} />;
  return (
    <>
      {list.newCount > 0 && (
        <Button className="self-center" onClick={list.showNew}>
          {countText(list.newCount, "new request")}: show
        </Button>
      )}
      <LongRequestTable rows={list.shown} selected={selected} onSelect={onSelect} onEnd={onEnd} />
      <p className="text-sm text-ink-3" role="status">
        {extentOf(items.length, hasNextPage, query.data?.pages.length ?? 0)}
      </p>
    </>
  );
}

/** How much of the list is on screen. */
function extentOf(count: number, hasMore: boolean, pages: number): string {
  if (hasMore) return `The first ${count}; more follow as you scroll.`;
  return pages >= maxPages
    ? `The first ${count} are shown. Narrow the filter to see the rest.`
    : `${countText(count, "request")}, all of them.`;
}

function Nothing({ search }: { readonly search: RequestSearch }) {
  if (Object.values(search).every((value) => value === undefined || value === "")) return <FirstActs />;
  return (
    <EmptyState
      act={
        <Link to="/requests" search={{}} className={buttonLook({})}>
          Show all requests
        </Link>
      }
    >
      No request fits this filter.
    </EmptyState>
  );
}
