import { createHash } from "node:crypto";
import { cedarAuthorizer } from "../adapters/cedar/cedar-authorizer.ts";
import type { ShownCall } from "../core/gate/show-call.ts";
import type { ReserveForEffect } from "../core/gate/decide-tool-call.ts";
import { toolPolicies } from "../core/gate/tool-policy.ts";
import type { ToolDeclaration } from "../core/gate/tool-declaration.ts";
import { defaultPolicies } from "../core/oversight/default-policies.ts";
import type { InboxItem } from "../core/oversight/inbox-item.ts";
import type { Person } from "../core/oversight/person.ts";
import type { Actor } from "../core/shared/actor.ts";
import { asId } from "../core/shared/ids.ts";
import { type Json, canonicalJson, type JsonObject } from "../core/shared/json.ts";
import { refuse } from "../core/shared/transition.ts";
import { GateReplica, type ReplicaAttempt, pinned } from "../engine/gate/gate-replica.ts";
import type { Answered } from "../engine/gate/replica-rows.ts";
import { toolJudge } from "../engine/gate/tool-judge.ts";
import { policyShelf } from "../engine/oversight/policy-shelf.ts";
import type { ScriptedCall } from "./tool-gate-corpus.ts";

const digest = (text: string) => asId<"sha256">(createHash("sha256").update(text).digest("hex"));
const projectId = "project";

const member = (id: string, roles: Person["roles"]): Person =>
  ({ id, version: 1, eventCount: 0, name: id, email: null, state: "active", roles }) as unknown as Person; // only what authority looks at

export const boss: Actor = { kind: "person", id: "boss" };
/** Members who may not agree to calls, and others who pretend to. */
export const impostors: readonly Actor[] = [
  { kind: "person", id: "accomplice" },
  { kind: "person", id: "program" },
  { kind: "person", id: "stranger" },
  { kind: "persona", id: "worker-persona" },
  { kind: "persona", id: "boss" },
];

const stub = (name: string, effectKind: ToolDeclaration["effectKind"], names: readonly string[]): ToolDeclaration => ({
  name,
  effectKind,
  description: "",
  origin: "stub",
  targets: [],
  amountArgument: null,
  costMicro: 0,
  timeLimitMs: 20_000,
  parameters: { type: "object", properties: Object.fromEntries(names.map((one) => [one, { type: "string" }])) },
  deliveryClass: effectKind === "read" || effectKind === "egress_read" ? "pure" : "once",
  result: { integrity: "external", readers: "project" },
});

/** Ways out that every session has beside those of its case. */
export const extraTools: readonly ToolDeclaration[] = [
  stub("xvc.fetch", "egress_read", ["url"]),
  stub("xvc.search", "egress_read", ["query"]),
  stub("xvc.file", "read", ["name"]),
  stub("xvc.store", "write_private", ["name", "text"]),
];

/** What a session looked like from outside. */
export interface SeenSession {
  /** Calls that a receiver carried out. */
  readonly ran: readonly {
    readonly tool: string;
    readonly effectKind: string;
    readonly definitionSha256: string;
    readonly arguments: unknown;
    readonly persona: string;
    readonly taskId: string;
    readonly projectId: string;
    readonly policySha256: string;
  }[];
  /** Hashes that a person agreed to, once for each yes. */
  readonly agreed: readonly string[];
  readonly canary: string;
  /** Calls that budgets allowed, and calls that took from them. */
  readonly budget: { readonly cap: number; readonly taken: number };
}

/** Everything that should not have happened in a session; the judge shares no code with the gate. */
export type JudgeSession = (seen: SeenSession) => readonly string[];

/** What all sessions of one measurement share. */
export interface GateBench {
  readonly judgeSession: JudgeSession;
  readonly tools: ReadonlyMap<string, ReturnType<typeof pinned>>;
  readonly open: (budget: { cap: number; taken: number }) => GateReplica;
  readonly policySha256: string;
}

