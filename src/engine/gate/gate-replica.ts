import { type Capability, capabilityKind } from "../../core/gate/capability.ts";
import { type IntendEffect, decideEffectEnd, decideEffectStart, decideIntent } from "../../core/gate/decide-effect.ts";
import { type GiveGrant, decideGrant } from "../../core/gate/decide-grant.ts";
import { settleToolAnswer } from "../../core/gate/decide-tool-answer.ts";
import {
  type RequestToolCall,
  type ReserveForEffect,
  type ToolCallSlice,
  decideToolCall,
  yesOf,
} from "../../core/gate/decide-tool-call.ts";
import { effectKindOf } from "../../core/gate/effect.ts";
import type { CallFacts, NamedValue } from "../../core/gate/judge-call.ts";
import { type Label, joinLabels, noLabel, spoken } from "../../core/gate/label.ts";
import { readArguments } from "../../core/gate/read-arguments.ts";
import { standingGrantKind } from "../../core/gate/standing-grant.ts";
import { type ToolCall, callIdentity, toolCallKind } from "../../core/gate/tool-call.ts";
import { type ToolDeclaration, definitionOf } from "../../core/gate/tool-declaration.ts";
import type { ToolPin } from "../../core/gate/tool-pin.ts";
import { decideAuthority } from "../../core/oversight/authority.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import type { Person } from "../../core/oversight/person.ts";
import { questionOf } from "../../core/oversight/policy-request.ts";
import type { Actor } from "../../core/shared/actor.ts";
import type { DecideContext } from "../../core/shared/decide-context.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { canonicalJson, type JsonObject } from "../../core/shared/json.ts";
import { beginStep } from "../../core/shared/transition.ts";
import type { Judge } from "../oversight/policy-shelf.ts";
import type { Digest } from "../ports/content.ts";
import { type Answered, ReplicaRows } from "./replica-rows.ts";
import type { ToolJudge } from "./tool-judge.ts";

/*
 * The gate over rows in memory: the very decisions that the engine takes, without a database, for measuring and for replaying.
 */

/** One attempt as the gate sees it. */
export interface ReplicaAttempt {
  readonly id: string;
  readonly taskId: string;
  readonly persona: string;
  epoch: number;
  /** Null once it has ended. */
  isHeld: boolean;
  /** Labels of everything in its context. */
  readonly context: Label[];
}

/** A call that ran, as the receiver saw it. */
export interface Ran {
  readonly tool: string;
  readonly effectKind: string;
  readonly arguments: JsonObject;
  readonly persona: string;
  readonly taskId: string;
}

export interface ReplicaParts {
  readonly digest: Digest;
  readonly judge: ToolJudge;
  /** Policies about people: who may say yes. */
  readonly people: Judge;
  readonly policySha256: string;
  readonly tools: ReadonlyMap<string, { readonly declaration: ToolDeclaration; readonly sha256: string }>;
  readonly members: readonly Person[];
  readonly projectId: string;
  readonly reserve?: ReserveForEffect;
}

/** A declaration with the hash it is pinned by. */
export const pinned = (declaration: ToolDeclaration, digest: Digest) => ({
  declaration,
  sha256: digest(canonicalJson(definitionOf(declaration))),
});

const intentOf = (call: ToolCall, { tool }: CallFacts): IntendEffect => ({
  kind: "intend-effect",
  effectKey: call.callSha256,
  requestId: "request",
  taskId: call.taskId,
  tool: call.tool,
  effectKind: call.effectKind,
  arguments: call.arguments,
  step: "tool",
  ordinal: 1,
  deliveryClass: tool?.deliveryClass ?? "once",
  toolCallId: call.id,
});

const idOf = ({ answer }: Answered & { readonly ok: true }): string => (typeof answer["id"] === "string" ? answer["id"] : "");

export class GateReplica {
  readonly ran: Ran[] = [];
  readonly named: NamedValue[] = [];
  /** What people said about tools; a tool that is not here was agreed to as it is. */
  readonly pins = new Map<string, Pick<ToolPin, "mode" | "definitionSha256">>();
  nowMs = 1_700_000_000_000;
  private readonly rows = new ReplicaRows();
  /** Effects by their key. */
  private readonly effects = new Map<string, string>();
  private readonly capabilities: string[] = [];
  private readonly grants: string[] = [];
  private readonly parts: ReplicaParts;

