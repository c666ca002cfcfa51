import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const storageKey = "xvc.theme";
const watchers = new Set<() => void>();
let theme: Theme = readTheme();

function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(storageKey);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    // Storage may be refused: follow the system.
    return "system";
  }
}

/** Puts the theme on the document; `system` leaves it to `prefers-color-scheme`. */
export function applyTheme(): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export function setTheme(next: Theme): void {
  theme = next;
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // Holds until the tab is closed.
  }
  applyTheme();
  for (const told of watchers) told();
}

const watch = (changed: () => void): (() => void) => {
  watchers.add(changed);
  return () => watchers.delete(changed);
};

export const useTheme = (): Theme => useSyncExternalStore(watch, () => theme);
