/** What another page hands to the form of a new request: a text as its draft, files until the form takes them. */

import { isTextRecord } from "../../shell/draft.ts";

/** As much as a request's text holds. */
export const maxDraftText = 100_000;

let waiting: readonly File[] = [];

/** Puts a text into the draft that the form reads; a text that was typed there before is kept before it. */
export function keepNewRequest(text: string, playbook = ""): void {
  if (text === "") return;
  const place = `xvc.draft.new-request.${playbook}`;
  try {
    const before = draftOf(JSON.parse(localStorage.getItem(place) ?? "{}"));
    const typed = (before["text"] ?? "").trimEnd();
    localStorage.setItem(place, JSON.stringify({ ...before, text: `${typed === "" ? "" : `${typed}\n\n`}${text}`.slice(0, maxDraftText) }));
  } catch {
    // Storage refused: the form opens empty and the text is still where it came from.
  }
}

const draftOf = (kept: unknown): Record<string, string> => (isTextRecord(kept) ? kept : {});

export function takeDroppedFiles(files: readonly File[]): void {
  waiting = files;
}

/** The files that wait, once. */
export function droppedFiles(): readonly File[] {
  const files = waiting;
  waiting = [];
  return files;
}
