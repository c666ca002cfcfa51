import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { twMerge } from "tailwind-merge";
import type { InboxItemSummary } from "../../../../contract/inbox-contract.ts";
import { inboxQuery, itemQuery, meQuery } from "../../queries.ts";
import { useKeys } from "../../shell/keys.ts";
import { Page, PageHead } from "../../shell/page.tsx";
import { pillLook } from "../../shell/pill.ts";
import { useProjectKey } from "../../shell/project-scope.ts";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { useSteadyList } from "../../shell/steady-list.ts";
import { toast } from "../../shell/toast.ts";
import { useWide } from "../../shell/wide.ts";
import { countText } from "../../shell/words.ts";
import { InboxBatch } from "./inbox-batch.tsx";
import { InboxList } from "./inbox-list.tsx";
import { batchKey } from "./item-choices.ts";
import { ItemDetail } from "./item-detail.tsx";

const route = getRouteApi("/framed/inbox");

/** What exactly am I asked, and what happens if I do nothing: the list, and one item beside it. */
export function InboxPage() {
  const { state = "open", item } = route.useSearch();
  const query = useQuery(inboxQuery(state));
  const inScope = useScope();
  const items = query.data?.items.filter(inScope);
  return (
    <Page title="Inbox" wide>
      <PageHead lead title="Inbox" answer={<Answer items={items} state={state} />} acts={<Switch state={state} />} />
      <Loaded query={query}>
        {(page) => <Columns items={items ?? []} chosen={item} state={state} isCut={page.nextCursor !== null} />}
      </Loaded>
    </Page>
  );
}

/** Whether an item belongs to the project the reader narrowed the pages to. */
function useScope(): (item: InboxItemSummary) => boolean {
  const key = useProjectKey();
  const me = useQuery({ ...meQuery, enabled: false });
  const project = me.data?.projects.find((one) => one.key === key);
  return (item) => project === undefined || item.projectId === project.id;
}

function Answer({ items, state }: { readonly items: readonly InboxItemSummary[] | undefined; readonly state: string }) {
  if (items === undefined) return null;
  if (state !== "open") return <>{countText(items.length, "item")} answered lately.</>;
  const mine = items.filter((item) => item.mine);
  const others = items.length - mine.length;
  const overdue = mine.filter((item) => item.overdue).length;
  return (
    <>
      {mine.length === 0 ? "Nothing needs you." : `${countText(mine.length, "thing")} ${mine.length === 1 ? "needs" : "need"} you.`}
      {overdue > 0 && <span className="text-bad"> {countText(overdue, "of them is", "of them are")} overdue.</span>}
      {others > 0 && <span className="text-ink-3"> {waitText(others, mine.length > 0)} for other people.</span>}
    </>
  );
}

const waitText = (count: number, further: boolean): string =>
  further ? countText(count, "more waits", "more wait") : countText(count, "waits", "wait");

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
  /** There are more than were read. */
  readonly isCut: boolean;
}

const nothingHere = (state: string): string =>
  state === "open"
    ? "Nothing waits for anybody. Approvals, questions and escalations appear here, each with a clock."
    : "Nothing has been answered yet.";

/** The address of the list without an item. */
const listSearch = (state: string) => (state === "open" ? {} : { state });

/** Items chosen for one answer: all of one rule, or none. */
function useSelection(items: readonly InboxItemSummary[], shown: string | undefined) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const selected = items.filter((item) => ids.has(item.id));
  const toggle = (id: string): void => {
    const item = items.find((one) => one.id === id);
    if (item === undefined) return;
    const key = batchKey(item);
    const [first] = selected;
    if (key === null || (first !== undefined && batchKey(first) !== key)) {
      toast({ message: "Only questions of low risk under the same rule are answered together." });
      return;
    }
    setIds(ids.has(id) ? new Set([...ids].filter((one) => one !== id)) : new Set([...ids, id]));
  };
  useKeys({
    x: {
      label: "Select for one answer with others",
      run: () => {
        const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["item"] : undefined;
        const id = focused ?? shown;
        if (id !== undefined) toggle(id);
      },
    },
  });
  return { selected, clear: () => setIds(new Set()) };
}

/** Escape leaves the item; focus returns to its row. */
function useBackKey(chosen: string | undefined, state: string): void {
  const navigate = route.useNavigate();
  const goBack = async (left: string): Promise<void> => {
    await navigate({ search: listSearch(state) });
    document.querySelector<HTMLElement>(`[data-item="${CSS.escape(left)}"]`)?.focus();
  };
  useKeys(chosen === undefined ? {} : { Escape: { label: "Back to the list", run: () => void goBack(chosen) } });
}

function Columns({ items, chosen, state, isCut }: ColumnsProps) {
  const list = useSteadyList(items, state);
  useBackKey(chosen, state);
  // A wide screen always shows one; a narrow one the list first. What is not on screen is not there: its keys must not act.
  const first = useWide() ? list.shown[0]?.id : undefined;
  const shown = chosen ?? first;
  const { selected, clear } = useSelection(items, shown);
  if (items.length === 0 && chosen === undefined) return <EmptyState>{nothingHere(state)}</EmptyState>;
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(280px,400px)_minmax(0,1fr)] lg:border-t lg:border-line">
      <div className={twMerge("min-w-0 lg:sticky lg:top-0", chosen !== undefined && "max-lg:hidden")}>
        <InboxBatch items={selected} onClear={clear} />
        {list.newCount > 0 && (
          <button type="button" onClick={list.showNew} className="min-h-8 w-full border-b border-line text-sm font-medium text-accent">
            {list.newCount} new: show
          </button>
        )}
        <InboxList items={list.shown} shown={shown} selected={selected} {...listSearch(state)} />
        {isCut && <p className="p-2.5 text-sm text-ink-3">The newest {items.length} are listed. Narrow to a project to see older ones.</p>}
      </div>
      {shown !== undefined && <ItemShown key={shown} id={shown} state={state} />}
    </div>
  );
}

function ItemShown({ id, state }: { readonly id: string; readonly state: string }) {
  const query = useQuery(itemQuery(id));
  return (
    <div className="min-w-0 lg:min-h-[70vh] lg:border-l lg:border-line lg:pt-4 lg:pl-6">
      <Link to="/inbox" search={listSearch(state)} className="mb-3 inline-flex min-h-8 items-center gap-1.5 text-sm text-accent lg:hidden">
        <ArrowLeft size={15} aria-hidden="true" />
        All items
      </Link>
      <Loaded query={query}>{(item) => <ItemDetail item={item} />}</Loaded>
    </div>
  );
}
