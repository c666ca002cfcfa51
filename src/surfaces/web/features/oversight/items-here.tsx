import { useQuery } from "@tanstack/react-query";
import type { InboxItemSummary } from "../../../../contract/inbox-contract.ts";
import { RiskMark } from "../../marks/state-mark.tsx";
import { itemQuery } from "../../queries.ts";
import { Ago } from "../../shell/clock.tsx";
import { useMoment } from "../../shell/moment-context.ts";
import { Loaded } from "../../shell/states.tsx";
import { ItemAnswer } from "./item-answer.tsx";

/** What a request waits for, answerable on its own page. The plan's approval is left out where the plan itself stands below with its own decision. */
export function ItemsHere({ items, planShown }: { readonly items: readonly InboxItemSummary[]; readonly planShown: boolean }) {
  const shown = items.filter(
    (item) => (item.state === "open" || item.state === "delegated") && !(planShown && item.subjectKind === "plan"),
  );
  if (shown.length === 0) return null;
  return (
    <section aria-label="Waits for a person" className="flex flex-col gap-2">
      {shown.map((item) => (
        <ItemHere key={item.id} item={item} />
      ))}
    </section>
  );
}

function ItemHere({ item }: { readonly item: InboxItemSummary }) {
  const query = useQuery(itemQuery(item.id));
  const isPast = useMoment() !== null;
  return (
    <article
      aria-label={item.title}
      className="arrive flex flex-col gap-2 rounded border border-l-4 border-line border-l-wait bg-sheet p-4"
    >
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-medium">{item.title}</span>
        <span className="flex gap-3 text-sm text-ink-2">
          <RiskMark risk={item.risk} />
          <span>
            asked <Ago atMs={item.askedAtMs} />
          </span>
        </span>
      </p>
      <Loaded query={query} rows={1}>
        {(detail) => (
          <>
            {detail.detail !== "" && <p className="max-w-[75ch] text-sm whitespace-pre-wrap text-ink-2">{detail.detail}</p>}
            {!isPast && <ItemAnswer item={detail} withKeys={false} />}
          </>
        )}
      </Loaded>
    </article>
  );
}
