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
  const items = await reader.pick(inboxItemKind, ["kind", "state", "askedAtMs", "answeredAtMs"], { newestFirst: true, limit: maxLooked });
  const asked = items
    .filter(([kind]) => kind !== "mention")
    .map(([, state, askedAtMs, answeredAtMs]) => ({
      askedAtMs: Number(askedAtMs),
      answeredAtMs: state === "answered" && answeredAtMs !== null ? Number(answeredAtMs) : null,
      isOpen: state === "open" || state === "delegated",
    }));
  return {
    schema: "xvc.decision-load/1",
    ...decisionLoad(asked, nowMs),
    definition: loadDefinition,
    n: asked.length,
    complete: items.length < maxLooked,
  };
}
