import type { PolicyVerdict } from "../oversight/policy-request.ts";
import type { PersonaLimits } from "../personas/persona.ts";
import { limitProblem } from "../personas/persona-limits.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Capability, capabilityFor } from "./capability.ts";
import { misfit } from "./check-schema.ts";
import { type Treatment, treatmentOf } from "./effect-treatment.ts";
import { type Halt, haltedWhat } from "./halt.ts";
import { type Label, distance, mayRead } from "./label.ts";
import type { ReadArguments } from "./read-arguments.ts";
import { type StandingGrant, grantFor } from "./standing-grant.ts";
import type { GateStep } from "./tool-call.ts";
import type { ToolDeclaration } from "./tool-declaration.ts";
import type { ToolPin } from "./tool-pin.ts";
import type { PolicyQuestion, ToolPolicyFacts, ToolPolicyRequest } from "./tool-policy.ts";

/** A value that a person put into this very argument of this tool, as a typed field of the request. */
export interface NamedValue {
  readonly tool: string;
  readonly argument: string;
  readonly value: string;
}

/** One call with all that the gate knows of it at this moment. */
export interface CallFacts {
  readonly tool: ToolDeclaration | undefined;
  readonly definitionSha256: string;
  readonly pin: Pick<ToolPin, "mode" | "definitionSha256"> | undefined;
  readonly read: ReadArguments;
  readonly persona: string;
  /** The most that the persona may ask for, whatever it is given; absent: it has no limits of its own. */
  readonly limits?: PersonaLimits | undefined;
  readonly taskId: string;
  readonly projectId: string;
  /** Of the whole context in which it was said; a model's word carries it into every argument. */
  readonly label: Label;
  readonly named: readonly NamedValue[];
  readonly capabilities: readonly Capability[];
  readonly grants: readonly StandingGrant[];
  /** A person's yes to this hash, unused and in time. */
  readonly approved: boolean;
  readonly provisional: boolean;
  readonly halt: Halt | undefined;
  readonly nowMs: number;
  readonly policies: (request: ToolPolicyRequest) => PolicyVerdict;
}

export type Judgement = Verdict & {
  /** Absent: it was refused before any policy was asked. */
  readonly question?: PolicyQuestion;
};

type Verdict =
  | {
      readonly kind: "allowed";
      readonly steps: readonly GateStep[];
      /** The capability used, and all it was handed on from. */
      readonly chain: readonly Capability[];
      readonly grant: StandingGrant | undefined;
    }
  | { readonly kind: "ask"; readonly steps: readonly GateStep[]; readonly chain: readonly Capability[] }
  | { readonly kind: "refused"; readonly code: string; readonly steps: readonly GateStep[] };

const pass = (step: GateStep["step"], reason: string): GateStep => ({ step, verdict: "pass", reason });

interface Refusing {
  readonly step: GateStep["step"];
  readonly code: string;
  readonly reason: string;
}

const refused = (steps: readonly GateStep[], { step, code, reason }: Refusing): Judgement => ({
  kind: "refused",
  code,
  steps: [...steps, { step, verdict: "refuse", reason }],
});

/**
 * Decides about one call: parsed, known and pinned, within a capability, its labels, the policies, a person where one is
 * needed. Deny by default; each step says why. The same function decides when a call comes and again when it starts.
 */
export function judgeCall(facts: CallFacts): Judgement {
  const { tool, read } = facts;
  if (!read.ok) return refused([], { step: "parse", code: "tool.arguments-unreadable", reason: read.problem });
  if (tool === undefined) return refused([], { step: "tool", code: "tool.unknown", reason: "There is no tool of this name." });
  const odd = misfit(read.arguments, tool.parameters);
  if (odd !== null) return refused([], { step: "parse", code: "tool.arguments-unfit", reason: `By the tool's declaration, ${odd}` });
  const steps = [pass("parse", "The arguments are read one way and fit the declaration.")];
  const standing = toolProblem(facts, tool);
  if (standing !== null) return refused(steps, { step: "tool", ...standing });
  steps.push(pass("tool", "Known, and its definition is the one agreed to."));
  if (facts.halt !== undefined)
    return refused(steps, { step: "halt", code: "halt.in-force", reason: `Halted: ${haltedWhat(facts.halt)}. ${facts.halt.reason}` });
  return judgeStanding(facts, { tool, given: read.arguments, steps });
}

