interface ShareProps {
  readonly done: number;
  readonly of: number;
  /** What is counted; shown on hover. */
  readonly title: string;
  /** The figure in words: a bar alone says nothing to who cannot see it. */
  readonly text: string;
}

/** A share as a bar beside its figure. */
export function ShareBar({ done, of, title, text }: ShareProps) {
  const percent = of === 0 ? 0 : Math.min(100, Math.round((done / of) * 100));
  return (
    <span className="flex items-center gap-2 text-sm" title={title}>
      <span className="relative h-1.5 w-20 shrink-0 overflow-hidden rounded-sm bg-line" aria-hidden="true">
        <span className="absolute inset-y-0 left-0 bg-accent" ref={(bar) => bar?.style.setProperty("width", `${percent}%`)} />
      </span>
      <span className="text-ink-2 tabular-nums">{text}</span>
    </span>
  );
}
