import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import type { AuditPage as Answer } from "../../../../contract/audit-contract.ts";
import { call, query } from "../../api.ts";
import { Button, buttonLook } from "../../shell/controls.tsx";
import { LongList } from "../../shell/long-list.tsx";
import { Page, PageHead } from "../../shell/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../shell/states.tsx";
import { AuditCheckPanel } from "./audit-check.tsx";
import { EvidencePanel } from "./evidence-panel.tsx";
import { AuditFilters } from "./audit-filters.tsx";
import { AuditRow } from "./audit-row.tsx";
import { type AuditSearch, auditParameters, isNarrowed } from "./audit-search.ts";

const route = getRouteApi("/framed/audit");
/** Pages kept at once; the list scrolls on from there. */
const maxPages = 50;
const pageRows = "100";
const rowHeightPx = 44;

const auditQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit", auditParameters(search)],
    queryFn: ({ pageParam }) =>
      call<Answer>("GET", `/api/audit${query({ ...auditParameters(search), cursor: pageParam, limit: pageRows })}`),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    maxPages,
  });

/** Can I prove it: every recorded fact, to be filtered, checked and taken along. */
export function AuditPage() {
  const search = route.useSearch();
  const log = useInfiniteQuery(auditQuery(search));
  const rows = log.data?.pages.flatMap((page) => page.items);
  return (
    <Page title="Audit" wide>
      <PageHead
        title="Audit"
        answer="Every fact that was recorded, the newest first, with who caused it. Nothing here can be changed."
        acts={
          <>
            <Button onClick={() => void log.refetch()} disabled={log.isFetching}>
              Read again
            </Button>
            <a className={buttonLook({})} href={`/api/audit.jsonl${query(auditParameters(search))}`} download>
              <Download size={14} aria-hidden="true" /> Export JSON Lines
            </a>
          </>
        }
      />
      <AuditFilters key={JSON.stringify(search)} search={search} />
      <AuditCheckPanel />
      <EvidencePanel />
      {log.isError && rows === undefined && <ErrorState error={log.error} onRetry={() => void log.refetch()} />}
      {log.isPending && <Skeleton rows={12} />}
      {rows !== undefined &&
        (rows.length === 0 ? (
          <EmptyState
            act={
              isNarrowed(search) ? (
                <Link to="/audit" search={{}} className={buttonLook({})}>
                  Show everything
                </Link>
              ) : undefined
            }
          >
            {isNarrowed(search) ? "No recorded fact matches this filter." : "Nothing was recorded yet."}
          </EmptyState>
        ) : (
          <>
            <LongList
              label="Recorded facts, the newest first"
              items={rows}
              keyOf={(row) => row.cursor}
              rowHeight={rowHeightPx}
              className="h-[70vh] min-h-80 shrink-0 border-y border-line"
              onEnd={() => {
                if (log.hasNextPage && !log.isFetchingNextPage) void log.fetchNextPage();
              }}
            >
              {(row) => <AuditRow entry={row} />}
            </LongList>
            <ReadSoFar count={rows.length} isAll={!log.hasNextPage} />
          </>
        ))}
    </Page>
  );
}

const ReadSoFar = ({ count, isAll }: { readonly count: number; readonly isAll: boolean }) => (
  <p role="status" className="text-xs text-ink-3">
    {count.toLocaleString()} facts read{isAll ? ", which is all" : "; older ones are read as you scroll"}. The export holds up to 100,000.
  </p>
);
