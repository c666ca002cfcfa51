import { estimatedTokens } from "../../core/execution/loop-guards.ts";
import { haltOn } from "../../core/gate/halt.ts";
import type { Provider } from "../../core/gate/provider.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type OrganizationId, asId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Engine } from "../engine.ts";
import { readHalts } from "../gate/halt-shelf.ts";
import type { Clock, Ids } from "../ports/clock.ts";
import type { Caller } from "../shared/caller.ts";
import { type Embedded, type Embedder, embedderCaps } from "../ports/embedder.ts";

export interface EmbedParts {
  readonly engine: Pick<Engine, "apply" | "read">;
  readonly embedder: Embedder;
  readonly clock: Clock;
  readonly ids: Pick<Ids, "next">;
  readonly organizationId: OrganizationId;
}

export interface Embedding {
  readonly provider: Provider;
  readonly model: string;
  /** Whose texts, and whose budgets; null: the organization's. */
  readonly projectId: string | null;
  readonly texts: readonly string[];
  /** Told what was booked for the call, also for one that failed. Micro-units of the organization's currency. */
  readonly onBooked: (costMicro: number) => void;
}

/**
 * Asks a model for vectors: halts are looked at, the most it can use is taken out of the budgets, and what it used is booked. Where nobody
 * can know that, all that was reserved is.
 *
 * @throws {Failure} `halt.in-force`, `budget.*`, and those of `Embedder.embed`
 */
export async function embedPaid(parts: EmbedParts, embedding: Embedding, signal: AbortSignal): Promise<Embedded> {
  await refuseHalted(parts, embedding);
  const reservationId = await reserve(parts, embedding);
  const startedMs = parts.clock.monotonicMs();
  const { id, vendor, baseUrl, local } = embedding.provider;
  const at = { organizationId: parts.organizationId, providerId: id, vendor, baseUrl, model: embedding.model, local };
  const settle = async (used: "unknown" | number): Promise<void> => {
    const wallMs = Math.round(parts.clock.monotonicMs() - startedMs);
    embedding.onBooked(await settled(parts, embedding, { reservationId, used, wallMs }));
  };
  let embedded: Embedded;
  try {
    embedded = await parts.embedder.embed(at, embedding.texts, signal);
  } catch (error) {
    await settle("unknown");
    throw error;
  }
  await settle(embedded.inputTokens ?? "unknown");
  return embedded;
}

async function refuseHalted({ engine, organizationId }: EmbedParts, { provider, projectId }: Embedding): Promise<void> {
  const halts = await engine.read({ organizationId, projectIds: [] }, readHalts);
  const halt = haltOn(halts, { projectId, persona: null, tools: [], providers: [provider.name] });
  if (halt !== undefined)
    throw new Failure("conflict", "halt.in-force", { message: `Halted. ${halt.reason} No vectors are made before it is lifted.` });
}

const callerOf = ({ organizationId }: EmbedParts, projectId: string | null, key: string): Caller => ({
  organizationId,
  projectId: projectId === null ? null : asId<"project">(projectId),
  actor: { kind: "system", id: "worker" },
  key,
});

async function reserve(parts: EmbedParts, { provider, model, projectId, texts }: Embedding): Promise<string> {
  // Scripts whose words are short, such as Chinese, have more tokens than a quarter of their characters: the whole of them is enough for any.
  const inputTokens = texts.reduce((sum, text) => sum + Math.max(estimatedTokens(text), Math.min(text.length, embedderCaps.textChars)), 0);
  const answer = await parts.engine.apply(callerOf(parts, projectId, `reserve:${parts.ids.next()}`), {
    kind: "reserve-spend",
    requestId: null,
    taskId: null,
    attemptId: null,
    personaKey: null,
    provider: provider.name,
    model,
    demand: {
      costMicro: provider.local ? 0 : null,
      tokens: inputTokens,
      runs: 0,
      wallMs: embedderCaps.callMs,
      usage: { inputTokens, outputTokens: 0 },
    },
  });
  return typeof answer["reservationId"] === "string" ? answer["reservationId"] : "";
}

async function settled(
  parts: EmbedParts,
  { provider, projectId }: Embedding,
  { reservationId, used, wallMs }: { readonly reservationId: string; readonly used: "unknown" | number; readonly wallMs: number },
): Promise<number> {
  const answer = await parts.engine.apply(callerOf(parts, projectId, `settle:${reservationId}`), {
    kind: "settle-spend",
    reservationId,
    used:
      used === "unknown"
        ? used
        : { costMicro: provider.local ? 0 : null, tokens: used, wallMs, usage: { inputTokens: used, outputTokens: 0 } },
  });
  return costIn(answer);
}

function costIn({ used }: JsonObject): number {
  const cost = typeof used === "object" && used !== null && "costMicro" in used ? used.costMicro : 0;
  return typeof cost === "number" ? cost : 0;
}