interface Parsed {
  readonly tool: ToolDeclaration;
  readonly given: JsonObject;
  readonly steps: readonly GateStep[];
}

function toolProblem(
  { pin, definitionSha256 }: CallFacts,
  tool: ToolDeclaration,
): { readonly code: string; readonly reason: string } | null {
  if (pin?.mode === "suspended") return { code: "tool.suspended", reason: "A person has suspended this tool." };
  return isPinned(pin, tool, definitionSha256)
    ? null
    : { code: "tool.not-agreed", reason: "Its definition is new or has changed; a person has to agree to it first." };
}

const isPinned = (pin: CallFacts["pin"], tool: ToolDeclaration, definitionSha256: string): boolean =>
  tool.origin === "built-in" ? true : pin !== undefined && pin.definitionSha256 === definitionSha256;

function judgeStanding(facts: CallFacts, { tool, given, steps }: Parsed): Judgement {
  const beyond = limitProblem(
    { key: facts.persona, limits: facts.limits },
    { tool: tool.name, effectKind: tool.effectKind, arguments: given },
  );
  if (beyond !== null) return refused(steps, { step: "capability", code: "tool.beyond-limits", reason: beyond });
  const chain = capabilityFor(facts.capabilities, { ...facts, tool: tool.name, arguments: given }, facts.nowMs);
  if (chain === null) {
    const reason = `${facts.persona} has no capability for this call of ${tool.name} in this task.`;
    return refused(steps, { step: "capability", code: "tool.no-capability", reason });
  }
  return judgeLabelled(facts, { tool, given, steps: [...steps, pass("capability", `Within capability ${chain[0]?.id ?? ""}.`)] }, chain);
}

function judgeLabelled(facts: CallFacts, { tool, given, steps }: Parsed, chain: readonly Capability[]): Judgement {
  const labels = argumentLabels(facts, tool, given);
  const grant = grantFor(facts.grants, { ...facts, tool, arguments: given, contentLabel: labels.content }, facts.nowMs);
  const known = policyFacts(facts, { tool, labels, granted: grant !== undefined });
  const needed = asksWhy(tool, known);
  const sofar: readonly GateStep[] = [
    ...steps,
    { step: "labels", verdict: needed === null ? "pass" : "ask", reason: needed ?? labels.reason },
  ];
  // Where a person would be asked, the policies are asked what their yes could do: nobody is asked in vain.
  const request = policyRequest(facts, tool, needed === null ? known : { ...known, approved: true });
  const verdict = facts.policies(request);
  const question = { request, ...verdict };
  const denied = policyProblem(verdict);
  if (denied !== null) return { ...refused(sofar, { step: "policy", code: "tool.forbidden", reason: denied }), question };
  const judged = [...sofar, pass("policy", `By ${verdict.policies.join(", ")}.`)];
  if (needed !== null) return { kind: "ask", steps: [...judged, { step: "approval", verdict: "ask", reason: needed }], chain, question };
  return {
    kind: "allowed",
    steps: [...judged, pass("approval", approvalReason(known))],
    chain,
    grant: facts.approved ? undefined : grant,
    question,
  };
}

const policyFacts = (
  facts: CallFacts,
  { tool, labels, granted }: { readonly tool: ToolDeclaration; readonly labels: ArgumentLabels; readonly granted: boolean },
): ToolPolicyFacts => ({
  capable: true,
  pinned: isPinned(facts.pin, tool, facts.definitionSha256),
  halted: facts.halt !== undefined,
  provisional: facts.provisional,
  targetHuman: labels.targetHuman,
  contentHuman: labels.contentHuman,
  readersCover: labels.readersCover,
  approved: facts.approved,
  granted,
  tightened: facts.pin?.mode === "tightened",
});

