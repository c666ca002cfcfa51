import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { InboxItemDetail } from "../../../../contract/inbox-contract.ts";
import { meQuery } from "../../queries.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { isTextRecord, useDraft } from "../../shell/draft.ts";
import { Facts } from "../../shell/page.tsx";
import { moneyText } from "../../shell/words.ts";
import { draftKeyOf } from "./item-answer.tsx";
import { labelOfChoice } from "./item-choices.ts";

const isOpen = (item: InboxItemDetail): boolean => item.state === "open" || item.state === "delegated";

/** What the reader first saw of an item while it is on screen. */
export function useSeen(item: InboxItemDetail): InboxItemDetail {
  const [seen] = useState(item);
  return seen;
}

const amountOf = ({ money }: InboxItemDetail): string => (money === null ? "none named" : moneyText(money.costMicro, money.currency));

/** What of the question itself is another than what was read. */
function differences(seen: InboxItemDetail, now: InboxItemDetail): readonly (readonly [string, string, string])[] {
  const sides: readonly (readonly [string, (item: InboxItemDetail) => string])[] = [
    ["Question", (item) => item.title],
    ["Details", (item) => item.detail],
    ["Risk", (item) => item.risk],
    ["Cost", amountOf],
    ["Evidence", (item) => JSON.stringify(item.evidence)],
  ];
  return sides.map(([name, of]) => [name, of(seen), of(now)] as const).filter(([, before, after]) => before !== after);
}

function endingOf(item: InboxItemDetail): string {
  if (item.answer !== null) return `${labelOfChoice(item, item.answer.choice)}, by ${item.answer.by.name}`;
  return item.state === "expired" ? "Its time ran out" : "It was withdrawn";
}

const nothing: Record<string, string> = {};

/** Somebody else was faster, or the question changed under the reader's eyes: both sides, and what was typed is not lost. */
export function ItemRace({ seen, now }: { readonly seen: InboxItemDetail; readonly now: InboxItemDetail }) {
  const me = useQuery({ ...meQuery, enabled: false });
  const isEnded = isOpen(seen) && !isOpen(now) && now.answer?.by.id !== me.data?.person.id;
  const changed = isOpen(now) ? differences(seen, now) : [];
  if (!isEnded && changed.length === 0) return null;
  return (
    <section
      role="alert"
      aria-label="It changed while you looked"
      className="flex flex-col gap-3 rounded border border-wait bg-wait-wash p-3"
    >
      <p className="font-medium">
        {isEnded
          ? "Somebody was faster. Your answer was not taken."
          : "The question changed since you opened it. Read it again before you answer."}
      </p>
      {isEnded ? <Ended seen={seen} now={now} /> : <Changed rows={changed} />}
    </section>
  );
}

function Ended({ seen, now }: { readonly seen: InboxItemDetail; readonly now: InboxItemDetail }) {
  const { answer } = now;
  return (
    <>
      <Facts
        rows={[
          ["You saw", `open, risk ${seen.risk}, cost ${amountOf(seen)}`],
          [
            "Now",
            <span key="now">
              {endingOf(now)} {answer !== null && <Ago atMs={answer.atMs} />}
              {answer !== null && answer.reason !== "" && <span className="block text-ink-2">“{answer.reason}”</span>}
            </span>,
          ],
        ]}
      />
      <Unsent itemId={now.id} />
    </>
  );
}

function Changed({ rows }: { readonly rows: ReturnType<typeof differences> }) {
  return (
    <Facts
      rows={rows.map(([name, before, after]) => [
        name,
        <span key={name}>
          <del className="block text-ink-2">{before}</del>
          <ins className="block no-underline">{after}</ins>
        </span>,
      ])}
    />
  );
}

function Unsent({ itemId }: { readonly itemId: string }) {
  const draft = useDraft(draftKeyOf(itemId), nothing, isTextRecord);
  const typed = [draft.value["reason"], draft.value["text"]].filter((text) => text !== undefined && text !== "").join("\n");
  if (typed === "") return null;
  return (
    <div className="flex flex-col items-start gap-2">
      <p className="text-sm text-ink-2">What you had written is kept here until you discard it:</p>
      <blockquote className="border-l-2 border-wait pl-3 whitespace-pre-wrap">{typed}</blockquote>
      <Button onClick={draft.clear}>Discard it</Button>
    </div>
  );
}
