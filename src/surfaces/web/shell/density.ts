import { useSyncExternalStore } from "react";

/** How close the rows stand: 40 px or 32 px. */
export type Density = "comfortable" | "compact";

const storageKey = "xvc.density";
const watchers = new Set<() => void>();
let density: Density = readDensity();

function readDensity(): Density {
  try {
    return localStorage.getItem(storageKey) === "compact" ? "compact" : "comfortable";
  } catch {
    // Storage may be refused.
    return "comfortable";
  }
}

/** Puts the density on the document; the style sheet does the rest. */
export function applyDensity(): void {
  document.documentElement.dataset["density"] = density;
}

export function setDensity(next: Density): void {
  density = next;
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // Holds until the tab is closed.
  }
  applyDensity();
  for (const told of watchers) told();
}

const watch = (changed: () => void): (() => void) => {
  watchers.add(changed);
  return () => watchers.delete(changed);
};

export const useDensity = (): Density => useSyncExternalStore(watch, () => density);