  constructor(parts: ReplicaParts) {
    this.parts = parts;
  }

  private context(actor: Actor): DecideContext {
    return { actor, nowMs: this.nowMs, newId: () => this.rows.newId() };
  }

  attempt(persona: string, taskId: string, context: readonly Label[]): ReplicaAttempt {
    return { id: this.rows.newId(), taskId, persona, epoch: 1, isHeld: true, context: [...context] };
  }

  capable(fields: Pick<Capability, "persona" | "taskId" | "tool"> & Partial<Capability>): Capability {
    const row: Capability = {
      id: this.rows.newId(),
      version: 1,
      eventCount: 0,
      state: "live",
      forProjectId: this.parts.projectId,
      ranges: {},
      maxCalls: 1_000,
      usedCalls: 0,
      expiresAtMs: this.nowMs + 86_400_000,
      parentId: null,
      grantedBy: "plan",
      reason: "",
      ...fields,
    };
    this.rows.put(capabilityKind, row);
    this.capabilities.push(row.id);
    return row;
  }

  giveGrant(actor: Actor, command: GiveGrant): Answered {
    const person = this.parts.members.find((one) => one.id === actor.id);
    const done = this.rows.commit(
      decideGrant({ person, live: this.grants.length, projectId: this.parts.projectId }, command, this.context(actor)),
    );
    if (done.ok) this.grants.push(idOf(done));
    return done;
  }

  private facts(attempt: ReplicaAttempt, name: string, raw: string): CallFacts {
    const tool = this.parts.tools.get(name);
    const live = <Row extends Entity>(kind: EntityKind<Row>, ids: readonly string[]): readonly Row[] =>
      ids.flatMap((id) => this.rows.row(kind, id) ?? []);
    return {
      tool: tool?.declaration,
      definitionSha256: tool?.sha256 ?? "",
      pin: this.pins.get(name) ?? (tool === undefined ? undefined : { mode: "open", definitionSha256: tool.sha256 }),
      read: readArguments(raw),
      persona: attempt.persona,
      taskId: attempt.taskId,
      projectId: this.parts.projectId,
      label: spoken(joinLabels(attempt.context)),
      named: this.named,
      capabilities: live(capabilityKind, this.capabilities),
      grants: live(standingGrantKind, this.grants),
      approved: false,
      provisional: false,
      halt: undefined,
      nowMs: this.nowMs,
      policies: this.parts.judge,
    };
  }

  private hashOf({ persona, taskId }: Pick<ReplicaAttempt, "persona" | "taskId">, facts: CallFacts): string {
    if (!facts.read.ok || facts.tool === undefined) return "";
    const { definitionSha256, projectId } = facts;
    const { policySha256 } = this.parts;
    return this.parts.digest(
      canonicalJson(
        callIdentity({
          tool: facts.tool.name,
          definitionSha256,
          arguments: facts.read.arguments,
          persona,
          taskId,
          projectId,
          policySha256,
        }),
      ),
    );
  }

  /** Sends a call to the gate as the worker does, and carries it out when it is let through. */
  call(attempt: ReplicaAttempt, name: string, ...[raw, epoch = attempt.epoch]: readonly [raw: string, epoch?: number]): Answered {
    const facts = this.facts(attempt, name, raw);
    const callSha256 = this.hashOf(attempt, facts);
    const command: RequestToolCall = {
      kind: "request-tool-call",
      attemptId: attempt.id,
      epoch,
      callId: "",
      toolName: name,
      rawArguments: raw,
      tool: facts.tool ?? null,
      definitionSha256: facts.definitionSha256,
      callSha256,
      policySha256: this.parts.policySha256,
    };
    const worker = this.context({ kind: "system", id: "worker" });
    const done = this.rows.commit(decideToolCall(this.slice(attempt, facts, callSha256), command, worker));
    const call = done.ok ? this.rows.row(toolCallKind, idOf(done)) : undefined;
    if (call === undefined) return done;
    if (facts.tool?.deliveryClass !== "pure") return this.perform(attempt, call, { facts, epoch }) ?? done;
    if (call.state === "used") this.receive(attempt, call);
    return done;
  }

