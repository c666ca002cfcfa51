import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { twMerge } from "tailwind-merge";

interface PanelProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A sheet of paper on the page: for what belongs together and apart from its neighbours. A list needs none, it has hairlines. */
export function Panel({ title, aside, children, className }: PanelProps) {
  return (
    <section aria-label={title} className={twMerge("flex min-w-0 flex-col rounded border border-line bg-sheet", className)}>
      <div className="flex min-h-9 items-center justify-between gap-4 border-b border-line px-3">
        <h2 className="eyebrow">{title}</h2>
        {aside !== undefined && <div className="text-sm text-ink-3">{aside}</div>}
      </div>
      <div className="flex min-w-0 flex-col gap-2 p-3">{children}</div>
    </section>
  );
}

interface FigureProps {
  readonly label: string;
  /** Already put for people: `12`, `2 d 4 h`. */
  readonly value: string;
  readonly unit?: string;
  /** What is counted, over which time: no number without it. */
  readonly definition: string;
  /** Over how many rows; null where it is itself a count of rows. */
  readonly n: number | null;
  /** The rows it was made from. */
  readonly to?: string;
  readonly tone?: "plain" | "good" | "wait" | "bad";
}

const toneLook = { plain: "text-ink", good: "text-good", wait: "text-wait", bad: "text-bad" } as const;

/** One number, what it means and over how many rows; a link to them where there is one. */
export function Figure({ label, value, unit, definition, n, to, tone = "plain" }: FigureProps) {
  const number = (
    <span className={twMerge("text-xl font-semibold tracking-tight tabular-nums", toneLook[tone])}>
      {value}
      {unit !== undefined && <span className="ml-1 text-sm font-normal text-ink-3">{unit}</span>}
    </span>
  );
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <span className="text-xs font-medium text-ink-2">{label}</span>
      {to === undefined ? (
        number
      ) : (
        <Link to={to} className="self-start underline decoration-line-strong underline-offset-4 hover:decoration-current">
          {number}
        </Link>
      )}
      <span className="text-xs text-ink-3">
        {definition}
        {n !== null && `, n = ${n}`}
      </span>
    </div>
  );
}

/** Figures in a row under hairlines; they wrap on a phone. */
export function Figures({ children }: { readonly children: ReactNode }) {
  return <div className="grid grid-cols-[repeat(auto-fit,minmax(150px,1fr))] gap-x-6 gap-y-4 border-y border-line py-3">{children}</div>;
}
