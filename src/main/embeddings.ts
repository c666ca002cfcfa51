import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "../adapters/system/system-clock.ts";
import type { EmbedParts } from "../engine/memory/embed-paid.ts";
import { embedTexts } from "../engine/memory/embed-texts.ts";
import { firstOrganizationId } from "./first-run.ts";
import type { System } from "./open-system.ts";

/** Pause between two looks for texts without a vector, milliseconds. */
const lookEveryMs = 30_000;

/** What makes vectors here. */
export const embedParts = (system: System): EmbedParts => ({
  engine: system.engine,
  embedder: system.models.embedder,
  clock: systemClock,
  ids: system.ids,
  organizationId: firstOrganizationId,
});

/** Makes vectors of texts until it is stopped, beside all other work: a slow provider keeps nobody waiting. Without one, a look costs one read. */
export async function embedUntilStopped(system: System, signal: AbortSignal): Promise<void> {
  const parts = { ...embedParts(system), store: system.store };
  while (!signal.aborted) {
    let more = false;
    try {
      more = (await embedTexts(parts, signal)).more;
    } catch (error) {
      // The database may be away for a moment; what was kept stays kept, so the next round carries on.
      if (!signal.aborted) system.log.error("making vectors failed", { message: error instanceof Error ? error.message : String(error) });
    }
    if (!more) await delay(lookEveryMs, undefined, { signal }).catch(() => {});
  }
}
