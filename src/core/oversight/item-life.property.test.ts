import fc from "fast-check";
import { expect, test } from "vitest";
import type { Actor } from "../shared/actor.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { Failure } from "../shared/failure.ts";
import { asId } from "../shared/ids.ts";
import type { OpenHours } from "../shared/open-hours.ts";
import { type Decided, type EventDraft, beginStep, refuse } from "../shared/transition.ts";
import { type Authority, answerProblem } from "./authority.ts";
import { decideAskBack, decidePutOff, decideReply, openAskBack } from "./decide-ask-back.ts";
import { type ClockCommand, clockAuthority, clockCommand, decideClockStep, decideExpiry } from "./decide-clock-step.ts";
import { decideDelegation } from "./decide-item.ts";
import { type GrantDelegation, decideGrant, decideRevocation } from "./decide-standing-delegation.ts";
import { type Delegation, delegationKind } from "./delegation.ts";
import { defaultProblem } from "./expiry-default.ts";
import { type InboxItem, inboxItemKind, isItemClosed, itemMoves } from "./inbox-item.ts";
import { type NewItem, closeItem, openItem, withdrawItem } from "./open-item.ts";
import type { Person, Role } from "./person.ts";
import { questionOf } from "./policy-request.ts";
import { countedVotes, decideVote, isApproving } from "./quorum.ts";
import { standInFor } from "./representation.ts";

/* The life of one item under any order of commands, at any times: one person says it twice, the clock fires early, late and double. */

const hourMs = 3_600_000;
const members: readonly Person[] = (
  [
    ["lead-1", ["lead"]],
    ["lead-2", ["lead"]],
    ["director", ["director"]],
    ["hand", ["contributor"]],
  ] as const satisfies readonly (readonly [string, readonly Role[]])[]
).map(([id, roles]) => ({ id, version: 1, eventCount: 0, name: id, email: null, roles, state: "active" }));
const personOf = (id: string): Person | undefined => members.find((member) => member.id === id);
const memberId = fc.constantFrom(...members.map((member) => member.id));

/** Open for eight of 24 hours, for two months. */
const hours: OpenHours = {
  intervals: Array.from({ length: 60 }, (_, day) => ({ fromMs: (day * 24 + 9) * hourMs, toMs: (day * 24 + 17) * hourMs })),
  untilMs: 60 * 24 * hourMs,
};

const hold = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`It does not hold that ${what}.`);
};

let ids = 0;
const contextAt = (nowMs: number, actor: Actor): DecideContext => ({ actor, nowMs, newId: () => `id-${(ids += 1)}`, hours });
const person = (id: string): Actor => ({ kind: "person", id });
const system: Actor = { kind: "system", id: "sweeper" };

const choice = (id: string, needs: InboxItem["choices"][number]["needs"] = "nothing") => ({ id, label: id, needs });
const drafts = fc
  .record({
    kind: fc.constantFrom("approval", "check", "escalation", "patch", "question", "mention"),
    subjectKind: fc.constantFrom("effect", "task", "request", "plan"),
    risk: fc.constantFrom("low", "medium", "high"),
    hold: fc.option(fc.constantFrom("orange", "red"), { nil: undefined, freq: 3 }),
    alwaysReview: fc.option(fc.constant(["legal"]), { nil: undefined, freq: 3 }),
    quorum: fc.integer({ min: 1, max: 3 }),
    defaultChoice: fc.constantFrom(null, "approve", "deny", "retry", "elsewhere"),
  })
  .map(({ hold, alwaysReview, ...rest }): NewItem => ({
    ...rest,
    ...(hold === undefined ? {} : { hold }),
    ...(alwaysReview === undefined ? {} : { alwaysReview }),
    requestId: asId("r"),
    subjectId: "s",
    title: "t",
    detail: "",
    ruleId: "rule",
    choices: [choice("approve"), choice("deny"), choice("retry")],
    roles: ["lead", "director"],
  }));

