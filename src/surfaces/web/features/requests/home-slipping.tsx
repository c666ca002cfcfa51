import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarX2, Hourglass, type LucideIcon } from "lucide-react";
import type { RequestListRow } from "../../../../contract/request-contract.ts";
import { stateWord } from "../../marks/state-mark.tsx";
import { deadlinesQuery, longestQuery } from "../../queries.ts";
import { useNowMs } from "../../shell/clock.tsx";
import { Section } from "../../shell/page.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { durationText } from "../../shell/words.ts";

const shownRows = 5;
/** Waiting for a person or standing still for longer than this is slipping. */
const slowMs = 24 * 3_600_000;

interface Slip {
  readonly row: RequestListRow;
  readonly reason: string;
  readonly Icon: LucideIcon;
}

/** Late first, then what has waited longest; a request stands here once. A rehearsal has a time of its own and slips nowhere. */
export function slipsOf(byDeadline: readonly RequestListRow[], bySince: readonly RequestListRow[], nowMs: number): readonly Slip[] {
  const late = byDeadline
    .filter((row) => !row.rehearsal && row.deadlineAtMs !== null && row.deadlineAtMs < nowMs)
    .map((row) => ({ row, reason: `${durationText(nowMs - (row.deadlineAtMs ?? nowMs))} past its deadline`, Icon: CalendarX2 }));
  const known = new Set(late.map((slip) => slip.row.id));
  const slow = bySince
    .filter((row) => !known.has(row.id) && !row.rehearsal && nowMs - row.stateSinceMs > slowMs)
    .map((row) => ({ row, reason: `${stateWord(row.state)} since ${durationText(nowMs - row.stateSinceMs)}`, Icon: Hourglass }));
  return [...late, ...slow].slice(0, shownRows);
}

/** What is late or stands still, with the reason. Nothing slips: nothing is shown. */
export function HomeSlipping() {
  const project = useProjectKey();
  const deadlines = useQuery(deadlinesQuery(project));
  const longest = useQuery(longestQuery(project));
  const now = useNowMs();
  const slips = slipsOf(deadlines.data?.items ?? [], longest.data?.items ?? [], now);
  if (slips.length === 0) return null;
  return (
    <Section title="Slipping">
      <ul className="flex flex-col">
        {slips.map(({ row, reason, Icon }) => (
          <li key={row.id} className="flex items-baseline gap-2.5 border-b border-line py-1.5 text-sm last:border-0">
            <Icon size={14} aria-hidden="true" className="shrink-0 translate-y-0.5 text-bad" />
            <span className="min-w-0 flex-1">
              <Link to="/requests/$reference" params={{ reference: row.label }} className="font-medium hover:underline">
                <span className="id font-normal">{row.label}</span> {row.title}
              </Link>
              <span className="block text-ink-2">
                {reason}
                {row.waitsFor === "you" && ", waits for you"}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
