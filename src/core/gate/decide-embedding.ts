import { isActive } from "../oversight/authority.ts";
import type { Person } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, type TransitionDraft, beginTransition, refuse } from "../shared/transition.ts";
import { type EmbeddingFailure, type EmbeddingUse, embeddingTurnMs, restAfter } from "./embedding.ts";
import { type Halt, haltOn } from "./halt.ts";
import { type Provider, providerKind } from "./provider.ts";

/** Chooses the model that makes vectors for the search, in place of the one before. */
export interface ChooseEmbedding {
  readonly kind: "choose-embedding";
  readonly providerId: string;
  readonly model: string;
  /** Every vector is made anew, also where this very model made one. */
  readonly anew: boolean;
}

/** The search goes by words alone again. */
export interface EndEmbeddings {
  readonly kind: "end-embeddings";
}

/** A worker takes a round of making vectors. */
export interface BeginEmbedding {
  readonly kind: "begin-embedding";
  readonly providerId: string;
}

/** What came of a round. */
export interface EndEmbedding {
  readonly kind: "end-embedding";
  readonly providerId: string;
  readonly model: string;
  readonly generation: number;
  readonly dimension: number | null;
  readonly made: number;
  readonly costMicro: number;
  readonly failure: (Omit<EmbeddingFailure, "atMs"> & { readonly retryAfterMs: number | null }) | null;
}

export interface EmbeddingSlice {
  readonly person: Person | undefined;
  /** All that are not removed. */
  readonly held: readonly Provider[];
}

const isSteward = (person: Person | undefined): boolean =>
  isActive(person) && person.roles.some((role) => role === "administrator" || role === "director");

const notSteward = () => refuse("forbidden", "provider.not-a-steward", "Model providers are an administrator's or director's.");

/** Decides which model makes vectors. What may be sent there is still each project's own. */
export function decideEmbeddingChoice({ person, held }: EmbeddingSlice, command: ChooseEmbedding, context: DecideContext): Decided {
  if (!isSteward(person)) return notSteward();
  const provider = held.find(({ id }) => id === command.providerId);
  if (provider === undefined)
    return refuse("not-found", "provider.not-found", "There is no such provider; xvc model list shows those there are.");
  const problem = choiceProblem(provider, command);
  if (problem !== null) return problem;
  const draft = beginTransition();
  endOthers(draft, held, provider.id);
  const embedding = chosen(provider.embedding, command, context.nowMs);
  const changed = draft.change(providerKind, provider, { embedding });
  const { model, generation } = embedding;
  draft.record(providerKind, changed, "provider.embedding-chosen", { name: provider.name, model, generation });
  return draft.accept({ id: provider.id, state: "on", label: `${provider.name}/${model}` });
}

function choiceProblem({ vendor, name, embedding }: Provider, { model, anew }: ChooseEmbedding): Refusal | null {
  if (vendor === "anthropic")
    return refuse(
      "invalid",
      "embedding.not-offered",
      `${name} speaks Anthropic's interface, which has no embeddings. Choose another provider.`,
    );
  if (!/^[^\s\p{Cc}\p{Cf}]{1,120}$/u.test(model))
    return refuse("invalid", "provider.models-invalid", "A model's name has no spaces and at most 120 characters.");
  if (anew || embedding?.state !== "on" || embedding.model !== model) return null;
  return refuse(
    "conflict",
    "embedding.in-use",
    `${name} makes vectors with ${model} already; say that all are to be made anew if you want that.`,
  );
}

/** What this very model made before counts on, unless all is to be made anew. */
function chosen(before: EmbeddingUse | undefined, { model, anew }: ChooseEmbedding, nowMs: number): EmbeddingUse {
  const known = before?.model === model ? before : undefined;
  return {
    state: "on",
    model,
    generation: (known?.generation ?? 1) + (known !== undefined && anew ? 1 : 0),
    dimension: anew ? null : (known?.dimension ?? null),
    made: 0,
    costMicro: 0,
    chosenAtMs: nowMs,
    busyUntilMs: null,
    restUntilMs: null,
    failures: 0,
    failure: null,
  };
}