type Act =
  | { readonly kind: "wait"; readonly hours: number }
  | { readonly kind: "fire"; readonly early: boolean; readonly as: ClockCommand["kind"] | "due" }
  | { readonly kind: "answer"; readonly by: string; readonly choice: string }
  | { readonly kind: "ask-back"; readonly by: string; readonly of: string }
  | { readonly kind: "delegate"; readonly by: string; readonly of: string }
  | { readonly kind: "reply"; readonly by: string }
  | { readonly kind: "later"; readonly by: string }
  | { readonly kind: "grant" | "revoke"; readonly by: string; readonly of: string }
  | { readonly kind: "withdraw" };

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("wait" as const), hours: fc.integer({ min: 0, max: 40 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("fire" as const),
      early: fc.boolean(),
      as: fc.constantFrom(
        "due" as const,
        "due" as const,
        "remind-item" as const,
        "expire-item" as const,
        "escalate-item" as const,
        "resume-item" as const,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      by: memberId,
      choice: fc.constantFrom("approve", "approve", "deny", "retry"),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("ask-back" as const, "delegate" as const), by: memberId, of: memberId }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("reply" as const, "later" as const), by: memberId }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("grant" as const, "revoke" as const), by: memberId, of: memberId }) },
  { weight: 1, arbitrary: fc.constant({ kind: "withdraw" as const }) },
);

/** The item as it is, what happened to it, and who stands in for whom. */
class Life {
  item: InboxItem;
  nowMs: number;
  delegations: readonly Delegation[] = [];
  readonly events: EventDraft[] = [];
  readonly born: InboxItem;

  constructor(item: InboxItem, nowMs: number) {
    this.item = item;
    this.born = item;
    this.nowMs = nowMs;
  }

  authority(by: string): Authority {
    const self = personOf(by);
    const { risk, roles, excludedPersonIds, delegateId } = this.item;
    const facts = { members, delegations: this.delegations, absences: new Map() };
    const matter = { risk, roles, excludedPersonIds, delegateId, projectId: null, amountMicro: null };
    const may = delegateId === by || roles.some((role) => self?.roles.includes(role));
    const rule = may ? "role" : standInFor(by, facts, { matter, nowMs: this.nowMs })?.rule;
    const { basis } = clockAuthority(this.item, questionOf(this.item, { key: "K", mode: "real" })) as Authority & { kind: "granted" };
    return rule === undefined
      ? { kind: "denied", code: "authority.wrong-role", message: "no" }
      : { kind: "granted", rule, soloWaiver: false, basis };
  }

  answer(actor: Actor, given: string, authority: Authority): Decided {
    const answer = { choice: given, value: null, reason: "so", inputs: [] };
    const context = contextAt(this.nowMs, actor);
    const problem = answerProblem(this.item, answer);
    if (problem !== null) return refuse("conflict", problem.code, problem.message);
    if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
    const voted = actor.kind === "person" ? decideVote({ item: this.item, authority }, answer, context) : null;
    if (voted !== null) return voted;
    const step = beginStep(context);
    closeItem(step, this.item, { ...answer, soloWaiver: false });
    return step.draft.accept({});
  }

  decide(what: Exclude<Act, { kind: "wait" }>): Decided {
    const { item } = this;
    if (what.kind === "withdraw") return this.withdraw();
    if (what.kind === "fire") return this.fire(what);
    const context = contextAt(this.nowMs, person(what.by));
    const authority = this.authority(what.by);
    if (what.kind === "answer") return this.answer(person(what.by), what.choice, authority);
    if (what.kind === "ask-back") {
      const command = { kind: "ask-back", itemId: item.id, ofPersonId: what.of, question: "Why?" } as const;
      return decideAskBack({ item, authority, of: personOf(what.of) }, command, context);
    }
    if (what.kind === "reply")
      return decideReply({ item, authority, person: personOf(what.by) }, { kind: "reply-item", itemId: item.id, reply: "So." }, context);
    if (what.kind === "later")
      return decidePutOff(
        { item, person: personOf(what.by) },
        { kind: "put-off-item", itemId: item.id, untilMs: this.nowMs + hourMs },
        context,
      );
    if (what.kind === "delegate") {
      const command = { kind: "delegate-item", itemId: item.id, personId: what.of, reason: "" } as const;
      return decideDelegation({ item, from: personOf(what.by), to: personOf(what.of) }, command, context);
    }
    return this.standing({ kind: what.kind, by: what.by, of: what.of }, context);
  }

