interface WhiskerProps {
  /** What is measured: `quality of code analyst at review`. */
  readonly of: string;
  /** Ratios 0 to 1: the middle and the 95 % interval. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Over how many judged pieces of work. */
  readonly n: number;
}

const percent = (ratio: number): string => `${Math.round(ratio * 100)} %`;

/** Quality as a dot with its whisker, and n beside it: a dot without a whisker would claim to know. */
export function QualityWhisker({ of, mean, low, high, n }: WhiskerProps) {
  const x = (ratio: number): number => Math.min(1, Math.max(0, ratio)) * 100;
  const text = n === 0 ? `${of}: not measured yet` : `${of}: ${percent(mean)}, 95 % interval ${percent(low)} to ${percent(high)}, n = ${n}`;
  return (
    <span role="img" aria-label={text} title={text} className="inline-flex items-center gap-2">
      <svg viewBox="0 0 104 12" aria-hidden="true" className="h-3 w-24 shrink-0">
        <rect x="2" y="5.5" width="100" height="1" fill="var(--line)" />
        {n > 0 && (
          <>
            <rect x={2 + x(low)} y="5" width={Math.max(1, x(high) - x(low))} height="2" fill="var(--accent)" opacity="0.5" />
            <rect x={2 + x(low)} y="3" width="1" height="6" fill="var(--accent)" />
            <rect x={1 + x(high)} y="3" width="1" height="6" fill="var(--accent)" />
            <circle cx={2 + x(mean)} cy="6" r="3" fill="var(--accent)" />
          </>
        )}
      </svg>
      <span className="text-xs whitespace-nowrap text-ink-3 tabular-nums">{n === 0 ? "not measured" : `${percent(mean)}, n = ${n}`}</span>
    </span>
  );
}
