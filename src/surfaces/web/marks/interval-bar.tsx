import { hoursText } from "../shell/words.ts";

interface IntervalProps {
  readonly p50: number;
  readonly p80: number;
  readonly p90: number;
  /** The right end of the scale, so that rows of one table compare. */
  readonly max: number;
  /** What the numbers are: `effort of backend`. */
  readonly of: string;
  /** What the three points are called here. */
  readonly names?: readonly [string, string, string];
}

/** An interval as a thin bar that tapers: solid to the middle, thinner to the second point, thinnest to the last. */
export function IntervalBar({ p50, p80, p90, max, of, names = ["P50", "P80", "P90"] }: IntervalProps) {
  const x = (hours: number) => (max <= 0 ? 0 : Math.min(100, (hours / max) * 100));
  const text = `${of}: ${names[0]} ${hoursText(p50)}, ${names[1]} ${hoursText(p80)}, ${names[2]} ${hoursText(p90)}`;
  return (
    <svg role="img" aria-label={text} viewBox="0 0 100 12" preserveAspectRatio="none" className="h-3 w-full min-w-16">
      <title>{text}</title>
      <rect x="0" y="5.5" width="100" height="1" fill="var(--line)" />
      <rect x="0" y="3" width={x(p50)} height="6" fill="var(--accent)" />
      <rect x={x(p50)} y="4" width={Math.max(0, x(p80) - x(p50))} height="4" fill="var(--accent)" opacity="0.6" />
      <rect x={x(p80)} y="5" width={Math.max(0, x(p90) - x(p80))} height="2" fill="var(--accent)" opacity="0.45" />
    </svg>
  );
}
