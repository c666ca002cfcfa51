import { Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { Hourglass } from "lucide-react";
import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { twMerge } from "tailwind-merge";
import type { RequestListRow } from "../../../../contract/request-contract.ts";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { SmallRail } from "../../marks/stage-rail.tsx";
import { railOfRow } from "../../marks/stages.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { useDensity } from "../../shell/density.ts";
import { Td, Th } from "../../shell/table.tsx";
import { dayText } from "../../shell/words.ts";

interface RowProps {
  readonly row: RequestListRow;
  readonly at: number;
  readonly selected: boolean;
  readonly onSelect: (label: string) => void;
  readonly measure: (element: Element | null) => void;
}

/** With whom it waits, by shape and word. */
function Waits({ row }: { readonly row: RequestListRow }) {
  if (row.waitsFor !== "you") return null;
  return (
    <span className="inline-flex shrink-0 items-center gap-1 rounded-full bg-wait-wash px-1.5 text-xs font-medium whitespace-nowrap text-wait">
      <Hourglass size={11} aria-hidden="true" />
      needs you
    </span>
  );
}

function TitleCell({ row }: { readonly row: RequestListRow }) {
  return (
    <Td className="max-w-0 min-w-0">
      <span className="flex min-w-0 items-center gap-x-2 max-sm:flex-wrap">
        <Link
          to="/requests/$reference"
          params={{ reference: row.label }}
          data-row
          data-label={row.label}
          className="min-w-0 font-medium hover:underline max-sm:line-clamp-2 max-sm:min-h-6 sm:truncate"
        >
          {row.title}
        </Link>
        <Waits row={row} />
        {row.urgency === "high" && <span className="shrink-0 text-xs font-semibold text-bad">urgent</span>}
        {row.rehearsal && <RehearsalBadge />}
      </span>
      <span className="mt-0.5 flex sm:hidden">
        <StateMark state={row.state} className="text-xs" />
      </span>
    </Td>
  );
}

function RequestRow({ row, at, selected, onSelect, measure }: RowProps) {
  return (
    <tr
      ref={measure}
      data-index={at}
      aria-rowindex={at + 2}
      className={twMerge("border-b border-line hover:bg-wash", selected && "bg-accent-wash hover:bg-accent-wash")}
    >
      <Td className="w-7">
        <input
          type="checkbox"
          aria-label={`Select ${row.label}`}
          checked={selected}
          onChange={() => onSelect(row.label)}
          className="block size-6 cursor-pointer p-1 accent-(--accent) sm:size-4"
        />
      </Td>
      <Td className="id w-24 whitespace-nowrap text-ink-2 max-sm:w-14">{row.label}</Td>
      <TitleCell row={row} />
      <Td className="w-32 max-md:hidden">
        <SmallRail views={railOfRow(row)} />
      </Td>
      <Td className="w-40 text-sm max-sm:hidden">
        <StateMark state={row.state} />
      </Td>
      <Td className="w-32 max-w-32 truncate text-sm text-ink-2 max-2xl:hidden">{row.requester.name}</Td>
      <Td number className="w-24 text-sm text-ink-3">
        <Ago atMs={row.stateSinceMs} rehearsal={row.rehearsal} />
      </Td>
      <Td number className="w-28 text-sm text-ink-3 max-lg:hidden">
        {row.deadlineAtMs === null ? <span aria-label="none">–</span> : dayText(row.deadlineAtMs)}
      </Td>
    </tr>
  );
}

function Heads() {
  return (
    <>
      <Th className="w-7">
        <span className="sr-only">Selected</span>
      </Th>
      <Th>Id</Th>
      <Th>Request</Th>
      <Th className="max-md:hidden">Stage</Th>
      <Th className="max-sm:hidden">State</Th>
      <Th className="max-2xl:hidden">Requester</Th>
      <Th number>Since</Th>
      <Th number className="max-lg:hidden">
        Deadline
      </Th>
    </>
  );
}

interface FrameProps {
  /** Rows of the whole list, drawn or not. */
  readonly rowCount: number;
  readonly children: ReactNode;
}

function Frame({ rowCount, children }: FrameProps) {
  return (
    <table className="w-full" aria-rowcount={rowCount + 1}>
      <caption className="sr-only">Requests</caption>
      <thead>
        <tr className="border-b border-line-strong">
          <Heads />
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

interface LongProps {
  readonly rows: readonly RequestListRow[];
  readonly selected: readonly string[];
  readonly onSelect: (label: string) => void;
  /** The last rows come into sight. */
  readonly onEnd: () => void;
}

/** Drawn beyond what is seen, so that J and K meet a row that is there. */
const overscan = 12;
const columns = 8;

/** Holds the place of rows that are not drawn. */
const Space = ({ height }: { readonly height: number }) =>
  height <= 0 ? null : (
    <tr aria-hidden="true">
      <td colSpan={columns} className="p-0" style={{ height }} />
    </tr>
  );

/** As many requests as are read, drawn as far as they are seen; the page itself scrolls. */
export function LongRequestTable({ rows, selected, onSelect, onEnd }: LongProps) {
  const density = useDensity();
  const place = useRef<HTMLDivElement>(null);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (density === "compact" ? 32 : 40),
    overscan,
    scrollMargin: place.current?.offsetTop ?? 0,
    getItemKey: (at) => rows[at]?.id ?? at,
  });
  const drawn = virtual.getVirtualItems();
  const last = drawn.at(-1);
  const atEnd = last !== undefined && last.index >= rows.length - overscan;
  useEffect(() => {
    if (atEnd) onEnd();
  }, [atEnd, rows.length, onEnd]);
  const { scrollMargin } = virtual.options;
  return (
    <div ref={place}>
      <Frame rowCount={rows.length}>
        <Space height={(drawn[0]?.start ?? scrollMargin) - scrollMargin} />
        {drawn.map(({ index }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <RequestRow
              key={row.id}
              row={row}
              at={index}
              selected={selected.includes(row.label)}
              onSelect={onSelect}
              measure={virtual.measureElement}
            />
          );
        })}
        <Space height={virtual.getTotalSize() - ((last?.end ?? scrollMargin) - scrollMargin)} />
      </Frame>
    </div>
  );
}
