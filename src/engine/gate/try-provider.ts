import type { Provider, ProviderTest } from "../../core/gate/provider.ts";
import { saidText } from "../../core/execution/turn.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { OrganizationId } from "../../core/shared/ids.ts";
import type { Engine } from "../engine.ts";
import type { Clock, Ids } from "../ports/clock.ts";
import type { Models, TurnResult } from "../ports/model.ts";

export interface TryParts {
  readonly engine: Pick<Engine, "apply">;
  readonly models: Models;
  readonly clock: Clock;
  readonly ids: Pick<Ids, "next">;
}

/** Longest test of a provider; a large local model is loaded in it. */
const testMs = 45_000;
/** The most that a test may use, its answer included. */
const testTokens = 200;

/** Asks a provider one tiny thing and says what came of it. Paid for like every call; where nobody has set a price, by its tokens alone. */
export async function tryProvider(
  parts: TryParts,
  organizationId: OrganizationId,
  provider: Provider,
): Promise<Omit<ProviderTest, "atMs">> {
  const model = provider.models[0] ?? "";
  const startedMs = parts.clock.monotonicMs();
  const latencyMs = (): number => Math.round(parts.clock.monotonicMs() - startedMs);
  const nothing = { answeredBy: null, inputTokens: null, outputTokens: null };
  try {
    const result = await paidAnswer(parts, organizationId, { provider, model });
    return {
      ok: true,
      detail: answerText(result),
      latencyMs: latencyMs(),
      answeredBy: result.answeredBy.slice(0, 120),
      ...toldUsage(result),
    };
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === "bug") throw error;
    return { ok: false, detail: error.message.slice(0, 300), latencyMs: latencyMs(), ...nothing };
  }
}

const toldUsage = ({ usage }: TurnResult) => ({ inputTokens: usage?.inputTokens ?? null, outputTokens: usage?.outputTokens ?? null });

function answerText(result: TurnResult): string {
  const { inputTokens, outputTokens } = toldUsage(result);
  const said = saidText(result.parts).trim().slice(0, 60);
  const unknown =
    inputTokens === null || outputTokens === null ? " It did not tell what it used, so budgets book the whole reserve of each call." : "";
  return `${said === "" ? "It answered." : `It answered "${said}".`}${unknown}`;
}

async function paidAnswer(
  parts: TryParts,
  organizationId: OrganizationId,
  { provider, model }: { readonly provider: Provider; readonly model: string },
): Promise<TurnResult> {
  const reservationId = await reserve(parts, organizationId, { provider, model });
  const { id, vendor, baseUrl, local } = provider;
  try {
    return await tinyAnswer(parts, { organizationId, providerId: id, vendor, baseUrl, model, local });
  } finally {
    await settle(parts, organizationId, reservationId);
  }
}

async function tinyAnswer({ models, clock }: TryParts, at: Parameters<Models["turn"]>[0]): Promise<TurnResult> {
  const request = {
    system: "Answer with one word.",
    messages: [{ role: "user", text: "Say ready." }],
    tools: [],
    outputSchema: null,
    maxOutputTokens: 100,
  } as const;
  const limit = clock.deadline(testMs);
  try {
    for await (const event of models.turn(at, request, limit)) if (event.kind === "result") return event.result;
  } catch (error) {
    if (!limit.aborted || error instanceof Failure) throw error;
    throw new Failure("unavailable", "model.timed-out", { message: `The model ${at.model} did not answer within ${testMs / 1_000} s.` });
  }
  throw new Failure("unavailable", "model.answer-cut", { message: "The model's answer had no end." });
}

async function reserve(
  { engine, ids }: TryParts,
  organizationId: OrganizationId,
  { provider, model }: { readonly provider: Provider; readonly model: string },
): Promise<string> {
  const subject = { requestId: null, taskId: null, attemptId: null, personaKey: null, provider: provider.name, model };
  const send = async (costMicro: number | null): Promise<string> => {
    const caller = { organizationId, projectId: null, actor: { kind: "system", id: "test" }, key: `reserve:${ids.next()}` } as const;
    const usage = { inputTokens: testTokens / 2, outputTokens: testTokens / 2 };
    const answer = await engine.apply(caller, {
      kind: "reserve-spend",
      ...subject,
      demand: { costMicro, tokens: testTokens, runs: 0, wallMs: testMs, usage },
    });
    return typeof answer["reservationId"] === "string" ? answer["reservationId"] : "";
  };
  try {
    return await send(provider.local ? 0 : null);
  } catch (error) {
    // Trying comes before setting a price: of a call this small the tokens are counted.
    if (error instanceof Failure && error.code === "budget.no-price") return send(0);
    throw error;
  }
}

const settle = ({ engine }: TryParts, organizationId: OrganizationId, reservationId: string) =>
  engine.apply(
    { organizationId, projectId: null, actor: { kind: "system", id: "test" }, key: `settle:${reservationId}` },
    { kind: "settle-spend", reservationId, used: "unknown" },
  );
