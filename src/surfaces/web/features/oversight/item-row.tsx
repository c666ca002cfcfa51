import { Link } from "@tanstack/react-router";
import { twMerge } from "tailwind-merge";
import type { InboxItemSummary } from "../../../../contract/inbox-contract.ts";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { RiskMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";

/** For whom it waits, in words. */
function answererOf(item: InboxItemSummary): string {
  return item.delegate?.name ?? (item.roles.length > 0 ? item.roles.join(" or ") : "somebody else");
}

/** One thing that waits, in two lines: what is asked, then of which request, how risky, since when. */
export function ItemRow({
  item,
  current = false,
  state,
}: {
  readonly item: InboxItemSummary;
  readonly current?: boolean;
  readonly state?: string;
}) {
  return (
    <Link
      to="/inbox"
      search={{ item: item.id, ...(state === undefined ? {} : { state }) }}
      data-row
      activeOptions={{ exact: true }}
      aria-current={current ? "page" : undefined}
      className={twMerge("-mx-2 flex flex-col gap-0.5 rounded px-2 py-2 hover:bg-wash", current && "bg-accent-wash hover:bg-accent-wash")}
    >
      <span className="flex min-w-0 items-baseline justify-between gap-3">
        <span className="min-w-0 font-medium">{item.title}</span>
        <span className="shrink-0 text-xs text-ink-3">
          <Ago atMs={item.askedAtMs} />
        </span>
      </span>
      <span className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-xs text-ink-3">
        <span className="font-mono">{item.requestLabel}</span>
        <span className="min-w-0 truncate">{item.requestTitle}</span>
        <RiskMark risk={item.risk} />
        {item.dueAtMs !== null && (
          <span className="text-wait">
            due <Ago atMs={item.dueAtMs} />
          </span>
        )}
        {!item.mayAnswer && <span>waits for {answererOf(item)}</span>}
        {item.rehearsal && <RehearsalBadge />}
      </span>
    </Link>
  );
}
