import { useSyncExternalStore } from "react";

/** From here on a list and its detail stand side by side; the same width as the style sheet's `lg`. */
const wide = matchMedia("(min-width: 64rem)");

function watch(changed: () => void): () => void {
  wide.addEventListener("change", changed);
  return () => wide.removeEventListener("change", changed);
}

export const useWide = (): boolean => useSyncExternalStore(watch, () => wide.matches);
