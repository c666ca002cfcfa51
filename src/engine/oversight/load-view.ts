import { type DecisionLoad, decisionLoad, loadDefinition } from "../../core/oversight/decision-load.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import type { Reader } from "../ports/store.ts";

export interface DecisionLoadView extends DecisionLoad {
  readonly schema: "xvc.decision-load/1";
  readonly definition: string;
  /** Things looked at, the newest first. */
  readonly n: number;
  /** False: there are more than were looked at, so the numbers are lower bounds. */
  readonly complete: boolean;
}

/** Things looked at. */
const maxLooked = 10_000;

/** Arrivals, answers and the queue over the reader's projects; rehearsals are to be left out of its scope. */
export async function decisionLoadView(reader: Reader, nowMs: number): Promise<DecisionLoadView> {
  const items = await reader.find(inboxItemKind, { newestFirst: true, limit: maxLooked });
  const asked = items
    .filter((item) => item.kind !== "mention")
    .map((item) => ({
      askedAtMs: item.askedAtMs,
      answeredAtMs: item.state === "answered" ? (item.answer?.atMs ?? null) : null,
      isOpen: item.state === "open" || item.state === "delegated",
    }));
  return {
    schema: "xvc.decision-load/1",
    ...decisionLoad(asked, nowMs),
    definition: loadDefinition,
    n: asked.length,
    complete: items.length < maxLooked,
  };
}
