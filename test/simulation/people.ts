import { attemptKind } from "../../src/core/execution/attempt.ts";
import { taskKind } from "../../src/core/execution/task.ts";
import { type InboxItem, inboxItemKind } from "../../src/core/oversight/inbox-item.ts";
import { requestKind, requestLabel } from "../../src/core/requests/request.ts";
import type { Entity, EntityKind } from "../../src/core/shared/entity.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import type { OrganizationId, ProjectId } from "../../src/core/shared/ids.ts";
import type { JsonObject } from "../../src/core/shared/json.ts";
import type { Filter } from "../../src/engine/ports/store.ts";
import type { Command } from "../../src/engine/shared/commands.ts";
import type { ClientEntry, Fields } from "../../verify/world.ts";
import { likely, oneOf, upTo } from "./random-playbook.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { ContentStore } from "../../src/engine/ports/content.ts";
import type { Ids, Rng } from "../../src/engine/ports/clock.ts";
import { liveServer } from "./simulated-organization.ts";

/** Where people act: a simulation, or the same servers on the real database. */
export interface PeopleWorld {
  readonly rng: Rng;
  readonly ids: Ids;
  readonly content: ContentStore;
  readonly organizationId: OrganizationId;
  readonly real: ProjectId;
  readonly rehearsal: ProjectId;
  readonly servers: readonly { readonly process: { readonly alive: () => boolean }; readonly engine: Engine }[];
  readonly errors: unknown[];
}

/** One simulated human with their own log of what they were told. */
export interface SimulatedPerson {
  readonly id: string;
  readonly name: string;
}

export interface People {
  readonly members: readonly SimulatedPerson[];
  readonly log: ClientEntry[];
  readonly playbooks: readonly string[];
}

interface Sent {
  readonly projectId: ProjectId;
  readonly key: string;
  readonly command: Command;
}

const lastSent = new WeakMap<People, Map<string, Sent>>();

/** Sends a command the way a careful client does: when no answer comes, the same key again, three times at most. */
export async function send(
  organization: PeopleWorld,
  people: People,
  person: SimulatedPerson,
  sent: Sent,
): Promise<JsonObject | undefined> {
  const entry = { client: person.name, organizationId: organization.organizationId, projectId: sent.projectId, key: sent.key };
  const memory = lastSent.get(people) ?? new Map<string, Sent>();
  lastSent.set(people, memory.set(person.id, sent));
  for (let tries = 0; tries < 3; tries += 1) {
    const server = liveServer(organization);
    if (server === undefined) break;
    try {
      const answer = await server.engine.apply(
        { organizationId: organization.organizationId, projectId: sent.projectId, actor: { kind: "person", id: person.id }, key: sent.key },
        sent.command,
      );
      people.log.push({ ...entry, outcome: "ok", answer: answer as Fields });
      return answer;
    } catch (error) {
      if (error instanceof Failure && error.kind !== "unavailable" && !error.code.startsWith("store.")) {
        if (error.kind === "bug") organization.errors.push(error);
        if (error.code !== "command.key-reused") people.log.push({ ...entry, outcome: "refused", answer: null });
        return undefined;
      }
      if (error instanceof Failure && error.code === "store.duplicate") organization.errors.push(error);
      if (!(error instanceof Failure) && server.process.alive()) organization.errors.push(error);
    }
  }
  people.log.push({ ...entry, outcome: "unknown", answer: null });
  return undefined;
}

interface Turn {
  readonly organization: PeopleWorld;
  readonly people: People;
  readonly person: SimulatedPerson;
  readonly projectId: ProjectId;
  /** Towards the end people only do what brings work to its end. */
  readonly kind: "any" | "helpful";
}

const tell = (turn: Turn, command: Command): Promise<JsonObject | undefined> =>
  send(turn.organization, turn.people, turn.person, { projectId: turn.projectId, key: `person:${turn.organization.ids.next()}`, command });

