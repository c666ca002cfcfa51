import { useCallback, useState } from "react";

/** Longest draft that is kept; a longer one still works, it only does not survive a reload. */
const maxDraftChars = 500_000;

/** State that survives a reload under `key`, until `clear`. Values are JSON; `fits` refuses what an older page left. */
export function useDraft<Value>(key: string, empty: Value, fits: (kept: unknown) => kept is Value) {
  const place = `xvc.draft.${key}`;
  const [value, setValue] = useState<Value>(() => readDraft(place, fits) ?? empty);
  const change = useCallback(
    (next: Value) => {
      setValue(next);
      keepDraft(place, JSON.stringify(next));
    },
    [place],
  );
  const clear = useCallback(() => {
    setValue(empty);
    keepDraft(place, "");
  }, [place, empty]);
  return { value, change, clear };
}

function readDraft<Value>(place: string, fits: (kept: unknown) => kept is Value): Value | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? "null");
    return fits(kept) ? kept : undefined;
  } catch {
    // Unreadable or refused: start empty.
    return undefined;
  }
}

function keepDraft(place: string, text: string): void {
  try {
    if (text === "" || text.length > maxDraftChars) localStorage.removeItem(place);
    else localStorage.setItem(place, text);
  } catch {
    // Storage full or refused: the form still holds the text.
  }
}

/** For drafts that are records of texts. */
export const isTextRecord = (kept: unknown): kept is Record<string, string> =>
  typeof kept === "object" && kept !== null && !Array.isArray(kept) && Object.values(kept).every((part) => typeof part === "string");