  private slice(attempt: ReplicaAttempt, facts: CallFacts, callSha256: string): ToolCallSlice {
    const earlier = callSha256 === "" ? [] : this.rows.earlier(callSha256);
    return {
      facts: { ...facts, approved: yesOf(earlier, this.nowMs) !== undefined },
      requestId: "request",
      heldEpoch: attempt.isHeld ? attempt.epoch : null,
      earlier,
      callsOfAttempt: this.rows.countOf(attempt.id),
      asking: this.rows.openQuestion(attempt.id),
      askedLastHour: this.rows.itemCount,
      reserve: this.parts.reserve,
    };
  }

  private receive(attempt: ReplicaAttempt, call: ToolCall): void {
    const { tool, effectKind, persona, taskId } = call;
    this.ran.push({ tool, effectKind, persona, taskId, arguments: call.arguments });
    attempt.context.push(call.resultLabel);
  }

  /** Through the effect ledger; null: the call does not go out now. */
  private perform(
    attempt: ReplicaAttempt,
    call: ToolCall,
    { facts, epoch }: { readonly facts: CallFacts; readonly epoch: number },
  ): Answered | null {
    if (call.state !== "approved" && call.state !== "allowed") return null;
    const worker = this.context({ kind: "system", id: "worker" });
    const existing = this.rows.row(effectKindOf, this.effects.get(call.callSha256) ?? "");
    const intended = this.rows.commit(decideIntent({ existing }, intentOf(call, facts), worker));
    const effect = intended.ok ? this.rows.row(effectKindOf, idOf(intended)) : undefined;
    if (effect === undefined) return intended;
    this.effects.set(call.callSha256, effect.id);
    const now = { ...facts, approved: yesOf([call], this.nowMs) !== undefined };
    const started = this.rows.commit(
      decideEffectStart(
        { effect, heldEpoch: attempt.isHeld ? attempt.epoch : null, called: { call, facts: now, reserve: this.parts.reserve } },
        { kind: "start-effect", effectId: effect.id, epoch, deadlineAtMs: this.nowMs + 20_000, endedStarts: effect.starts },
        worker,
      ),
    );
    if (!started.ok) return started;
    this.receive(attempt, call);
    const after = this.rows.row(effectKindOf, effect.id) ?? effect;
    return this.rows.commit(
      decideEffectEnd({ effect: after }, { kind: "end-effect", effectId: effect.id, outcome: "done", result: {} }, worker),
    );
  }

  /** Everything that waits for a person. */
  questions(): readonly InboxItem[] {
    return this.rows.items().filter((item) => item.state === "open");
  }

  /** Somebody answers; by the same authority as in the inbox. */
  answer(actor: Actor, item: InboxItem, choice: string): Answered {
    const person = actor.kind === "person" ? this.parts.members.find((one) => one.id === actor.id) : undefined;
    const question = questionOf(item, { key: "P", mode: "real" });
    const request = {
      ...question,
      principal: { id: actor.id, roles: person?.roles ?? [] },
      context: { askedRoles: item.roles, handedOver: false, standsInFor: [] },
    };
    const authority = decideAuthority({
      actor,
      person,
      basis: this.parts.people.judge(request),
      standIn: undefined,
      otherDeciders: 1,
      isOwnWork: false,
      confirmation: null,
      shortId: "",
    });
    const step = beginStep(this.context(actor));
    const calls = this.rows.askedUnder(item.id);
    const current = this.rows.row(inboxItemKind, item.id) ?? item;
    const problem = settleToolAnswer(step, { item: current, calls, authority }, { choice, value: null, reason: "", inputs: [] });
    return this.rows.commit(problem ?? step.draft.accept({ id: item.id }));
  }

  /** What something read from outside, or without a label, does to a context. */
  reads(attempt: ReplicaAttempt, label: Label = noLabel): void {
    attempt.context.push(label);
  }
}