  standing(what: { readonly kind: "grant" | "revoke"; readonly by: string; readonly of: string }, context: DecideContext): Decided {
    if (what.kind === "revoke") {
      const delegation = this.delegations.find((one) => one.fromId === what.by);
      if (delegation === undefined) return refuse("not-found", "delegation.not-found", "none");
      return decideRevocation(
        { delegation, actor: personOf(what.by) },
        { kind: "revoke-delegation", delegationId: delegation.id, reason: "" },
        context,
      );
    }
    const terms = {
      validFromMs: this.nowMs,
      validToMs: this.nowMs + 20 * hourMs,
      maxRisk: "medium",
      maxAmountMicro: null,
      projectId: null,
      reason: "",
    } as const;
    const command: GrantDelegation = { kind: "grant-delegation", id: context.newId(), toId: what.of, ...terms };
    return decideGrant({ from: personOf(what.by), to: personOf(what.of), granted: [], project: undefined }, command, context);
  }

  withdraw(): Decided {
    if (isItemClosed(this.item)) return refuse("conflict", "inbox.already-closed", "closed");
    const step = beginStep(contextAt(this.nowMs, system));
    withdrawItem(step.draft, this.item, "moved on");
    return step.draft.accept({});
  }

  fire(what: { readonly early: boolean; readonly as: ClockCommand["kind"] | "due" }): Decided {
    // Early: a sweeper whose clock runs ahead; the decision's own time counts.
    const sweptMs = what.early ? this.nowMs + 8 * hourMs : this.nowMs;
    const kind = what.as === "due" ? (clockCommand(this.item, sweptMs)?.kind ?? "remind-item") : what.as;
    const command = { kind, itemId: this.item.id };
    const context = contextAt(this.nowMs, system);
    if (command.kind !== "expire-item") return decideClockStep({ item: this.item }, command as ClockCommand, context);
    const byClock = clockAuthority(this.item, questionOf(this.item, { key: "K", mode: "real" }));
    const answer = () => this.answer(system, this.item.defaultChoice ?? "", byClock);
    return decideExpiry({ item: this.item, answer }, { kind: "expire-item", itemId: this.item.id }, context);
  }

  apply(decided: Decided): void {
    const before = this.item;
    if (decided.kind === "refused") return hold(decided.code !== "", "a refusal says why");
    for (const change of decided.transition.changes) {
      if (change.kind.name === inboxItemKind.name) this.item = change.after as InboxItem; // named so
      if (change.kind.name === delegationKind.name) {
        const row = change.after as Delegation; // named so
        this.delegations = [...this.delegations.filter((one) => one.id !== row.id), ...(row.state === "granted" ? [row] : [])];
      }
    }
    this.events.push(...decided.transition.events.filter((event) => event.subjectKind === inboxItemKind.name));
    this.check(before);
  }

  check(before: InboxItem): void {
    const { item, born } = this;
    const { handOvers = [], clock, answer } = item;
    hold(before.state === item.state || itemMoves[before.state].includes(item.state), "a move is legal");
    hold(!isItemClosed(before) || item === before, "what is closed does not change");
    const count = (kind: string) => this.events.filter((event) => event.kind === kind).length;
    const planned = (kind: string) => born.clock?.steps.filter((step) => step.kind === kind).length ?? 0;
    hold(count("decision.overdue") + count("decision.expired") <= planned("expire"), "the due time comes once");
    hold(count("decision.reminded") <= planned("remind"), "each reminder comes once");
    hold(count("decision.escalated") <= planned("escalate"), "each rung is climbed once");
    hold(count("decision.answered") + count("decision.expired") === (answer === null ? 0 : 1), "there is one answer");
    hold(item.state !== "expired" || byClockIsHarmless(item), "no clock approves");
    const needed = (item.quorum ?? 1) > 1 && item.state === "answered" && isApproving(answer?.choice ?? "") ? (item.quorum ?? 1) : 0;
    hold(countedVotes(item, answer?.choice ?? "").length >= needed, "as many agreed as had to");
    const waits = !isItemClosed(item) && clock !== undefined && (clock.steps.length > 0 || clock.pausedAtMs !== null);
    hold(!waits || item.dueAtMs !== null, "whatever has steps to come is due at some moment, paused or not");
    hold(
      (clock?.pausedAtMs ?? null) === null || openAskBack(item) !== undefined || isItemClosed(item),
      "only an open question stops a clock",
    );
    for (const [index, { toId }] of handOvers.entries())
      hold(!handOvers.slice(0, index + 1).some((one) => one.fromId === toId), "no hand-over goes in a circle");
  }