/** Ends making vectors. Those that are there stay, for whoever chooses the same model again. */
export function decideEmbeddingsEnd({ person, held }: EmbeddingSlice, _command: EndEmbeddings, _context: DecideContext): Decided {
  if (!isSteward(person)) return notSteward();
  const draft = beginTransition();
  const ended = endOthers(draft, held, null);
  if (ended === 0) return refuse("conflict", "embedding.not-in-use", "No model makes vectors for the search.");
  return draft.accept({ state: "off" });
}

function endOthers(draft: TransitionDraft, held: readonly Provider[], keptId: string | null): number {
  let ended = 0;
  for (const provider of held) {
    if (provider.id === keptId || provider.embedding?.state !== "on") continue;
    const embedding: EmbeddingUse = { ...provider.embedding, state: "off", busyUntilMs: null };
    const changed = draft.change(providerKind, provider, { embedding });
    draft.record(providerKind, changed, "provider.embedding-ended", { name: provider.name, model: embedding.model });
    ended += 1;
  }
  return ended;
}

export interface EmbeddingTurnSlice {
  readonly provider: Provider;
  readonly halts: readonly Halt[];
}

/** Lets one worker at a time make vectors, and nobody while the provider rests, is paused or halted. */
export function decideEmbeddingBegin({ provider, halts }: EmbeddingTurnSlice, _command: BeginEmbedding, context: DecideContext): Decided {
  const { embedding } = provider;
  if (embedding?.state !== "on" || provider.state !== "active")
    return refuse("conflict", "embedding.not-in-use", "This provider makes no vectors now.");
  const halt = haltOn(halts, { projectId: null, persona: null, tools: [], providers: [provider.name] });
  if (halt !== undefined) return refuse("conflict", "halt.in-force", `Halted. ${halt.reason} No vectors are made before it is lifted.`);
  const untilMs = Math.max(embedding.busyUntilMs ?? 0, embedding.restUntilMs ?? 0);
  if (untilMs > context.nowMs)
    return refuse("exhausted", "embedding.waits", "Vectors are being made already, or the provider rests after a failure.", {
      retryAfterMs: untilMs - context.nowMs,
    });
  const draft = beginTransition();
  draft.change(providerKind, provider, { embedding: { ...embedding, busyUntilMs: context.nowMs + embeddingTurnMs } });
  return draft.accept({ id: provider.id, state: "busy" });
}

/** Keeps what a round came to. A round of a model that is not the chosen one any more is passed by. */
export function decideEmbeddingEnd({ provider }: EmbeddingTurnSlice, command: EndEmbedding, context: DecideContext): Decided {
  const { embedding } = provider;
  if (embedding?.state !== "on" || embedding.model !== command.model || embedding.generation !== command.generation)
    return refuse("conflict", "embedding.not-in-use", "Another model was chosen meanwhile.");
  const draft = beginTransition();
  const { made, costMicro } = command;
  draft.change(providerKind, provider, {
    embedding: {
      ...embedding,
      ...afterwards(embedding, command, context.nowMs),
      dimension: embedding.dimension ?? command.dimension,
      made: embedding.made + made,
      costMicro: embedding.costMicro + costMicro,
      busyUntilMs: null,
    },
  });
  return draft.accept({ id: provider.id, state: command.failure === null ? "idle" : "resting" });
}

function afterwards(
  embedding: EmbeddingUse,
  { failure, made }: EndEmbedding,
  nowMs: number,
): Pick<EmbeddingUse, "restUntilMs" | "failures" | "failure"> {
  if (failure === null) return { restUntilMs: null, failures: 0, failure: null };
  const failures = made > 0 ? 1 : embedding.failures + 1;
  const { code, message, retryAfterMs } = failure;
  return {
    restUntilMs: nowMs + restAfter(failures, retryAfterMs),
    failures,
    failure: { atMs: nowMs, code, message: message.slice(0, 500) },
  };
}
