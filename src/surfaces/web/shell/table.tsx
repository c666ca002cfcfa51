import type { ReactNode, TdHTMLAttributes, ThHTMLAttributes } from "react";
import { twMerge } from "tailwind-merge";

interface TableProps {
  /** Read out before the rows; not shown. */
  readonly caption: string;
  readonly head: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A dense table under hairlines: units once in the head, numbers to the right. */
export function Table({ caption, head, children, className }: TableProps) {
  return (
    <table className={twMerge("w-full", className)}>
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-b border-line-strong">{head}</tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

interface HeadProps extends ThHTMLAttributes<HTMLTableCellElement> {
  readonly number?: boolean;
}

export function Th({ number = false, className, ...rest }: HeadProps) {
  return (
    <th
      scope="col"
      className={twMerge("px-2 py-1.5 text-left text-xs font-medium text-ink-3 first:pl-0 last:pr-0", number && "text-right", className)}
      {...rest}
    />
  );
}

interface CellProps extends TdHTMLAttributes<HTMLTableCellElement> {
  readonly number?: boolean;
}

export function Td({ number = false, className, ...rest }: CellProps) {
  return (
    <td
      className={twMerge("h-row px-2 py-1 first:pl-0 last:pr-0", number && "text-right tabular-nums whitespace-nowrap", className)}
      {...rest}
    />
  );
}

/** A row of a table; `data-row` on its link lets J and K find it. */
export function Row({ children, current = false }: { readonly children: ReactNode; readonly current?: boolean }) {
  return (
    <tr className={twMerge("arrive border-b border-line hover:bg-wash", current && "bg-accent-wash hover:bg-accent-wash")}>{children}</tr>
  );
}
