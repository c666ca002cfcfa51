import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { twMerge } from "tailwind-merge";
import { useMoment } from "./moment-context.ts";
import { useNeedsMe } from "./needs-me.ts";
import { TimeControl } from "./page-moment.tsx";

interface PageProps {
  /** Names the tab; the count that needs the reader stands before it. */
  readonly title: string;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

/** A page's frame: the tab title, and focus on the heading after navigation so that a screen reader hears where it is. */
export function Page({ title, children, wide = false }: PageProps) {
  const needs = useNeedsMe();
  useEffect(() => {
    document.title = `${needs > 0 ? `(${needs}) ` : ""}${title} · xVC`;
  }, [title, needs]);
  return (
    <div className={twMerge("flex w-full flex-col gap-6 px-4 pt-5 pb-24 sm:px-8 sm:pb-12", wide ? "max-w-[1440px]" : "max-w-[1180px]")}>
      {children}
    </div>
  );
}

interface HeadProps {
  readonly title: ReactNode;
  /** What kind of page it is, in small type over the title. */
  readonly over?: ReactNode;
  /** The sentence the reader came for. */
  readonly answer?: ReactNode;
  readonly acts?: ReactNode;
  /** The answer is what the reader came for: it stands large, the title small over it. */
  readonly lead?: boolean;
}

export function PageHead({ title, over, answer, acts, lead = false }: HeadProps) {
  const isPast = useMoment() !== null;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Only after a navigation: on first load the browser's own start of the page is right.
    if (document.activeElement === document.body || document.activeElement === null) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="flex min-w-0 flex-col gap-1">
        {over !== undefined && <div className="flex flex-wrap items-center gap-2 text-sm text-ink-3">{over}</div>}
        <h1
          ref={heading}
          tabIndex={-1}
          className={lead ? "text-sm font-medium text-ink-3 outline-none" : "text-xl font-semibold tracking-tight outline-none"}
        >
          {title}
        </h1>
        {answer !== undefined && (
          <div className={lead ? "max-w-[80ch] text-xl tracking-tight" : "max-w-[75ch] text-lg text-ink-2"}>{answer}</div>
        )}
      </div>
      <div data-acts className="no-print flex flex-wrap items-center gap-2 empty:hidden">
        <TimeControl />
        {!isPast && acts}
      </div>
    </header>
  );
}

interface SectionProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  /** No line under the title: a table below brings its own. */
  readonly bare?: boolean;
}

/** A titled part of a page under a hairline. */
export function Section({ title, aside, children, className, bare = false }: SectionProps) {
  return (
    <section aria-label={title} className={twMerge("flex min-w-0 flex-col", bare ? "gap-0.5" : "gap-2", className)}>
      <div className={twMerge("flex items-baseline justify-between gap-4", !bare && "border-b border-line pb-1.5")}>
        <h2 className="text-sm font-semibold">{title}</h2>
        {aside !== undefined && <div className="text-sm text-ink-3">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

/** Facts in two columns, name and value. */
export function Facts({ rows }: { readonly rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
