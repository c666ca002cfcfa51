import { useSyncExternalStore } from "react";

/** One polite live region for the tab: two would talk over each other. */
let said = "";
const watchers = new Set<() => void>();

/** Says a sentence to assistive technology without moving focus. */
export function announce(sentence: string): void {
  if (sentence === said) return;
  said = sentence;
  for (const told of watchers) told();
}

const watch = (changed: () => void): (() => void) => {
  watchers.add(changed);
  return () => watchers.delete(changed);
};

export function Announcer() {
  const sentence = useSyncExternalStore(watch, () => said);
  return (
    <div aria-live="polite" role="status" className="sr-only">
      {sentence}
    </div>
  );
}
