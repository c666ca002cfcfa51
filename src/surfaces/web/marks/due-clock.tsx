import { CirclePause } from "lucide-react";
import { twMerge } from "tailwind-merge";
import { useNowMs } from "../shell/clock.tsx";
import { instantText, relativeText } from "../shell/words.ts";

interface DueProps {
  readonly askedAtMs: number;
  /** Null: no clock runs. */
  readonly dueAtMs: number | null;
  readonly paused?: boolean;
  readonly className?: string;
}

/** Less of its time than this is left: it is urgent. */
const urgentShare = 0.25;

/** As good as whole: a sector's two ends would fall together. */
const wholeShare = 0.97;

/** The dial: what is left of the time between the question and its due time, as a sector. */
function Dial({ left }: { readonly left: number }) {
  const angle = Math.max(0, left) * 2 * Math.PI;
  const x = 7 + 5 * Math.sin(-angle);
  const y = 7 - 5 * Math.cos(-angle);
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" className="shrink-0">
      <circle cx="7" cy="7" r="6" fill="none" stroke="currentColor" strokeWidth="1.25" />
      {left >= wholeShare && <circle cx="7" cy="7" r="5" fill="currentColor" />}
      {left > 0 && left < wholeShare && (
        <path d={`M7 7V2A5 5 0 ${angle > Math.PI ? 1 : 0} 0 ${x.toFixed(2)} ${y.toFixed(2)}Z`} fill="currentColor" />
      )}
      {left <= 0 && <path d="M7 3.6v4M7 9.4v1" stroke="currentColor" strokeWidth="1.5" />}
    </svg>
  );
}

/** When an answer is due, how much of its time is left, and whether the clock stands still. The same everywhere. */
export function DueClock({ askedAtMs, dueAtMs, paused = false, className }: DueProps) {
  const now = useNowMs();
  if (paused)
    return (
      <span className={twMerge("inline-flex items-center gap-1 whitespace-nowrap text-ink-3", className)}>
        <CirclePause size={14} aria-hidden="true" className="shrink-0" />
        clock stands still
      </span>
    );
  if (dueAtMs === null) return null;
  const left = (dueAtMs - now) / Math.max(1, dueAtMs - askedAtMs);
  const tone = left <= 0 ? "font-medium text-bad" : left < urgentShare ? "font-medium text-wait" : "text-ink-2";
  return (
    <span className={twMerge("inline-flex items-center gap-1 whitespace-nowrap", tone, className)}>
      <Dial left={left} />
      <time dateTime={new Date(dueAtMs).toISOString()} title={instantText(dueAtMs)}>
        {left <= 0 ? `overdue, was due ${relativeText(dueAtMs, now)}` : `due ${relativeText(dueAtMs, now)}`}
      </time>
    </span>
  );
}
