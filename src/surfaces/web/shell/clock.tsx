import { useSyncExternalStore } from "react";
import { instantText, relativeText } from "./words.ts";

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

export const useNowMs = (): number => useSyncExternalStore(watch, readNow);

/** A relative time; the absolute one on hover and for assistive technology. */
export function Ago({ atMs }: { readonly atMs: number }) {
  const now = useNowMs();
  return (
    <time dateTime={new Date(atMs).toISOString()} title={instantText(atMs)} className="whitespace-nowrap">
      {relativeText(atMs, now)}
    </time>
  );
}
