import { type Authority, answerProblem, isActive } from "../oversight/authority.ts";
import { type Clock, clockKind } from "../oversight/clock.ts";
import type { InboxItem, ItemChoice } from "../oversight/inbox-item.ts";
import { closeItem, openItem, withdrawItem } from "../oversight/open-item.ts";
import type { Person, Project, Role } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import type { AnswerItem } from "./decide-request-answer.ts";
import { type Filing, filingProblem, openRequest } from "./decide-submission.ts";
import { type Recurrence, maxRecurrences, recurrenceKind } from "./recurrence.ts";
import type { ReadSeries } from "./read-series.ts";
import { dueSlots, nextSlot } from "./recurrence-slots.ts";
import { type WorkRequest, requestLabel } from "./request.ts";

/** Files a request again by a calendar rule, from its start on. */
export interface CreateRecurrence {
  readonly kind: "create-recurrence";
  readonly requestId: string;
  readonly rule: string;
  readonly zone: string;
  /** On the wall in `zone`: `2031-01-31T09:00`. */
  readonly startsAt: string;
}

/** Sent by the recurrence's clock. */
export interface FileRecurrence {
  readonly kind: "file-recurrence";
  readonly recurrenceId: string;
  readonly slotAtMs: number;
}

export interface SteerRecurrence {
  readonly kind: "pause-recurrence" | "resume-recurrence" | "end-recurrence";
  readonly recurrenceId: string;
  readonly reason: string;
}

const filers: readonly Role[] = ["administrator", "director", "lead", "contributor"];
const leads: readonly Role[] = ["administrator", "director", "lead"];

const holds = (person: Person | undefined, roles: readonly Role[]): person is Person =>
  isActive(person) && person.roles.some((role) => roles.includes(role));

/** What each filing repeats; its deadline is counted from the day it is filed. */
function draftOf({ title, text, urgency, budgetMicro, playbook, inputs, script, objectiveId = null }: WorkRequest): Recurrence["draft"] {
  return { title, text, urgency, budgetMicro, deadlineAtMs: null, playbook, inputs, approveBeforehand: false, script, objectiveId };
}

/** Sets a request to be filed again. A rehearsal has none: its time would run on for ever. */
export function decideNewRecurrence(
  slice: {
    readonly project: Project;
    readonly person: Person | undefined;
    readonly request: WorkRequest;
    readonly read: ReadSeries;
    readonly known: number;
  },
  command: CreateRecurrence,
  context: DecideContext,
): Decided {
  const { request, read, person, project } = slice;
  if (!holds(person, filers))
    return refuse("forbidden", "recurrence.wrong-role", "Only members who file requests can let one be filed again.");
  if (project.mode === "rehearsal")
    return refuse(
      "conflict",
      "recurrence.rehearsal",
      "A rehearsal's time jumps to what is due next, so nothing recurs in it. Use a real project.",
    );
  if (slice.known >= maxRecurrences)
    return refuse(
      "exhausted",
      "recurrence.too-many",
      `This project has ${maxRecurrences} recurring requests, which is the most; end one of them first.`,
    );
  if (read.kind === "problem") return refuse("invalid", "recurrence.bad-rule", read.message);
  const nextAtMs = nextSlot(read.series, context.nowMs);
  if (nextAtMs === null)
    return refuse("invalid", "recurrence.no-slot", "This rule names no time that is still to come; check its start and its end.");
  const step = beginStep(context);
  const { deadlineAtMs, openedAtMs } = request;
  const created = step.draft.create(recurrenceKind, {
    id: context.newId(),
    state: "active",
    ownerId: asId<"person">(person.id),
    requestId: asId<"request">(request.id),
    draft: draftOf(request),
    deadlineAfterMs: deadlineAtMs === null ? null : Math.max(0, deadlineAtMs - openedAtMs),
    rule: command.rule,
    zone: command.zone,
    startsAt: command.startsAt,
    nextAtMs,
    filedCount: 0,
    skippedCount: 0,
    lastFiledId: null,
  });
  const { rule, zone } = created;
  step.draft.record(recurrenceKind, created, "recurrence.created", { requestId: request.id, rule, zone, nextAtMs });
  setClock(step, created, nextAtMs);
  return step.draft.accept({ id: created.id, state: created.state, nextAtMs });
}

export interface FilingSlice extends Filing {
  readonly recurrence: Recurrence;
  readonly read: ReadSeries;
}

