import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { DecisionPage } from "../../../../contract/decision-contract.ts";
import { call, query } from "../../api.ts";
import { Button, buttonLook } from "../../shell/controls.tsx";
import { ExportButton } from "../../shell/export-button.tsx";
import { useMay } from "../../shell/may.ts";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { EmptyState, ErrorState, Skeleton } from "../../shell/states.tsx";
import { DecisionTable } from "./decision-table.tsx";
import { FoundInMemory, type MemorySearch, SearchForm } from "./memory-search.tsx";

const route = getRouteApi("/framed/memory");
const maxPages = 20;

const decisionsQuery = (project: string) =>
  infiniteQueryOptions({
    queryKey: ["decisions", project],
    queryFn: ({ pageParam }) => call<DecisionPage>("GET", `/api/decisions${query({ cursor: pageParam, project, limit: "50" })}`),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    maxPages,
  });

/** What did we know and decide, when and why. */
export function MemoryPage() {
  const search: MemorySearch = route.useSearch();
  return (
    <Page title="Memory">
      <PageHead
        title="Memory"
        answer="Find what was asked, done and decided; every decision with who made it and by which authority."
        acts={<MemoryActs />}
      />
      <SearchForm key={JSON.stringify(search)} search={search} />
      {search.q === undefined ? <Decisions /> : <FoundInMemory search={search} />}
    </Page>
  );
}

function MemoryActs() {
  const may = useMay();
  return (
    <>
      <Link to="/memory/beliefs" className={buttonLook()}>
        What we believed
      </Link>
      <Link to="/memory/facts" className={buttonLook()}>
        Facts
      </Link>
      {may("record-decision") && (
        <Link to="/memory/record" className={buttonLook({ tone: "accent" })}>
          Record a decision
        </Link>
      )}
    </>
  );
}

function Decisions() {
  const decisions = useInfiniteQuery(decisionsQuery(useProjectKey()));
  const rows = decisions.data?.pages.flatMap((page) => page.items);
  return (
    <Section title="Decisions" aside={<ExportButton name="xvc-decisions" rows={rows ?? []} />} bare>
      {decisions.isError && rows === undefined && <ErrorState error={decisions.error} onRetry={() => void decisions.refetch()} />}
      {decisions.isPending && <Skeleton rows={6} />}
      {rows !== undefined &&
        (rows.length === 0 ? (
          <EmptyState>Nothing was decided yet. Approvals and answers of people stand here, each with its authority.</EmptyState>
        ) : (
          <DecisionTable rows={rows} caption="Decisions, the newest first" />
        ))}
      {decisions.hasNextPage && (
        <Button className="self-start" disabled={decisions.isFetchingNextPage} onClick={() => void decisions.fetchNextPage()}>
          Show older
        </Button>
      )}
    </Section>
  );
}
