import { useSyncExternalStore } from "react";
import { useMoment } from "./moment-context.ts";
import { durationText, instantText, relativeText } from "./words.ts";

/** One ticking clock for the tab: every relative time follows it, none has its own timer. */
const tickMs = 10_000;
const watchers = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(changed: () => void): () => void {
  watchers.add(changed);
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const told of watchers) told();
  }, tickMs);
  return () => {
    watchers.delete(changed);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function readNow(): number {
  // Without watchers nobody ticks: take the time when asked.
  if (timer === undefined) nowMs = Date.now();
  return nowMs;
}

/** The present; on a page as of an instant that instant, so that ages are what they were. */
export function useNowMs(): number {
  const moment = useMoment();
  const now = useSyncExternalStore(watch, readNow);
  return moment ?? now;
}

interface AgoProps {
  readonly atMs: number;
  /** It happened in the simulated time of a rehearsal, which says nothing relative to now. */
  readonly rehearsal?: boolean;
}

/** A relative time; the absolute one on hover and for assistive technology. */
export function Ago({ atMs, rehearsal = false }: AgoProps) {
  const now = useNowMs();
  if (rehearsal)
    return (
      <span title={`A rehearsal has a time of its own: ${instantText(atMs)}`}>
        <span aria-hidden="true">–</span>
        <span className="sr-only">in rehearsal time</span>
      </span>
    );
  return (
    <time dateTime={new Date(atMs).toISOString()} title={instantText(atMs)} className="whitespace-nowrap">
      {relativeText(atMs, now)}
    </time>
  );
}

/** How long something lasts by now: `for 5 min`; its beginning on hover and for assistive technology. */
export function Lasting({ sinceMs }: { readonly sinceMs: number }) {
  const now = useNowMs();
  return (
    <time dateTime={new Date(sinceMs).toISOString()} title={`since ${instantText(sinceMs)}`} className="whitespace-nowrap">
      for {durationText(now - sinceMs)}
    </time>
  );
}
