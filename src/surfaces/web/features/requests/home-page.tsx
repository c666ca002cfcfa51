import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { InboxItemSummary } from "../../../../contract/inbox-contract.ts";
import type { RequestListRow } from "../../../../contract/request-contract.ts";
import { inboxQuery, requestsQuery } from "../../queries.ts";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { ErrorState, Skeleton } from "../../shell/states.tsx";
import { useSteadyList } from "../../shell/steady-list.ts";
import { countText } from "../../shell/words.ts";
import { ItemRow } from "../oversight/item-row.tsx";
import { FirstActs } from "./first-acts.tsx";
import { RequestTable } from "./request-table.tsx";

/** Rows a digest shows; the rest is one link away. */
const digestRows = 6;
const over: readonly string[] = ["delivered", "closed", "cancelled", "rejected"];

/** What needs me, what runs: one sentence, then the rows it was made from. */
export function HomePage() {
  const inbox = useQuery(inboxQuery("open"));
  const requests = useInfiniteQuery(requestsQuery(""));
  const rows = requests.data?.pages[0]?.items;
  const failed = inbox.error ?? requests.error;
  return (
    <Page title="Home">
      <PageHead title="Home" answer={<Answer items={inbox.data?.items} rows={rows} />} />
      {failed !== null && <ErrorState error={failed} onRetry={() => void Promise.all([inbox.refetch(), requests.refetch()])} />}
      <NeedsYou items={inbox.data?.items ?? []} />
      {requests.isPending && <Skeleton />}
      {rows !== undefined && <Work rows={rows} />}
    </Page>
  );
}

function Answer({
  items,
  rows,
}: {
  readonly items: readonly InboxItemSummary[] | undefined;
  readonly rows: readonly RequestListRow[] | undefined;
}) {
  if (items === undefined || rows === undefined) return <span className="text-ink-3">Reading what needs you.</span>;
  const mine = items.filter((item) => item.mayAnswer).length;
  const others = items.length - mine;
  const running = rows.filter((row) => !over.includes(row.state)).length;
  return (
    <>
      {mine === 0 ? (
        <span>Nothing needs you.</span>
      ) : (
        <span>
          <Link to="/inbox" className="font-semibold text-accent underline underline-offset-2">
            {countText(mine, "thing")}
          </Link>{" "}
          {mine === 1 ? "needs" : "need"} you.
        </span>
      )}{" "}
      {others > 0 && (
        <span>
          {countText(others, "thing")} {others === 1 ? "waits" : "wait"} for other people.{" "}
        </span>
      )}
      {running > 0 && (
        <span>
          <Link to="/requests" className="underline underline-offset-2">
            {countText(running, "request")}
          </Link>{" "}
          {running === 1 ? "is" : "are"} under way.
        </span>
      )}
    </>
  );
}

function NeedsYou({ items: all }: { readonly items: readonly InboxItemSummary[] }) {
  const items = all.filter((item) => item.mayAnswer);
  if (items.length === 0) return null;
  return (
    <Section
      title="Needs you"
      aside={
        items.length > digestRows ? (
          <Link to="/inbox" className="underline">
            All {items.length}
          </Link>
        ) : undefined
      }
    >
      <ul>
        {items.slice(0, digestRows).map((item) => (
          <li key={item.id} className="border-b border-line">
            <ItemRow item={item} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Work({ rows }: { readonly rows: readonly RequestListRow[] }) {
  const underWay = useSteadyList(
    rows.filter((row) => !over.includes(row.state)),
    "under-way",
  );
  const done = rows.filter((row) => over.includes(row.state)).slice(0, digestRows);
  if (rows.length === 0) return <FirstActs />;
  return (
    <>
      {underWay.shown.length + underWay.newCount > 0 && (
        <Section
          bare
          title="Under way"
          aside={
            underWay.newCount > 0 ? (
              <button type="button" onClick={underWay.showNew} className="min-h-6 text-accent underline">
                {underWay.newCount} new
              </button>
            ) : undefined
          }
        >
          <RequestTable rows={underWay.shown} caption="Requests under way" />
        </Section>
      )}
      {done.length > 0 && (
        <Section bare title="Ended lately">
          <RequestTable rows={done} caption="Requests that ended lately" />
        </Section>
      )}
    </>
  );
}
