import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import { staleAttemptReport } from "../../core/execution/stale-report.ts";
import type { BeginTurn, EndTurn } from "../../core/execution/decide-turn.ts";
import { type CallAnswer, type Turn, turnKind, turnLimits } from "../../core/execution/turn.ts";
import { type ModelChain, chainFor } from "../../core/gate/model-chain.ts";
import { type PaceReport, paceKind } from "../../core/gate/provider-pace.ts";
import type { Provider } from "../../core/gate/provider.ts";
import { organizationKindOf, projectKindOf } from "../../core/oversight/person.ts";
import { type Persona, performerKey } from "../../core/personas/persona.ts";
import type { OrganizationId, ProjectId } from "../../core/shared/ids.ts";
import { giveContext } from "../memory/give-context.ts";
import { buildContext } from "../memory/context-view.ts";
import { contextRulesOf, personaOfAttempt } from "../personas/persona-rules.ts";
import { type ContextPack, renderPack } from "../../core/memory/context-pack.ts";
import { invariant } from "../../core/shared/failure.ts";
import { readProviders } from "../gate/read-providers.ts";
import type { Engine } from "../engine.ts";
import type { Ids } from "../ports/clock.ts";
import type { ContentStore } from "../ports/content.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { Reader } from "../ports/store.ts";
import type { Caller } from "../shared/caller.ts";
import type { JsonObject } from "../../core/shared/json.ts";

type Fenced<Command> = Omit<Command, "kind" | "attemptId" | "epoch">;

/** A conversation as it stands. */
export interface Thread {
  readonly threadId: string;
  readonly turns: readonly Turn[];
}

/** What an executor may read and write of the turns of one attempt: nothing else of the record is in its reach. */
export interface TurnLedger {
  thread(): Promise<Thread>;
  /** The text with which a conversation begins: what the context pack tells. Its manifest is kept on the attempt. */
  opening(): Promise<string>;
  /** Models that are asked for this work, in order: those alone that this project may be sent to. */
  chain(): Promise<ModelChain>;
  persona(): Promise<Persona | undefined>;
  /** Room for one call of a provider: how long it has to wait for it, 0 for not at all. `wait`: keeps a place instead. */
  window(
    provider: Provider,
    tokens: number,
    act: "take" | "wait",
  ): Promise<{ readonly waitMs: number; readonly ahead: number; readonly isPaced: boolean }>;
  /** Says what a call came to where that changes what goes through. */
  reportWindow(provider: Provider, report: PaceReport, isPaced: boolean): Promise<void>;
  /** What people told this attempt, the first one first. */
  notes(): Promise<readonly string[]>;
  /** Whether the attempt is still this job's to do. */
  isHeld(): Promise<boolean>;
  begin(turn: Fenced<BeginTurn>): Promise<Turn>;
  end(turn: Fenced<EndTurn>): Promise<Turn>;
  answer(turnId: string, answer: CallAnswer): Promise<Turn>;
}

export interface LedgerParts {
  readonly engine: Engine;
  readonly content: ContentStore;
  readonly crash: CrashProbe;
  readonly ids: Pick<Ids, "next">;
  readonly organizationId: OrganizationId;
}

/** Attempts of a task among which the one before is looked for. */
const maxAttempts = 100;

/** The ledger of one attempt over the engine's commands, each keyed, under the attempt's epoch. */
export function turnLedger(parts: LedgerParts, context: AttemptContext): TurnLedger {
  const { attempt, request } = context;
  const place = { organizationId: parts.organizationId, projectId: request.projectId satisfies ProjectId };
  const scope = { organizationId: parts.organizationId, projectIds: [request.projectId] };
  const read = <Result>(work: (reader: Reader) => Promise<Result>): Promise<Result> => parts.engine.read(scope, work);
  const fence = { attemptId: attempt.id, epoch: attempt.epoch };
  const caller = (part: string): Caller => ({
    ...place,
    actor: { kind: "system", id: "worker" },
    key: `turn:${attempt.id}:${attempt.epoch}:${part}`,
  });
  const turnOf = async (id: string): Promise<Turn> => {
    const turn = await read((reader) => reader.get(turnKind, id));
    invariant(turn !== undefined, "a turn that was just written is there");
    return turn;
  };
  return {
    thread: () => read((reader) => readThread(reader, attempt)),
    opening: () => openingOf(parts, context),
    chain: () => read((reader) => readChain(reader, { ...place, attempt })),
    persona: () => read((reader) => personaOfAttempt(reader, attempt)),
    async window(provider, tokens, act) {
      const isPaced = hasLimits(provider) || (await read((reader) => reader.count(paceKind, { where: { providerId: provider.id } }))) > 0;
      if (!isPaced) return { waitMs: 0, ahead: 0, isPaced };
      const key = caller(`window:${parts.ids.next()}`);
      const answer = await parts.engine.apply(key, { kind: `${act}-window`, attemptId: attempt.id, providerId: provider.id, tokens });
      return { waitMs: numberOf(answer["waitMs"]), ahead: numberOf(answer["ahead"]), isPaced };
    },
    async reportWindow(provider, report, isPaced) {
      const isNews = isPaced || report.told !== null || report.outcome === "rate-limited" || report.outcome === "unavailable";
      if (!isNews) return;
      await parts.engine.apply(caller(`window:${parts.ids.next()}`), { kind: "report-window", providerId: provider.id, ...report });
    },
    notes: async () => ((await read((reader) => reader.get(attemptKind, attempt.id)))?.steering ?? []).map(({ note }) => note),
    isHeld: () =>
      read(async (reader) => {
        const now = await reader.get(attemptKind, attempt.id);
        return now !== undefined && now.state === "running" && staleAttemptReport(now, attempt.epoch) === null;
      }),
    async begin(turn) {
      const answer = await parts.engine.apply(caller(`${turn.threadId}:${turn.number}:${turn.providerId}`), {
        kind: "begin-turn",
        ...fence,
        ...turn,
      });
      return turnOf(idOf(answer));
    },
    async end(turn) {
      await parts.engine.apply(caller(`end:${turn.turnId}:${turn.outcome.kind}`), { kind: "end-turn", ...fence, ...turn });
      return turnOf(turn.turnId);
    },
    async answer(turnId, answer) {
      const key = `answer:${turnId}:${answer.callId}:${answer.kind}`;
      await parts.engine.apply(caller(key.slice(0, 200)), { kind: "answer-call", ...fence, turnId, answer });
      return turnOf(turnId);
    },
  };
}