/** Files what a due clock asks for, once for each slot however often and late it asks; of several missed only the latest. */
export function decideRecurrenceFiling(slice: FilingSlice, command: FileRecurrence, context: DecideContext): Decided {
  const { recurrence, read } = slice;
  if (recurrence.state !== "active")
    return refuse("conflict", "recurrence.not-active", `This recurring request is ${recurrence.state}; nothing is filed.`);
  if (recurrence.nextAtMs !== command.slotAtMs)
    return refuse("conflict", "recurrence.slot-passed", "This slot was filed or passed over before; the next one has its own clock.");
  const step = beginStep(context);
  // The clock that asked too early is spent, so the slot needs another one.
  if (context.nowMs < command.slotAtMs) return waitOn(step, recurrence, command.slotAtMs);
  if (read.kind === "problem") return giveToLeads(step, { recurrence, why: read.message });
  const due = dueSlots(read.series, command.slotAtMs, context.nowMs);
  const { draft } = step;
  const filed = {
    ...recurrence.draft,
    deadlineAtMs: recurrence.deadlineAfterMs === null ? null : context.nowMs + recurrence.deadlineAfterMs,
  };
  const { requester } = slice;
  const problem = filingProblem(slice, filed);
  if (problem !== null || !holds(requester, filers)) return giveToLeads(step, { recurrence, why: whyNotFiled(problem) });
  const request = openRequest(step, { ...slice, requester }, { id: null, draft: filed, recurrenceId: recurrence.id });
  const changed = draft.change(recurrenceKind, recurrence, {
    state: due.nextMs === null ? "ended" : "active",
    nextAtMs: due.nextMs,
    filedCount: recurrence.filedCount + 1,
    skippedCount: recurrence.skippedCount + due.skippedCount,
    lastFiledId: asId<"request">(request.id),
  });
  const label = requestLabel(slice.project.key, slice.number);
  draft.record(recurrenceKind, recurrence, "recurrence.filed", {
    requestId: recurrence.requestId,
    filedRequestId: request.id,
    label,
    slotAtMs: due.latestMs,
    skippedAtMs: due.skippedMs,
    skippedCount: due.skippedCount,
  });
  if (due.nextMs === null)
    draft.record(recurrenceKind, recurrence, "recurrence.ended", { requestId: recurrence.requestId, reason: "its rule has ended" });
  else setClock(step, changed, due.nextMs);
  return draft.accept({ id: recurrence.id, state: changed.state, requestId: request.id, label, nextAtMs: due.nextMs });
}

function whyNotFiled(problem: Refusal | null): string {
  if (problem === null) return "its owner has no role any more that files requests.";
  const { message } = problem.details;
  return typeof message === "string" ? message : problem.code;
}

export interface SteeringSlice {
  readonly recurrence: Recurrence;
  readonly person: Person | undefined;
  readonly owner: Person | undefined;
  readonly read: ReadSeries;
  /** Its clocks that are set, and its items that are open. */
  readonly clocks: readonly Clock[];
  readonly items: readonly InboxItem[];
}

const maySteer = (person: Person | undefined, { ownerId }: Recurrence): person is Person =>
  holds(person, filers) && (ownerId === asId<"person">(person.id) || holds(person, leads));

/** Pauses, resumes or ends by its owner or by those who lead; who resumes what its owner left behind becomes the owner. */
export function decideRecurrenceSteering(slice: SteeringSlice, command: SteerRecurrence, context: DecideContext): Decided {
  const { recurrence, person, read } = slice;
  if (!maySteer(person, recurrence))
    return refuse(
      "forbidden",
      "recurrence.not-yours",
      "Only its owner, or an administrator, director or lead, steers a recurring request.",
    );
  const problem = steeringProblem(recurrence, command.kind);
  if (problem !== null) return refuse("conflict", "recurrence.illegal-move", problem);
  const step = beginStep(context);
  const { draft } = step;
  for (const clock of slice.clocks) draft.change(clockKind, clock, { state: "withdrawn" });
  for (const item of slice.items) withdrawItem(draft, item, "somebody decided about the recurring request itself");
  const facts = { requestId: recurrence.requestId, reason: command.reason, by: person.id };
  const move = (state: Recurrence["state"], event: string): Decided => {
    draft.change(recurrenceKind, recurrence, { state, nextAtMs: null });
    draft.record(recurrenceKind, recurrence, event, facts);
    return draft.accept({ id: recurrence.id, state });
  };
  if (command.kind === "pause-recurrence") return move("paused", "recurrence.paused");
  const nextAtMs = read.kind === "series" ? nextSlot(read.series, context.nowMs) : null;
  if (command.kind === "end-recurrence" || nextAtMs === null) return move("ended", "recurrence.ended");
  const ownerId = holds(slice.owner, filers) ? recurrence.ownerId : asId<"person">(person.id);
  const resumed = draft.change(recurrenceKind, recurrence, { state: "active", ownerId, nextAtMs });
  draft.record(recurrenceKind, recurrence, "recurrence.resumed", { ...facts, ownerId, nextAtMs });
  setClock(step, resumed, nextAtMs);
  return draft.accept({ id: recurrence.id, state: "active", nextAtMs });
}