function approvalReason({ approved, granted }: ToolPolicyFacts): string {
  if (approved) return "A person said yes to exactly this.";
  return granted ? "A standing grant of a person covers it." : "Nobody has to be asked.";
}

const policyRequest = (facts: CallFacts, tool: ToolDeclaration, context: ToolPolicyFacts): ToolPolicyRequest => ({
  persona: facts.persona,
  action: tool.effectKind,
  tool: { name: tool.name, origin: tool.origin, delivery: tool.deliveryClass, group: treatmentOf(tool.effectKind) },
  context,
});

function policyProblem({ allowed, policies, errors }: PolicyVerdict): string | null {
  if (errors.length > 0) return `A policy could not be evaluated, so nothing runs: ${errors.join("; ")}.`;
  if (allowed) return null;
  return policies.length > 0 ? `Forbidden by ${policies.join(", ")}.` : "No policy permits it.";
}

/** What the labels of the arguments come to. */
interface ArgumentLabels {
  readonly content: Label;
  readonly targetHuman: boolean;
  readonly contentHuman: boolean;
  readonly readersCover: boolean;
  readonly reason: string;
}

/**
 * An argument is a person's word only where a person put this very value into this very argument; compared whole. All others carry
 * the label of the context. No declared target: every argument is judged as target and as content.
 */
function argumentLabels({ label, named }: CallFacts, tool: ToolDeclaration, given: JsonObject): ArgumentLabels {
  const own = namedArguments({ named, tool, given });
  const isNamed = (argument: string): boolean => own.includes(argument);
  const human = (argument: string): boolean => isNamed(argument) || distance(label.integrity) === 0;
  const names = Object.keys(given);
  const targets = tool.targets.length === 0 ? names : tool.targets;
  const contents = names.filter((name) => tool.targets.length === 0 || !tool.targets.includes(name));
  const said = names.filter((name) => !isNamed(name));
  const targetHuman = targets.length > 0 && targets.every((name) => Object.hasOwn(given, name) && human(name));
  const contentHuman = targetHuman && contents.every(human);
  return {
    content: contents.every(human) ? { ...label, integrity: "human" } : label,
    targetHuman,
    contentHuman,
    readersCover: said.length === 0 || mayRead(label, "everyone"),
    reason: contentHuman ? "Target and content are a person's own." : `The content is ${label.integrity}.`,
  };
}

/** The arguments whose very value a person put into this argument of this tool. */
export const namedArguments = ({
  named,
  tool,
  given,
}: Pick<CallFacts, "named"> & { readonly tool: ToolDeclaration; readonly given: JsonObject }): readonly string[] =>
  Object.keys(given).filter((argument) =>
    named.some((one) => one.tool === tool.name && one.argument === argument && one.value === given[argument]),
  );

/** Why a person has to be asked first; null: nobody has to. */
function asksWhy(tool: ToolDeclaration, known: ToolPolicyFacts): string | null {
  if (known.approved) return null;
  if (known.tightened) return "A person asked that this tool always asks.";
  return known.granted ? null : asksBy[treatmentOf(tool.effectKind)](tool, known);
}

const unnamed = "No person named whom or what it reaches.";

const asksBy: { readonly [treatment in Treatment]: (tool: ToolDeclaration, known: ToolPolicyFacts) => string | null } = {
  read: () => null,
  // What lies elsewhere cannot be taken back from here, so a draft there is no private one.
  "write-private": ({ origin }) => (origin === "built-in" ? null : "It writes in a place that is not ours."),
  fetch: (_tool, { targetHuman, readersCover, contentHuman }) =>
    targetHuman && (readersCover || contentHuman)
      ? null
      : "The address and what is asked there leave this place, and no person named the address.",
  consequential: (_tool, { targetHuman, contentHuman }) =>
    targetHuman ? (contentHuman ? null : "A person named the target, but not all of the content.") : unnamed,
};