async function readChain(
  reader: Reader,
  { organizationId, projectId, attempt }: { readonly organizationId: string; readonly projectId: string; readonly attempt: Attempt },
): Promise<ModelChain> {
  const [providers, organization, project, persona] = await Promise.all([
    readProviders(reader),
    reader.get(organizationKindOf, organizationId),
    reader.get(projectKindOf, projectId),
    personaOfAttempt(reader, attempt),
  ]);
  const said = { persona: persona?.modelChain, project: project?.modelChain, organization: organization?.modelChain };
  return chainFor(said, providers, projectId);
}

async function openingOf(parts: LedgerParts, { attempt, request }: AttemptContext): Promise<string> {
  const place = { organizationId: parts.organizationId, projectId: request.projectId };
  await giveContext(parts, { ...place, attemptId: attempt.id });
  const nowMs = await parts.engine.projectTime.nowMs(place);
  const scope = { organizationId: parts.organizationId, projectIds: [request.projectId] };
  return parts.engine.read(scope, (reader) => openingText(reader, { parts, attempt, nowMs }));
}

/** The conversation an attempt is in: its own, or the one of the attempt before it that asked something. */
async function readThread(reader: Reader, attempt: Attempt): Promise<Thread> {
  const own = await reader.find(turnKind, { where: { attemptId: attempt.id }, limit: 1 });
  const threadId = own[0]?.threadId ?? (await threadBefore(reader, attempt)) ?? attempt.id;
  const turns = await reader.find(turnKind, { where: { threadId }, limit: turnLimits.threadTurns });
  return { threadId, turns: turns.toSorted((left, right) => left.number - right.number) };
}

async function threadBefore(reader: Reader, attempt: Attempt): Promise<string | undefined> {
  const attempts = await reader.find(attemptKind, { where: { taskId: attempt.taskId }, newestFirst: true, limit: maxAttempts });
  const before = attempts.find(({ number }) => number === attempt.number - 1);
  const goesOn =
    before !== undefined &&
    before.state === "asked" &&
    before.executor === attempt.executor &&
    performerKey(before.performer) === performerKey(attempt.performer);
  return goesOn ? (await reader.find(turnKind, { where: { attemptId: before.id }, limit: 1 }))[0]?.threadId : undefined;
}

async function openingText(
  reader: Reader,
  { parts, attempt, nowMs }: { readonly parts: LedgerParts; readonly attempt: Attempt; readonly nowMs: number },
): Promise<string> {
  const rules = await contextRulesOf(reader, attempt.performer);
  const asked = { taskId: attempt.taskId, content: parts.content, digest: parts.engine.digest, nowMs, ...rules };
  const first = await buildContext(reader, asked);
  const built = "neededTokens" in first ? await buildContext(reader, { ...asked, budgetTokens: first.neededTokens }) : first;
  invariant(!("neededTokens" in built), "a pack fits into what it says it needs");
  return renderPack(built.pack satisfies ContextPack);
}

const hasLimits = ({ windows }: Provider): boolean => windows.requestsPerMinute !== null || windows.tokensPerMinute !== null;

const numberOf = (value: JsonObject[string] | undefined): number => (typeof value === "number" ? value : 0);

const idOf = ({ id }: JsonObject): string => (typeof id === "string" ? id : "");
