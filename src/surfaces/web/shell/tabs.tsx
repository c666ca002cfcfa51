import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { twMerge } from "tailwind-merge";

export interface Tab {
  readonly id: string;
  readonly label: string;
  /** A small count or mark after the label. */
  readonly mark?: ReactNode;
}

/** Tabs that are links: every one has its own address. */
export function LinkTabs({ label, tabs, current }: { readonly label: string; readonly tabs: readonly Tab[]; readonly current: string }) {
  return (
    <nav aria-label={label} className="no-print -mx-4 overflow-x-auto border-b border-line px-4 sm:mx-0 sm:px-0">
      <ul className="flex gap-5">
        {tabs.map((tab) => (
          <li key={tab.id}>
            <Link
              to="."
              search={(before) => ({ ...before, tab: tab.id })}
              resetScroll={false}
              activeOptions={{ exact: true }}
              aria-current={tab.id === current ? "page" : undefined}
              className={twMerge(
                "flex min-h-9 items-center gap-1.5 border-b-2 border-transparent text-sm whitespace-nowrap text-ink-2 hover:text-ink",
                tab.id === current && "border-accent font-medium text-ink",
              )}
            >
              {tab.label}
              {tab.mark !== undefined && <span className="text-ink-3">{tab.mark}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