export function openGateBench(tools: readonly ToolDeclaration[], judgeSession: JudgeSession): GateBench {
  const authorizer = cedarAuthorizer();
  const judge = toolJudge(authorizer);
  const people = policyShelf(authorizer, digest).imagine(defaultPolicies.map((policy) => ({ ...policy, policyVersion: 1 })));
  const policySha256 = digest(canonicalJson(toolPolicies));
  const known = new Map([...tools, ...extraTools].map((tool) => [tool.name, pinned(tool, digest)]));
  const members = [member("boss", ["lead"]), member("accomplice", ["contributor"]), member("program", ["agent", "lead"])];
  return {
    judgeSession,
    tools: known,
    policySha256,
    open: (budget) => {
      const reserve: ReserveForEffect = () => {
        if (budget.taken >= budget.cap) return { kind: "refused", refusal: refuse("exhausted", "budget.exhausted", "Nothing is left.") };
        budget.taken += 1;
        return null;
      };
      return new GateReplica({ digest, judge, people, policySha256, tools: known, members, projectId, reserve });
    },
  };
}

/** One session: a gate with its people, the persona that does what it is told, and what the receivers saw. */
export class GateSession {
  readonly gate: GateReplica;
  readonly persona: string = "worker-persona";
  readonly budget: { cap: number; taken: number } = { cap: 1_000, taken: 0 };
  readonly expected = new Set<string>();
  /** Screens that the honest person answered, and hashes that they said yes to. */
  screens = 0;
  readonly agreed: string[] = [];
  readonly bench: GateBench;
  readonly canary: string;

  private readonly toolNames: readonly string[];

  constructor(bench: GateBench, canary: string, toolNames: readonly string[]) {
    this.toolNames = [...new Set([...toolNames, ...extraTools.map((tool) => tool.name)])];
    this.bench = bench;
    this.canary = canary;
    this.gate = bench.open(this.budget);
  }

  /** An attempt whose persona may call every tool of the case, the attacker's too: what holds then holds with fewer. */
  attempt(taskId: string, persona: string = this.persona): ReplicaAttempt {
    for (const tool of this.toolNames) this.gate.capable({ persona, taskId, tool });
    return this.gate.attempt(persona, taskId, [{ integrity: "human", readers: [`project:${projectId}`] }]);
  }

  expect(call: ScriptedCall): void {
    this.expected.add(canonicalJson({ tool: call.tool, arguments: call.arguments }));
  }

  send(attempt: ReplicaAttempt, call: Pick<ScriptedCall, "tool" | "arguments">): Answered {
    return this.gate.call(attempt, call.tool, JSON.stringify(call.arguments));
  }

  /** The person looks at each open screen and agrees when all that it shows is what they asked for; otherwise says no. */
  answerHonestly(): void {
    for (const item of this.gate.questions()) this.answerOne(item);
  }

  answerOne(item: InboxItem): void {
    const shown = item.evidence["calls"] as unknown as readonly ShownCall[]; // made by the gate's own screen
    const isMine = shown.every((call) => this.expected.has(canonicalJson({ tool: call.tool, arguments: decoded(call) })));
    this.screens += 1;
    const done = this.gate.answer(boss, item, isMine ? "approve" : "deny");
    if (isMine && done.ok) this.agreed.push(...shown.map((call) => call.callSha256));
  }

  findings(): readonly string[] {
    const { policySha256, tools } = this.bench;
    const seen: SeenSession = {
      ran: this.gate.ran.map((run) => ({ ...run, definitionSha256: tools.get(run.tool)?.sha256 ?? "", projectId, policySha256 })),
      agreed: this.agreed,
      canary: this.canary,
      budget: this.budget,
    };
    return this.bench.judgeSession(seen);
  }

  hasRun({ tool, arguments: given }: ScriptedCall): boolean {
    return this.gate.ran.some((run) => run.tool === tool && canonicalJson(run.arguments) === canonicalJson(given));
  }
}

/** What a person reads off the screen, letter by letter. */
const decoded = (call: ShownCall): JsonObject =>
  Object.fromEntries(call.lines.map((line) => [line.argument, JSON.parse(line.json) as Json])); // the screen's JSON
