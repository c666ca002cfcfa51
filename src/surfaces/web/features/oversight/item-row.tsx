import { Link } from "@tanstack/react-router";
import { twMerge } from "tailwind-merge";
import type { InboxItemSummary } from "../../../../contract/inbox-contract.ts";
import { DueClock } from "../../marks/due-clock.tsx";
import { ItemKindMark } from "../../marks/item-kind.tsx";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { RiskMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";

/** For whom it waits, in words. */
export function answererOf(item: Pick<InboxItemSummary, "delegate" | "roles">): string {
  return item.delegate?.name ?? (item.roles.length > 0 ? item.roles.join(" or ") : "somebody else");
}

interface RowProps {
  readonly item: InboxItemSummary;
  readonly current?: boolean;
  readonly state?: string;
  /** Chosen for one answer with others. */
  readonly selected?: boolean;
}

function Meta({ item, selected }: { readonly item: InboxItemSummary; readonly selected: boolean }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-xs text-ink-3">
      <span className="id">{item.requestLabel}</span>
      <span className="max-w-full min-w-0 flex-initial truncate">{item.requestTitle}</span>
      <RiskMark risk={item.risk} />
      <DueClock askedAtMs={item.askedAtMs} dueAtMs={item.rehearsal ? null : item.dueAtMs} paused={item.paused} />
      {item.asksMe && <span className="font-medium text-wait">asks you something</span>}
      {!item.mayAnswer && <span>waits for {answererOf(item)}</span>}
      {item.rehearsal && <RehearsalBadge />}
      {selected && <span className="font-medium text-accent">selected</span>}
    </span>
  );
}

/** One thing that waits, in two lines: what is asked, then of which request, how risky, until when. */
export function ItemRow({ item, current = false, state, selected = false }: RowProps) {
  return (
    <Link
      to="/inbox"
      search={{ item: item.id, ...(state === undefined ? {} : { state }) }}
      data-row
      data-item={item.id}
      activeOptions={{ exact: true }}
      aria-current={current ? "page" : undefined}
      className={twMerge(
        "relative flex gap-2.5 py-2.5 pr-2 pl-2.5 hover:bg-wash",
        current && "bg-accent-wash before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent hover:bg-accent-wash",
      )}
    >
      <ItemKindMark kind={item.kind} className="mt-0.5" />
      <span className="flex min-w-0 flex-1 flex-col gap-1">
        <span className="flex min-w-0 items-baseline justify-between gap-3">
          <span className={twMerge("min-w-0 font-medium", !item.mine && "text-ink-2")}>{item.title}</span>
          <span className="shrink-0 text-xs text-ink-3">
            <Ago atMs={item.askedAtMs} rehearsal={item.rehearsal} />
          </span>
        </span>
        <Meta item={item} selected={selected} />
      </span>
    </Link>
  );
}
