import type { HaltRestored } from "../../core/gate/decide-halt.ts";
import type { EndEffect } from "../../core/gate/decide-effect.ts";
import { effectKindOf } from "../../core/gate/effect.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { ProjectId } from "../../core/shared/ids.ts";
import type { Reader } from "../ports/store.ts";

/** An effect of which a restored record cannot tell whether it happened. */
export interface DoubtedEffect {
  readonly projectId: ProjectId;
  readonly command: EndEffect;
}

/** Effects in one round; whoever asks does so until there are none. */
const batch = 10_000;

/**
 * Effects that were on their way, or about to be sent, when the record was kept: they may have been sent since, so a person says.
 * What only reads is left to be done again.
 */
export async function doubtedEffects(reader: Reader, reason: string): Promise<readonly DoubtedEffect[]> {
  const open = await reader.find(effectKindOf, { where: { state: ["intended", "started"] }, limit: batch });
  const sent = open.filter((effect) => effect.deliveryClass !== "pure");
  const requests = new Map(
    (await reader.getMany(requestKind, [...new Set(sent.map((effect) => effect.requestId))])).map((request) => [request.id, request]),
  );
  return sent.flatMap((effect) => {
    const request = requests.get(effect.requestId);
    if (request === undefined) return [];
    return [{ projectId: request.projectId, command: { kind: "end-effect", effectId: effect.id, outcome: "unknown", result: { reason } } }];
  });
}

export const haltRestored = (reason: string): HaltRestored => ({ kind: "halt-restored", reason });