  /** Lets time run and the clock fire until it has nothing more to do. */
  outlive(): void {
    for (let rounds = 0; rounds < 40 && !isItemClosed(this.item) && this.item.dueAtMs !== null; rounds += 1) {
      this.nowMs = Math.max(this.nowMs, this.item.dueAtMs);
      this.apply(this.fire({ early: false, as: "due" }));
    }
  }
}

/** An approval, or anything else that goes ahead, by time: only where the rules let it. */
const byClockIsHarmless = (item: InboxItem): boolean =>
  defaultProblem(item) === null &&
  (item.answer?.choice === "deny" || (item.risk === "low" && item.hold === undefined && item.alwaysReview === undefined));

/** A default that time may not make never becomes an item. */
function openedOrRefused(step: ReturnType<typeof beginStep>, draft: NewItem): InboxItem | null {
  try {
    return openItem(step, draft);
  } catch (error) {
    if (error instanceof Failure && error.code === "bug.invariant") return null;
    throw error;
  }
}

test("every command applies once or is refused with a reason, no item is lost, and no clock approves", () => {
  fc.assert(
    fc.property(drafts, fc.array(act, { minLength: 1, maxLength: 25 }), fc.integer({ min: 0, max: 30 }), (draft, acts, startHour) => {
      const step = beginStep(contextAt(startHour * hourMs, system));
      const item = openedOrRefused(step, draft);
      if (item === null) return;
      const life = new Life(item, startHour * hourMs);
      for (const what of acts) {
        if (what.kind === "wait") {
          life.nowMs += what.hours * hourMs;
          continue;
        }
        const { clock, dueAtMs } = life.item;
        const decided = life.decide(what);
        life.apply(decided);
        hold(what.kind !== "later" || (life.item.clock === clock && life.item.dueAtMs === dueAtMs), "putting off changes no clock");
      }
      life.outlive();
      const { clock } = life.item;
      const isOver = clock === undefined || (clock.isOverdue && clock.steps.length === 0 && clock.pausedAtMs === null);
      expect(isItemClosed(life.item) || (life.item.dueAtMs === null && isOver)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
}, 30_000);

test("the same step fired twice at the same moment is taken once", () => {
  fc.assert(
    fc.property(drafts, fc.integer({ min: 0, max: 400 }), (draft, later) => {
      const step = beginStep(contextAt(0, system));
      const life = new Life(openItem(step, { ...draft, defaultChoice: null, subjectKind: "task" }), later * hourMs);
      const command = clockCommand(life.item, life.nowMs);
      fc.pre(command !== null);
      life.apply(life.fire({ early: false, as: command.kind }));
      const next = clockCommand(life.item, life.nowMs);
      // Only the ladder may have its next rung due as well.
      fc.pre(next?.kind !== "escalate-item");
      expect(next).toBeNull();
      expect(life.fire({ early: false, as: command.kind })).toMatchObject({ kind: "refused", code: "inbox.not-due" });
    }),
  );
});

test("a pause gives back exactly the working time that was left", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 15 }), (askedAfter, repliedAfter) => {
      const step = beginStep(contextAt(9 * hourMs, system));
      const item = openItem(step, {
        kind: "approval",
        subjectKind: "task",
        subjectId: "s",
        title: "",
        detail: "",
        ruleId: "r",
        choices: [choice("approve")],
        requestId: asId("r"),
        roles: ["lead"],
      });
      const life = new Life(item, (9 + askedAfter) * hourMs);
      const leftBefore = (item.clock?.dueAtMs ?? 0) - 0;
      life.apply(life.decide({ kind: "ask-back", by: "lead-1", of: "hand" }));
      expect(life.item.clock?.pausedAtMs).toBe(life.nowMs);
      const pausedMs = life.nowMs;
      life.nowMs += repliedAfter * hourMs;
      life.apply(life.decide({ kind: "reply", by: "hand" }));
      const working = (fromMs: number, toMs: number) => {
        let sum = 0;
        for (const one of hours.intervals) sum += Math.max(0, Math.min(one.toMs, toMs) - Math.max(one.fromMs, fromMs));
        return sum;
      };
      expect(working(life.nowMs, life.item.clock?.dueAtMs ?? 0)).toBe(working(pausedMs, leftBefore));
    }),
  );
});
