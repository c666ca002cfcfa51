import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { ReactNode } from "react";
import { twMerge } from "tailwind-merge";

interface LongListProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  /** About how tall a row is, in px; rows are measured once they are drawn. */
  readonly rowHeight: number;
  readonly children: (item: Item, at: number) => ReactNode;
  /** Called when the last rows come into sight: read the next page. */
  readonly onEnd?: () => void;
  readonly className?: string;
}

/** Drawn beyond what is seen, so that J and K meet a row that is there. */
const overscan = 8;

/** A list of any length that draws only what is seen. It scrolls in its own box; give it a height. */
export function LongList<Item>({ label, items, keyOf, rowHeight, children, onEnd, className }: LongListProps<Item>) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan,
    getItemKey: (at) => {
      const item = items[at];
      return item === undefined ? at : keyOf(item);
    },
    onChange: (list) => {
      const last = list.getVirtualItems().at(-1);
      if (last !== undefined && last.index >= items.length - overscan) onEnd?.();
    },
  });
  return (
    <div ref={box} tabIndex={0} role="group" aria-label={label} className={twMerge("min-h-0 overflow-y-auto", className)}>
      <ul className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((row) => {
          const item = items[row.index];
          return item === undefined ? null : (
            <li
              key={row.key}
              ref={virtual.measureElement}
              data-index={row.index}
              aria-setsize={items.length}
              aria-posinset={row.index + 1}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${row.start}px)` }}
            >
              {children(item, row.index)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
