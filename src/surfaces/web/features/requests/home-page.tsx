import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, Navigate } from "@tanstack/react-router";
import { useEffect } from "react";
import type { InboxItemSummary } from "../../../../contract/inbox-contract.ts";
import type { RequestListRow } from "../../../../contract/request-contract.ts";
import type { TaskSummary } from "../../../../contract/task-contract.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { inboxQuery, meQuery, requestsQuery, tasksQuery } from "../../queries.ts";
import { Ago, useNowMs } from "../../shell/clock.tsx";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { ErrorState, Skeleton } from "../../shell/states.tsx";
import { useSteadyList } from "../../shell/steady-list.ts";
import { ItemRow } from "../oversight/item-row.tsx";
import { RemoveSample } from "./remove-sample.tsx";
import { FirstActs } from "./first-acts.tsx";
import { HomeChanges } from "./home-changes.tsx";
import { hasLanded, landingOf, noteLanding } from "./landing.ts";
import { homeSentence, isOver, type SentencePart } from "./home-sentence.ts";
import { HomeLoad } from "./home-load.tsx";
import { HomeRequests } from "./home-requests.tsx";
import { HomeSlipping } from "./home-slipping.tsx";

/** Rows a digest shows; the rest is one link away. */
const digestRows = 6;

/** The first pages of the inbox and of the requests, in the project the reader narrowed the pages to. */
function useDigest() {
  const project = useProjectKey();
  const inbox = useQuery(inboxQuery("open"));
  const requests = useInfiniteQuery(requestsQuery(""));
  const [page] = requests.data?.pages ?? [];
  const inScope = (label: string): boolean => project === "" || label === project || label.startsWith(`${project}-`);
  return {
    items: inbox.data?.items.filter((item) => inScope(item.requestLabel)),
    rows: page?.items.filter((row) => inScope(row.label)),
    hasMore: typeof page?.nextCursor === "string",
    failed: inbox.error ?? requests.error,
    again: () => void Promise.all([inbox.refetch(), requests.refetch()]),
  };
}

export function HomePage() {
  const roles = useQuery(meQuery).data?.person.roles;
  const landing = roles === undefined || hasLanded() ? "/" : landingOf(roles);
  useEffect(() => {
    if (roles !== undefined) noteLanding();
  }, [roles]);
  return landing === "/" ? <Digest /> : <Navigate to={landing} replace />;
}

/** What needs me, what changed, what slips: one sentence, then the rows it was made from. */
function Digest() {
  const { items, rows, hasMore, failed, again } = useDigest();
  return (
    <Page title="Home" wide>
      <PageHead lead title="Home" answer={<Answer items={items} rows={rows} hasMore={hasMore} />} />
      {failed !== null && <ErrorState error={failed} onRetry={again} />}
      {rows?.length === 0 ? <FirstActs /> : <Columns items={items ?? []} rows={rows} isReading={failed === null} />}
      <RemoveSample />
    </Page>
  );
}

interface ColumnsProps {
  readonly items: readonly InboxItemSummary[];
  readonly rows: readonly RequestListRow[] | undefined;
  readonly isReading: boolean;
}

function Columns({ items, rows, isReading }: ColumnsProps) {
  return (
    <div className="grid items-start gap-x-10 gap-y-6 xl:grid-cols-[minmax(0,1fr)_minmax(300px,380px)]">
      <div className="flex min-w-0 flex-col gap-6">
        <HomeLoad />
        <NeedsYou items={items} />
        <YourWork />
        {rows === undefined ? isReading && <Skeleton /> : <Work rows={rows} />}
      </div>
      <div className="flex min-w-0 flex-col gap-6">
        <HomeSlipping />
        <HomeChanges />
      </div>
    </div>
  );
}

