import { Link } from "@tanstack/react-router";
import type { RequestSummary } from "../../../../contract/request-contract.ts";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { SmallRail } from "../../marks/stage-rail.tsx";
import { railOfRow } from "../../marks/stages.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { dayText } from "../../shell/words.ts";

const head = "px-2 py-1.5 text-left text-xs font-medium text-ink-3 first:pl-0 last:pr-0";
const cell = "h-8 px-2 py-1 first:pl-0 last:pr-0";

function Row({ row }: { readonly row: RequestSummary }) {
  return (
    <tr className="arrive border-b border-line hover:bg-wash">
      <td className={`${cell} w-24 font-mono text-xs whitespace-nowrap text-ink-2 max-sm:w-14`}>{row.label}</td>
      <td className={`${cell} max-w-0 min-w-0`}>
        <span className="flex min-w-0 items-center gap-x-2 max-sm:flex-wrap">
          <Link
            to="/requests/$reference"
            params={{ reference: row.label }}
            data-row
            className="min-w-0 font-medium hover:underline max-sm:line-clamp-2 max-sm:min-h-6 sm:truncate"
          >
            {row.title}
          </Link>
          {row.rehearsal && <RehearsalBadge />}
        </span>
        <span className="mt-0.5 flex sm:hidden">
          <StateMark state={row.state} className="text-xs" />
        </span>
      </td>
      <td className={`${cell} w-32 max-md:hidden`}>
        <SmallRail views={railOfRow(row)} />
      </td>
      <td className={`${cell} w-40 text-sm max-sm:hidden`}>
        <StateMark state={row.state} />
      </td>
      <td className={`${cell} w-24 text-right text-sm text-ink-3`}>
        <Ago atMs={row.stateSinceMs} />
      </td>
      <td className={`${cell} w-28 text-right text-sm whitespace-nowrap text-ink-3 max-lg:hidden`}>
        {row.deadlineAtMs === null ? <span aria-label="none">–</span> : dayText(row.deadlineAtMs)}
      </td>
    </tr>
  );
}

/** Requests with their small rails. J and K move, Enter opens. */
export function RequestTable({ rows, caption }: { readonly rows: readonly RequestSummary[]; readonly caption: string }) {
  return (
    <table className="w-full">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-b border-line-strong">
          <th scope="col" className={head}>
            Id
          </th>
          <th scope="col" className={head}>
            Request
          </th>
          <th scope="col" className={`${head} max-md:hidden`}>
            Stage
          </th>
          <th scope="col" className={`${head} max-sm:hidden`}>
            State
          </th>
          <th scope="col" className={`${head} text-right`}>
            Since
          </th>
          <th scope="col" className={`${head} text-right max-lg:hidden`}>
            Deadline
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  );
}
