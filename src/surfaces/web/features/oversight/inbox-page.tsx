import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { twMerge } from "tailwind-merge";
import type { InboxItemSummary } from "../../../../contract/inbox-contract.ts";
import { inboxQuery, itemQuery } from "../../queries.ts";
import { useKeys } from "../../shell/keys.ts";
import { Page, PageHead } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { useSteadyList } from "../../shell/steady-list.ts";
import { useWide } from "../../shell/wide.ts";
import { countText } from "../../shell/words.ts";
import { ItemDetail } from "./item-detail.tsx";
import { ItemRow } from "./item-row.tsx";
import { pillLook } from "../../shell/pill.ts";

const route = getRouteApi("/framed/inbox");

/** What exactly am I asked, and what happens if I do nothing: the list, and one item beside it. */
export function InboxPage() {
  const { state = "open", item } = route.useSearch();
  const query = useQuery(inboxQuery(state));
  return (
    <Page title="Inbox" wide>
      <PageHead title="Inbox" answer={<Answer items={query.data?.items} state={state} />} acts={<Switch state={state} />} />
      <Loaded query={query}>{(page) => <Columns items={page.items} chosen={item} state={state} />}</Loaded>
    </Page>
  );
}

function Answer({ items, state }: { readonly items: readonly InboxItemSummary[] | undefined; readonly state: string }) {
  if (items === undefined) return null;
  if (state !== "open") return <>{countText(items.length, "item")} answered lately.</>;
  const mine = items.filter((item) => item.mayAnswer).length;
  const others = items.length - mine;
  return (
    <>
      {mine === 0 ? "Nothing needs you." : `${countText(mine, "thing")} ${mine === 1 ? "needs" : "need"} you.`}
      {others > 0 && ` ${countText(others, "more waits", "more wait")} for other people.`}
    </>
  );
}

function Switch({ state }: { readonly state: string }) {
  return (
    <nav aria-label="Which items" className="flex gap-1">
      {[
        ["open", "Open"],
        ["answered", "Answered"],
      ].map(([id, label]) => (
        <Link
          key={id}
          to="/inbox"
          search={id === "open" ? {} : { state: "answered" }}
          activeOptions={{ exact: true }}
          aria-current={id === state ? "page" : undefined}
          className={pillLook(id === state)}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}

interface ColumnsProps {
  readonly items: readonly InboxItemSummary[];
  readonly chosen: string | undefined;
  readonly state: string;
}

const nothingHere = (state: string): string =>
  state === "open"
    ? "Nothing waits for anybody. Approvals, questions and escalations appear here, each with a clock."
    : "Nothing has been answered yet.";

/** The address of the list without an item. */
const listSearch = (state: string) => (state === "open" ? {} : { state });

function Columns({ items, chosen, state }: ColumnsProps) {
  const list = useSteadyList(items, state);
  const navigate = route.useNavigate();
  useKeys({ Escape: { label: "Back to the list", run: () => void navigate({ search: listSearch(state) }) } });
  // A wide screen always shows one; a narrow one the list first. What is not on screen is not there: its keys must not act.
  const first = useWide() ? list.shown[0]?.id : undefined;
  const shown = chosen ?? first;
  if (items.length === 0 && chosen === undefined) return <EmptyState>{nothingHere(state)}</EmptyState>;
  return (
    <div className="grid items-start gap-8 lg:grid-cols-[minmax(280px,400px)_minmax(0,1fr)]">
      <div className={twMerge("min-w-0", chosen !== undefined && "max-lg:hidden")}>
        {list.newCount > 0 && (
          <button type="button" onClick={list.showNew} className="min-h-8 w-full border-b border-line text-sm font-medium text-accent">
            {list.newCount} new: show
          </button>
        )}
        <ul aria-label="Items">
          {list.shown.map((item) => (
            <li key={item.id} className="arrive border-b border-line">
              <ItemRow item={item} current={item.id === shown} {...listSearch(state)} />
            </li>
          ))}
        </ul>
      </div>
      {shown !== undefined && (
        <div className="min-w-0 lg:border-l lg:border-line lg:pl-8">
          <Link
            to="/inbox"
            search={listSearch(state)}
            className="mb-3 inline-flex min-h-8 items-center gap-1.5 text-sm text-accent lg:hidden"
          >
            <ArrowLeft size={15} aria-hidden="true" />
            All items
          </Link>
          <ItemShown key={shown} id={shown} />
        </div>
      )}
    </div>
  );
}

function ItemShown({ id }: { readonly id: string }) {
  const query = useQuery(itemQuery(id));
  return <Loaded query={query}>{(item) => <ItemDetail item={item} />}</Loaded>;
}
