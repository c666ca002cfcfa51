import type { InboxItemSummary } from "../../../../contract/inbox-contract.ts";
import { LongList } from "../../shell/long-list.tsx";
import { useWide } from "../../shell/wide.ts";
import { ItemRow } from "./item-row.tsx";

interface ListProps {
  readonly items: readonly InboxItemSummary[];
  readonly shown: string | undefined;
  readonly selected: readonly InboxItemSummary[];
  readonly state?: string;
}

/** From here on only the rows in sight are drawn. */
const longFrom = 60;
const rowHeight = 66;

/** The items in the order in which the reader first saw them. */
export function InboxList({ items, shown, selected, state }: ListProps) {
  const isWide = useWide();
  const row = (item: InboxItemSummary) => (
    <ItemRow item={item} current={item.id === shown} selected={selected.includes(item)} {...(state === undefined ? {} : { state })} />
  );
  if (isWide && items.length >= longFrom)
    return (
      <LongList
        label="Items"
        items={items}
        keyOf={(item) => item.id}
        rowHeight={rowHeight}
        className="h-[calc(100dvh-1rem)] [&_li]:border-b [&_li]:border-line"
      >
        {row}
      </LongList>
    );
  return (
    <ul aria-label="Items">
      {items.map((item) => (
        <li key={item.id} className="arrive border-b border-line">
          {row(item)}
        </li>
      ))}
    </ul>
  );
}
