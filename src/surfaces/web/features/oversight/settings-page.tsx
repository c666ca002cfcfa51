import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Suspense, useEffect, useRef } from "react";
import { twMerge } from "tailwind-merge";
import { meQuery } from "../../queries.ts";
import { Page, PageHead } from "../../shell/page.tsx";
import { EmptyState, Skeleton } from "../../shell/states.tsx";
import { settingsGroups, type SettingsTab, tabsFor } from "./settings-tabs.ts";

const firstTab = "profile";

/** Settings: a list of tabs on the left, each with its own address. */
export function SettingsPage() {
  const { tab: wanted = firstTab } = useParams({ strict: false });
  const me = useQuery(meQuery);
  const tabs = tabsFor(me.data?.person.roles ?? []);
  const current = tabs.find((tab) => tab.id === wanted);
  return (
    <Page title={current === undefined ? "Settings" : `${current.label} · Settings`}>
      <PageHead title="Settings" />
      <div className="grid gap-x-10 gap-y-5 md:grid-cols-[11rem_minmax(0,1fr)]">
        <TabList tabs={tabs} current={wanted} />
        <section aria-label={current?.label ?? "Settings"} className="flex min-w-0 flex-col gap-6">
          {me.data === undefined ? <Skeleton rows={4} /> : <Chosen tab={current} />}
        </section>
      </div>
    </Page>
  );
}

function Chosen({ tab }: { readonly tab: SettingsTab | undefined }) {
  if (tab === undefined)
    return (
      <EmptyState
        act={
          <Link to="/settings/$tab" params={{ tab: firstTab }} className="text-accent underline">
            Open your profile
          </Link>
        }
      >
        There is no such setting, or your roles do not show it.
      </EmptyState>
    );
  return (
    <>
      <h2 className="text-lg font-semibold">{tab.label}</h2>
      <Suspense fallback={<Skeleton rows={4} />}>
        <tab.Panel />
      </Suspense>
    </>
  );
}

/** On a narrow screen one line to scroll through, else a column by group. */
function TabList({ tabs, current }: { readonly tabs: readonly SettingsTab[]; readonly current: string }) {
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    const strip = list.current;
    const shown = strip?.querySelector<HTMLElement>("[aria-current=page]");
    // Only the strip moves, never the page.
    if (strip && shown) strip.scrollLeft = shown.offsetLeft - (strip.clientWidth - shown.offsetWidth) / 2;
  }, [current, tabs.length]);
  return (
    <nav
      ref={list}
      aria-label="Settings"
      className="relative flex flex-col gap-5 max-md:-mx-4 max-md:flex-row max-md:gap-1 max-md:overflow-x-auto max-md:px-4 max-md:pb-1"
    >
      {settingsGroups.map((group) => {
        const members = tabs.filter((tab) => tab.group === group);
        if (members.length === 0) return null;
        return (
          <div key={group} className="flex flex-col gap-0.5 max-md:flex-row max-md:gap-1">
            <h2 id={`settings-${group}`} className="px-2.5 pb-0.5 text-xs font-medium text-ink-3 max-md:sr-only">
              {group}
            </h2>
            <ul aria-labelledby={`settings-${group}`} className="flex flex-col gap-0.5 max-md:flex-row max-md:gap-1">
              {members.map((tab) => (
                <li key={tab.id}>
                  <Link
                    to="/settings/$tab"
                    params={{ tab: tab.id }}
                    data-row
                    aria-current={tab.id === current ? "page" : undefined}
                    className={twMerge(
                      "flex min-h-8 items-center rounded px-2.5 text-sm whitespace-nowrap text-ink-2 hover:bg-wash hover:text-ink",
                      tab.id === current && "bg-wash font-semibold text-ink",
                    )}
                  >
                    {tab.label}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
