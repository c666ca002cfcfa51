import { Link } from "@tanstack/react-router";
import type { RequestListRow } from "../../../../contract/request-contract.ts";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { SmallRail } from "../../marks/stage-rail.tsx";
import { railOfRow } from "../../marks/stages.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";

/** Requests as lines of a digest: which, where on the rail, in which state, since when. */
export function HomeRequests({ label, rows }: { readonly label: string; readonly rows: readonly RequestListRow[] }) {
  return (
    <ul aria-label={label} className="border-t border-line-strong">
      {rows.map((row) => (
        <li
          key={row.id}
          className="arrive flex min-h-row items-center gap-3 border-b border-line px-2.5 py-1 text-sm hover:bg-wash max-sm:flex-wrap max-sm:gap-y-0.5 max-sm:py-2"
        >
          <span className="id shrink-0 text-ink-2 sm:w-16">{row.label}</span>
          <span className="flex min-w-0 flex-1 items-center gap-2 max-sm:order-last max-sm:basis-full">
            <Link
              to="/requests/$reference"
              params={{ reference: row.label }}
              data-row
              className="min-w-0 text-base font-medium hover:underline max-sm:line-clamp-2 sm:truncate"
            >
              {row.title}
            </Link>
            {row.rehearsal && <RehearsalBadge />}
          </span>
          <span className="shrink-0 max-sm:hidden">
            <SmallRail views={railOfRow(row)} />
          </span>
          <StateMark state={row.state} className="sm:w-36" />
          <span className="w-20 shrink-0 text-right text-xs text-ink-3 max-sm:ml-auto">
            <Ago atMs={row.stateSinceMs} rehearsal={row.rehearsal} />
          </span>
        </li>
      ))}
    </ul>
  );
}