async function find<Row extends Entity>(turn: Turn, kind: EntityKind<Row>, where: Filter["where"]): Promise<readonly Row[]> {
  const server = liveServer(turn.organization);
  if (server === undefined) return [];
  const scope = { organizationId: turn.organization.organizationId, projectIds: [turn.projectId] };
  try {
    return await server.engine.read(scope, (reader) => reader.find(kind, { limit: 1_000, ...(where === undefined ? {} : { where }) }));
  } catch {
    return []; // the server died while this person was looking; they look again later
  }
}

async function submit(turn: Turn): Promise<void> {
  const { rng } = turn.organization;
  const name = oneOf(rng, turn.people.playbooks) ?? "alpha";
  const text = likely(rng, 0.85) ? `Please do ${name}.` : "Something nobody has heard of.";
  const id = turn.organization.ids.next();
  await tell(turn, {
    kind: "submit-request",
    id,
    draft: {
      title: `Request ${id.slice(-6)}`,
      text,
      urgency: "normal",
      budgetMicro: null,
      deadlineAtMs: null,
      playbook: null,
      inputs: [],
      approveBeforehand: likely(rng, 0.3),
      script: null,
    },
  });
}

function valueFor(turn: Turn, item: InboxItem, choiceId: string): JsonObject[string] {
  const needs = item.choices.find((choice) => choice.id === choiceId)?.needs;
  if (needs === "playbook") return oneOf(turn.organization.rng, turn.people.playbooks) ?? "alpha";
  if (needs === "plan") return "- [ ] First part\n- [ ] Second part";
  if (needs === "task") return { title: "All of it" };
  return needs === "text" ? "It is so." : null;
}

const helpfulChoices = new Set(["approve", "answer", "pass", "retry", "anyone", "human", "go-on", "playbook", "one-task", "done", "input"]);

async function answer(turn: Turn): Promise<void> {
  const { rng } = turn.organization;
  const states = turn.kind === "any" && likely(rng, 0.1) ? ["answered", "withdrawn"] : ["open", "delegated"];
  const item = oneOf(rng, await find(turn, inboxItemKind, { state: states }));
  if (item === undefined) return;
  const choices = turn.kind === "helpful" ? item.choices.filter((choice) => helpfulChoices.has(choice.id)) : item.choices;
  const choice = oneOf(rng, choices.length === 0 ? item.choices : choices);
  if (choice === undefined) return;
  const request = (await find(turn, requestKind, undefined)).find((one) => one.id === item.requestId);
  const project = turn.projectId === turn.organization.real ? "REAL" : "PLAY";
  const confirmation =
    likely(rng, 0.5) || turn.kind === "helpful"
      ? item.kind === "unknown-effect"
        ? item.id.slice(0, 8)
        : requestLabel(project, request?.number ?? 0)
      : null;
  const command = {
    kind: "answer-item",
    itemId: item.id,
    choice: choice.id,
    value: valueFor(turn, item, choice.id),
    reason: "Because.",
    inputs: [],
    confirmation,
  } as const;
  await tell(turn, command);
  if (turn.kind === "any" && likely(rng, 0.1)) await tell(turn, command); // said twice, under another key
}

async function doTask(turn: Turn): Promise<void> {
  const { rng } = turn.organization;
  const running = (await find(turn, attemptKind, { state: "running" })).filter(
    (attempt) => attempt.performer.kind === "person" && attempt.performer.id === turn.person.id && attempt.outputs.length === 0,
  );
  const mine = oneOf(rng, running);
  if (mine !== undefined) {
    const [task] = await find(turn, taskKind, { state: "running", requestId: mine.requestId }).then((tasks) =>
      tasks.filter((one) => one.id === mine.taskId),
    );
    if (task === undefined) return;
    if (turn.kind === "any" && likely(rng, 0.1)) return void (await tell(turn, { kind: "release-task", taskId: task.id }));
    const quality = turn.kind === "any" && likely(rng, 0.2) ? "poor" : "good";
    const bytes = new TextEncoder().encode(`by hand, ${quality}`);
    const sha256 = await turn.organization.content.write(bytes);
    const outputs = task.spec.outputs.map((name) => ({ name, sha256, mediaType: "text/markdown", bytes: bytes.byteLength }));
    const pointAnswers = Object.fromEntries(mine.reworkPoints.map((point) => [point.id, "fixed"]));
    return void (await tell(turn, { kind: "submit-task", taskId: task.id, outputs, pointAnswers, note: "", minutesSpent: upTo(rng, 60) }));
  }
  const offered = (await find(turn, taskKind, { state: "ready" })).filter((task) => task.executor === "human");
  const task = oneOf(rng, offered);
  if (task !== undefined) await tell(turn, { kind: "claim-task", taskId: task.id });
}

