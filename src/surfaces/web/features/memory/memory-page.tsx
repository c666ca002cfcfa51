import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery, infiniteQueryOptions } from "@tanstack/react-query";
import { Link, getRouteApi, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { DecisionPage, RecallDocument, RecalledHit } from "../../../../contract/decision-contract.ts";
import { call, query } from "../../api.ts";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { AddressLink } from "../../shell/address-link.tsx";
import { Button, TextField, buttonLook } from "../../shell/controls.tsx";
import { ExportButton } from "../../shell/export-button.tsx";
import { useMay } from "../../shell/may.ts";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { EmptyState, ErrorState, Loaded, Skeleton } from "../../shell/states.tsx";
import { countText, plainWords } from "../../shell/words.ts";
import { DecisionTable } from "./decision-table.tsx";

const route = getRouteApi("/framed/memory");
const maxPages = 20;

const recallQuery = (words: string) =>
  queryOptions({
    queryKey: ["recall", words],
    queryFn: () => call<RecallDocument>("GET", `/api/memory${query({ q: words })}`),
    enabled: words.length >= 2,
    placeholderData: keepPreviousData,
  });

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
  const { q = "" } = route.useSearch();
  return (
    <Page title="Memory">
      <PageHead
        title="Memory"
        answer="Find what was asked, done and decided; every decision with who made it and by which authority."
        acts={<MemoryActs />}
      />
      <SearchBox key={q} words={q} />
      {q.length >= 2 ? <Recalled words={q} /> : <Decisions />}
      <EmptyState>
        A time slider that shows any page as it was at an instant will be here, and search by meaning; both need the temporal memory, which
        is not built yet. Every version of every row is kept from the first day, so nothing is missing then.
      </EmptyState>
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

function SearchBox({ words }: { readonly words: string }) {
  const navigate = useNavigate();
  const [text, setText] = useState(words);
  const send = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ to: "/memory", search: text.trim() === "" ? {} : { q: text.trim() } });
  };
  return (
    <form role="search" onSubmit={send} className="flex max-w-xl items-end gap-2">
      <div className="min-w-0 flex-1">
        <TextField
          label="Search"
          type="search"
          minLength={2}
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <Button type="submit" tone="accent" className="min-h-9">
        Search
      </Button>
    </form>
  );
}

const kinds: { readonly [kind in RecalledHit["kind"]]: string } = {
  request: "Requests",
  task: "Tasks",
  decision: "Decisions",
  person: "People",
  persona: "Personas",
};

function Recalled({ words }: { readonly words: string }) {
  const found = useQuery(recallQuery(words));
  return (
    <Loaded query={found} rows={6}>
      {({ items, searched }) => (
        <>
          <p role="status" className="text-sm text-ink-2">
            {items.length === 0 ? "Nothing was found" : countText(items.length, "thing")} for “{words}”.
          </p>
          {(Object.keys(kinds) as readonly RecalledHit["kind"][]).map((kind) => (
            <Hits key={kind} kind={kind} hits={items.filter((item) => item.kind === kind)} />
          ))}
          <p className="text-xs text-ink-3">Looked through: {searched.join("; ")}. At most 20 of each kind are shown.</p>
        </>
      )}
    </Loaded>
  );
}

function Hits({ kind, hits }: { readonly kind: RecalledHit["kind"]; readonly hits: readonly RecalledHit[] }) {
  if (hits.length === 0) return null;
  return (
    <Section title={kinds[kind]} aside={hits.length}>
      <ul>
        {hits.map((hit) => (
          <li key={`${hit.address} ${hit.title}`} className="border-b border-line py-1.5">
            <span className="flex min-w-0 flex-wrap items-center gap-x-2">
              <span className="font-mono text-xs text-ink-3">{hit.label}</span>
              <AddressLink address={hit.address} className="min-w-0 font-medium hover:underline">
                {hit.title}
              </AddressLink>
              {hit.state !== null && <span className="text-xs text-ink-3">{plainWords(hit.state)}</span>}
              {hit.rehearsal && <RehearsalBadge />}
            </span>
            {hit.found !== hit.title && <span className="block max-w-[85ch] text-sm text-ink-2">{hit.found}</span>}
          </li>
        ))}
      </ul>
    </Section>
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