function Part({ part }: { readonly part: SentencePart }) {
  const look = "font-semibold text-accent underline decoration-2 underline-offset-4";
  const { to, text } = part;
  if (to === undefined) return part.tone === "bad" ? <span className="font-semibold text-bad">{text}</span> : text;
  if (typeof to === "string")
    return (
      <Link to={to} className={look}>
        {text}
      </Link>
    );
  return "item" in to ? (
    <Link to="/inbox" search={{ item: to.item }} className={look}>
      {text}
    </Link>
  ) : (
    <Link to="/requests/$reference" params={{ reference: to.request }} className={look}>
      {text}
    </Link>
  );
}

interface AnswerProps {
  readonly items: readonly InboxItemSummary[] | undefined;
  readonly rows: readonly RequestListRow[] | undefined;
  readonly hasMore: boolean;
}

function Answer({ items, rows, hasMore }: AnswerProps) {
  const now = useNowMs();
  if (items === undefined || rows === undefined) return <span className="text-ink-3">Reading what needs you.</span>;
  return homeSentence(items, { rows, hasMore }, now).map((part, at) => <Part key={`${at} ${part.text}`} part={part} />);
}

/** Real work before rehearsals; due soonest first; what has no clock after it, the oldest first. */
const byUrgency = (one: InboxItemSummary, other: InboxItemSummary): number =>
  Number(one.rehearsal) - Number(other.rehearsal) ||
  (one.dueAtMs ?? Number.POSITIVE_INFINITY) - (other.dueAtMs ?? Number.POSITIVE_INFINITY) ||
  one.askedAtMs - other.askedAtMs;

function NeedsYou({ items: all }: { readonly items: readonly InboxItemSummary[] }) {
  const items = all.filter((item) => item.mine).toSorted(byUrgency);
  if (items.length === 0) return null;
  return (
    <Section
      bare
      title="Needs you"
      aside={
        items.length > digestRows ? (
          <Link to="/inbox" className="underline">
            All {items.length}
          </Link>
        ) : undefined
      }
    >
      <ul className="border-t border-line-strong">
        {items.slice(0, digestRows).map((item) => (
          <li key={item.id} className="border-b border-line">
            <ItemRow item={item} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The tasks in the reader's own hands. */
function YourWork() {
  const me = useQuery({ ...meQuery, enabled: false });
  const query = useQuery(tasksQuery({ mine: "true" }));
  const tasks = (query.data?.items ?? []).filter((task) => task.mine);
  const open = (query.data?.items ?? []).filter((task) => task.mayClaim).length;
  const isContributor = me.data?.person.roles.includes("contributor") === true;
  if (tasks.length === 0 && (open === 0 || !isContributor)) return null;
  return (
    <Section
      bare
      title="Your work"
      aside={
        <Link to="/tasks" className="underline">
          {open > 0 ? `${open} open to claim` : "My work"}
        </Link>
      }
    >
      <ul className="border-t border-line-strong">
        {tasks.slice(0, digestRows).map((task) => (
          <WorkRow key={task.id} task={task} />
        ))}
      </ul>
    </Section>
  );
}

function WorkRow({ task }: { readonly task: TaskSummary }) {
  return (
    <li className="flex min-h-row items-center gap-3 border-b border-line px-2.5 text-sm hover:bg-wash">
      <Link to="/task/$" params={{ _splat: task.label }} data-row className="min-w-0 flex-1 truncate text-base font-medium hover:underline">
        {task.title}
      </Link>
      <span className="id text-ink-3 max-sm:hidden">{task.requestLabel}</span>
      <StateMark state={task.state} />
      <span className="text-ink-3 max-sm:hidden">
        <Ago atMs={task.stateSinceMs} rehearsal={task.rehearsal} />
      </span>
    </li>
  );
}

function Work({ rows }: { readonly rows: readonly RequestListRow[] }) {
  const underWay = useSteadyList(
    rows.filter((row) => !isOver(row.state)),
    "under-way",
  );
  const done = rows.filter((row) => isOver(row.state)).slice(0, digestRows);
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
          <HomeRequests rows={underWay.shown} label="Requests under way" />
        </Section>
      )}
      {done.length > 0 && (
        <Section bare title="Ended lately">
          <HomeRequests rows={done} label="Requests that ended lately" />
        </Section>
      )}
    </>
  );
}
