import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { requestsQuery } from "../../queries.ts";
import { Button, buttonLook } from "../../shell/controls.tsx";
import { Page, PageHead } from "../../shell/page.tsx";
import { pillLook } from "../../shell/pill.ts";
import { EmptyState, ErrorState, Skeleton } from "../../shell/states.tsx";
import { useSteadyList } from "../../shell/steady-list.ts";
import { countText } from "../../shell/words.ts";
import { FirstActs } from "./first-acts.tsx";
import { RequestTable } from "./request-table.tsx";

const route = getRouteApi("/framed/requests");

const filters: readonly (readonly [string, string])[] = [
  ["", "All"],
  ["awaiting-approval", "Awaits approval"],
  ["needs-input", "Needs an answer"],
  ["active", "Active"],
  ["paused", "Paused"],
  ["delivered", "Delivered"],
  ["cancelled", "Cancelled"],
];

function Filters({ state }: { readonly state: string }) {
  return (
    <nav aria-label="Filter by state" className="-mx-4 overflow-x-auto px-4 sm:mx-0 sm:px-0">
      <ul className="flex gap-1">
        {filters.map(([id, label]) => (
          <li key={id}>
            <Link
              to="/requests"
              search={id === "" ? {} : { state: id }}
              activeOptions={{ exact: true }}
              aria-current={id === state ? "page" : undefined}
              className={pillLook(id === state)}
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What is going on: every request, filtered by state in the address. */
export function RequestsPage() {
  const { state = "" } = route.useSearch();
  const query = useInfiniteQuery(requestsQuery(state));
  const items = query.data?.pages.flatMap((page) => page.items);
  const list = useSteadyList(items, state);
  return (
    <Page title="Requests">
      <PageHead title="Requests" />
      <Filters state={state} />
      {list.newCount > 0 && (
        <Button className="self-center" onClick={list.showNew}>
          {countText(list.newCount, "new request")}: show
        </Button>
      )}
      {query.isError && items === undefined && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton rows={10} />}
      {items !== undefined && (items.length === 0 ? <Nothing state={state} /> : <RequestTable rows={list.shown} caption="Requests" />)}
      {query.hasNextPage && (
        <Button className="self-start" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show older
        </Button>
      )}
    </Page>
  );
}

function Nothing({ state }: { readonly state: string }) {
  if (state === "") return <FirstActs />;
  return (
    <EmptyState
      act={
        <Link to="/requests" search={{}} className={buttonLook({})}>
          Show all requests
        </Link>
      }
    >
      No request is in this state.
    </EmptyState>
  );
}
