/** What another page hands to the form of a new request: a text as its draft, files until the form takes them. */

/** As much as a request's text holds. */
export const maxDraftText = 100_000;

let waiting: readonly File[] = [];

/** Puts a text into the draft that the form reads; a text that was typed there before is kept before it. */
export function keepNewRequest(text: string): void {
  if (text === "") return;
  const place = "xvc.draft.new-request.";
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? "{}");
    const before = typeof kept === "object" && kept !== null && !Array.isArray(kept) ? kept : {};
    const typed = "text" in before && typeof before.text === "string" && before.text.trim() !== "" ? `${before.text.trimEnd()}\n\n` : "";
    localStorage.setItem(place, JSON.stringify({ ...before, text: `${typed}${text}`.slice(0, maxDraftText) }));
  } catch {
    // Storage refused: the form opens empty and the text is still on the clipboard.
  }
}

export function takeDroppedFiles(files: readonly File[]): void {
  waiting = files;
}

/** The files that wait, once. */
export function droppedFiles(): readonly File[] {
  const files = waiting;
  waiting = [];
  return files;
}