/** Answers the question of who takes over what its owner left behind: the answer steers as the command would. */
export function decideRecurrenceAnswer(
  slice: SteeringSlice & { readonly item: InboxItem; readonly authority: Authority },
  command: AnswerItem,
  context: DecideContext,
): Decided {
  const { item, authority, recurrence } = slice;
  const problem = answerProblem(item, command);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const kind = command.choice === "take-over" ? "resume-recurrence" : "end-recurrence";
  const items = slice.items.filter((one) => one.id !== item.id);
  const steered = decideRecurrenceSteering({ ...slice, items }, { kind, recurrenceId: recurrence.id, reason: command.reason }, context);
  if (steered.kind === "refused") return steered;
  const answered = beginStep(context);
  closeItem(answered, item, { ...command, soloWaiver: authority.soloWaiver });
  const taken = answered.draft.accept({ ...steered.transition.answer, id: item.id, state: "answered" });
  if (taken.kind === "refused") return taken;
  const { transition } = taken;
  return {
    kind: "accepted",
    transition: {
      ...transition,
      changes: [...steered.transition.changes, ...transition.changes],
      events: [...steered.transition.events, ...transition.events],
    },
  };
}

function steeringProblem({ state }: Recurrence, kind: SteerRecurrence["kind"]): string | null {
  if (state === "ended") return "This recurring request has ended; set the request to be filed again anew.";
  if (kind === "pause-recurrence" && state === "paused") return "This recurring request is paused already.";
  return kind === "resume-recurrence" && state === "active" ? "This recurring request is not paused." : null;
}

const setClock = ({ draft, context }: Step, { id }: Recurrence, slotAtMs: number): Clock =>
  draft.create(clockKind, {
    id: context.newId(),
    state: "set",
    dueAtMs: slotAtMs,
    subjectKind: "recurrence",
    subjectId: id,
    command: { kind: "file-recurrence", recurrenceId: id, slotAtMs },
    actor: { kind: "system", id: "sweeper" },
  });

function waitOn(step: Step, recurrence: Recurrence, slotAtMs: number): Decided {
  setClock(step, recurrence, slotAtMs);
  return step.draft.accept({ id: recurrence.id, state: recurrence.state, nextAtMs: slotAtMs });
}

const leadChoices: readonly ItemChoice[] = [
  { id: "take-over", label: "Take it over: it goes on in my name", needs: "nothing" },
  { id: "end", label: "End it", needs: "nothing" },
];

/** Holds a recurrence that cannot file, and asks those who lead. */
function giveToLeads(step: Step, { recurrence, why }: { readonly recurrence: Recurrence; readonly why: string }): Decided {
  const { draft } = step;
  draft.change(recurrenceKind, recurrence, { state: "paused", nextAtMs: null });
  draft.record(recurrenceKind, recurrence, "recurrence.paused", { requestId: recurrence.requestId, reason: why });
  openItem(step, {
    kind: "escalation",
    requestId: recurrence.requestId,
    subjectKind: "recurrence",
    subjectId: recurrence.id,
    title: `"${recurrence.draft.title}" is filed no more: who takes it over?`,
    detail: `It is filed by the rule ${recurrence.rule}. Nothing was filed this time, because ${why} Take it over, and it goes on with the next time its rule names; or end it.`,
    ruleId: "recurrence.cannot-file",
    choices: leadChoices,
    roles: leads,
    evidence: { recurrenceId: recurrence.id, rule: recurrence.rule, zone: recurrence.zone },
  });
  return draft.accept({ id: recurrence.id, state: "paused" });
}