async function steer(turn: Turn): Promise<void> {
  const { rng } = turn.organization;
  const requests = await find(turn, requestKind, undefined);
  if (turn.kind === "helpful") {
    for (const request of requests.filter((one) => one.state === "paused"))
      await tell(turn, { kind: "resume-request", requestId: request.id, reason: "Go on." });
    return;
  }
  const request = oneOf(rng, requests);
  if (request === undefined) return;
  const kind =
    oneOf(rng, ["pause-request", "resume-request", "resume-request", "cancel-request", "close-request"] as const) ?? "resume-request";
  if (kind !== "cancel-request" || likely(rng, 0.3)) await tell(turn, { kind, requestId: request.id, reason: "So." });
  const tasks = await find(turn, taskKind, { requestId: request.id });
  const task = oneOf(rng, tasks);
  if (task === undefined) return;
  if (request.state === "delivered" && likely(rng, 0.3))
    await tell(turn, { kind: "reopen-request", requestId: request.id, taskKeys: [task.key], reason: "Not yet." });
  else if (likely(rng, 0.5))
    await tell(turn, { kind: "reassign-task", taskId: task.id, toPersona: likely(rng, 0.5) ? "editor" : null, reason: "Better so." });
}

async function delegate(turn: Turn): Promise<void> {
  const { rng } = turn.organization;
  const item = oneOf(rng, await find(turn, inboxItemKind, { state: ["open", "delegated"] }));
  const to = oneOf(rng, turn.people.members);
  if (item !== undefined && to !== undefined)
    await tell(turn, { kind: "delegate-item", itemId: item.id, personId: to.id, reason: "You know more." });
}

/** Asks about an item, replies to what was asked, or puts it off; all of it may come too late or twice. */
async function askBack(turn: Turn): Promise<void> {
  const { rng, ids } = turn.organization;
  const item = oneOf(rng, await find(turn, inboxItemKind, { state: ["open", "delegated"] }));
  const of = oneOf(rng, turn.people.members);
  if (item === undefined || of === undefined) return;
  const act = oneOf(rng, ["ask", "ask", "reply", "reply", "later"] as const);
  if (act === "ask")
    await tell(turn, {
      kind: "ask-back",
      itemId: item.id,
      ofPersonId: likely(rng, 0.5) ? of.id : null,
      question: `Why ${ids.next().slice(-4)}?`,
    });
  else if (act === "reply") await tell(turn, { kind: "reply-item", itemId: item.id, reply: "So it is." });
  else await tell(turn, { kind: "put-off-item", itemId: item.id, untilMs: likely(rng, 0.8) ? item.askedAtMs + 86_400_000 : null });
}

/** The same command under the same key once more, as an impatient client or a replay sends it. */
async function repeat(turn: Turn): Promise<void> {
  const sent = lastSent.get(turn.people)?.get(turn.person.id);
  if (sent !== undefined) await send(turn.organization, turn.people, turn.person, sent);
}

/** One thing that one person does. */
export async function takeTurn(turn: Turn): Promise<void> {
  const { rng } = turn.organization;
  if (turn.kind === "helpful") {
    await steer(turn);
    await answer(turn);
    await doTask(turn);
    return;
  }
  const chosen = oneOf(rng, [submit, answer, answer, answer, answer, doTask, doTask, doTask, steer, delegate, askBack, repeat]);
  await chosen?.(turn);
}
