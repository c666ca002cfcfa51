import type { DecideContext } from "../shared/decide-context.ts";
import { invariant } from "../shared/failure.ts";
import { mayMove } from "../shared/moves.ts";
import { type Decided, type Refusal, type TransitionDraft, beginTransition, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import { defaultPolicies } from "./default-policies.ts";
import { type Organization, type Person, organizationKindOf } from "./person.ts";
import { type Policy, type PolicyProblem, type PolicyState, policyKind, policyLimits, policyMoves, policyName } from "./policy.ts";

/** Writes down a new policy, or the next version of one, for a second person to agree to. */
export interface ProposePolicy {
  readonly kind: "propose-policy";
  readonly key: string;
  readonly statement: string;
  readonly text: string;
  readonly reason: string;
}

/** Agrees to a proposed policy, or to a wished withdrawal. */
export interface AgreePolicy {
  readonly kind: "agree-policy";
  readonly policyId: string;
  /** The policy's name, typed by somebody who decides alone. */
  readonly confirmation: string | null;
}

/** Turns down a proposed policy, or a wished withdrawal. */
export interface RejectPolicy {
  readonly kind: "reject-policy";
  readonly policyId: string;
  readonly reason: string;
}

/** Wishes a policy out of force; a second person agrees. */
export interface WithdrawPolicy {
  readonly kind: "withdraw-policy";
  readonly policyId: string;
  readonly reason: string;
}

/** Gives an organization the shipped policies that it never had. */
export interface InstallPolicies {
  readonly kind: "install-policies";
}

/** Those who may be asked about policies: the acting person, and all active members. */
export interface PolicySlice {
  /** Locked: whatever changes the set in force changes this row as well. */
  readonly organization: Organization;
  readonly person: Person | undefined;
  readonly members: readonly Person[];
}

const isSteward = (person: Person | undefined): person is Person =>
  isActive(person) && person.roles.some((role) => role === "administrator" || role === "director") && !person.roles.includes("agent");

/** Outside the policies themselves, so that no policy can lock everybody out of changing it, or let somebody in. */
const notSteward = (): Refusal =>
  refuse("forbidden", "policy.wrong-role", "Only an administrator or director, a person and no program's account, changes policies.");

/** Proposes a policy. Its text was read strictly before; every problem is told with its line. */
export function decidePolicyProposal(
  slice: PolicySlice & { readonly versions: readonly Policy[]; readonly problems: readonly PolicyProblem[]; readonly openCount: number },
  command: ProposePolicy,
  context: DecideContext,
): Decided {
  const { person, versions } = slice;
  if (!isSteward(person)) return notSteward();
  const refused = proposalProblem(slice, command);
  if (refused !== null) return refused;
  const draft = beginTransition();
  const policy = draft.create(policyKind, {
    ...newPolicy(command, context),
    policyVersion: Math.max(0, ...versions.map((version) => version.policyVersion)) + 1,
    state: "proposed",
    reason: command.reason,
    proposedBy: person.id,
    approvedBy: [person.id],
    decidedAtMs: null,
  });
  draft.record(policyKind, policy, "policy.proposed", { name: policyName(policy), statement: policy.statement, reason: policy.reason });
  return draft.accept({ id: policy.id, state: policy.state, name: policyName(policy) });
}

const newPolicy = ({ key, statement, text }: Pick<Policy, "key" | "statement" | "text">, context: DecideContext) => ({
  id: context.newId(),
  key,
  statement,
  text,
  proposedAtMs: context.nowMs,
  soloWaiver: false,
  withdrawal: null,
});

function proposalProblem(
  slice: { readonly problems: readonly PolicyProblem[]; readonly openCount: number },
  command: ProposePolicy,
): Refusal | null {
  if (!/^[a-z][a-z0-9-]{0,63}$/u.test(command.key))
    return refuse(
      "invalid",
      "policy.bad-key",
      "A policy's key has lower-case letters, digits and -, at most 64, and starts with a letter.",
    );
  const { statement, reason } = command;
  if (statement.trim() === "" || statement.length > policyLimits.statementChars)
    return refuse(
      "invalid",
      "policy.bad-statement",
      `Say in one sentence, at most ${policyLimits.statementChars} characters, what the policy does.`,
    );
  if (reason.trim() === "" || reason.length > policyLimits.reasonChars)
    return refuse("invalid", "policy.reason-missing", "Say why; whoever agrees reads it, and it is recorded.");
  if (slice.openCount >= policyLimits.proposed)
    return refuse("exhausted", "policy.too-many", `${policyLimits.proposed} proposals wait already; agree to or reject one first.`);
  return unreadable(slice.problems);
}

function unreadable(problems: readonly PolicyProblem[]): Refusal | null {
  if (problems.length === 0) return null;
  const [first] = problems;
  const place = first === undefined || first.line === 0 ? "" : `line ${first.line}, column ${first.column}: `;
  return refuse("invalid", "policy.invalid", `The policy is not valid: ${place}${first?.message ?? ""}`, {
    problems: problems.map((problem) => ({ ...problem })),
  });
}

export interface ExistingPolicySlice extends PolicySlice {
  readonly policy: Policy;
  /** The version of the same key that is in force now. */
  readonly predecessor: Policy | undefined;
  readonly inForceCount: number;
  readonly problems: readonly PolicyProblem[];
}

/**
 * Lets a proposal come into force, or a policy out of it, once two people are for it. Whoever is alone in being able
 * to agree types the policy's name instead of the second person; that is on record.
 */
export function decidePolicyAgreement(slice: ExistingPolicySlice, command: AgreePolicy, context: DecideContext): Decided {
  const { policy, person } = slice;
  if (!isSteward(person)) return notSteward();
  const first = policy.state === "proposed" ? policy.proposedBy : policy.state === "in-force" ? policy.withdrawal?.by : undefined;
  if (first === undefined) return notOpen(policy);
  const soloWaiver = first === person.id;
  if (soloWaiver) {
    const refused = aloneProblem(slice, command, person);
    if (refused !== null) return refused;
  }
  return policy.state === "proposed"
    ? putInForce(slice, { person, soloWaiver }, context)
    : takeOutOfForce(slice, { person, soloWaiver }, context);
}

const notOpen = (policy: Policy): Refusal =>
  refuse("conflict", "policy.not-open", `${policyName(policy)} is ${policy.state} and nothing about it waits for agreement.`);

function aloneProblem({ members, policy }: ExistingPolicySlice, { confirmation }: AgreePolicy, person: Person): Refusal | null {
  if (members.some((member) => member.id !== person.id && isSteward(member)))
    return refuse("forbidden", "policy.second-person", "You proposed this; another administrator or director has to agree.");
  if (confirmation === policyName(policy)) return null;
  return refuse(
    "forbidden",
    "policy.solo-confirmation-missing",
    `Nobody else here can agree. To decide alone, confirm by typing ${policyName(policy)}; the waiver is recorded.`,
  );
}

interface Agreed {
  readonly person: Person;
  readonly soloWaiver: boolean;
}

function putInForce(slice: ExistingPolicySlice, { person, soloWaiver }: Agreed, context: DecideContext): Decided {
  const { policy, predecessor } = slice;
  const refused = unreadable(slice.problems);
  if (refused !== null) return refused;
  if (predecessor !== undefined && predecessor.policyVersion > policy.policyVersion)
    return refuse(
      "conflict",
      "policy.old-version",
      `${policyName(predecessor)} is in force and newer; propose ${policyName(policy)} again if it is still wanted.`,
    );
  if (predecessor === undefined && slice.inForceCount >= policyLimits.inForce)
    return refuse("exhausted", "policy.too-many", `${policyLimits.inForce} policies are in force; withdraw one first.`);
  const draft = beginTransition();
  if (predecessor !== undefined) {
    draft.change(policyKind, predecessor, settled(predecessor, "superseded", context));
    draft.record(policyKind, predecessor, "policy.superseded", { name: policyName(predecessor), by: policyName(policy) });
  }
  const approvedBy = soloWaiver ? policy.approvedBy : [...policy.approvedBy, person.id];
  draft.change(policyKind, policy, { ...settled(policy, "in-force", context), approvedBy, soloWaiver });
  draft.record(policyKind, policy, "policy.in-force", { name: policyName(policy), approvedBy: [...approvedBy], soloWaiver });
  return changedSet(draft, slice, policy);
}

function takeOutOfForce(slice: ExistingPolicySlice, { person, soloWaiver }: Agreed, context: DecideContext): Decided {
  const { policy } = slice;
  const draft = beginTransition();
  draft.change(policyKind, policy, settled(policy, "withdrawn", context));
  draft.record(policyKind, policy, "policy.withdrawn", {
    name: policyName(policy),
    approvedBy: soloWaiver ? [person.id] : [policy.withdrawal?.by ?? "", person.id],
    soloWaiver,
    reason: policy.withdrawal?.reason ?? "",
  });
  return changedSet(draft, slice, policy);
}

/** The fields of a policy that has moved on. */
function settled(policy: Policy, state: PolicyState, context: DecideContext): Pick<Policy, "state" | "decidedAtMs"> {
  invariant(mayMove(policyMoves, policy.state, state), `policy ${policy.state} -> ${state}`);
  return { state, decidedAtMs: context.nowMs };
}

/** Every decision is made under one version of the organization's row; a new one tells all processes to read the policies again. */
function changedSet(draft: TransitionDraft, { organization }: PolicySlice, policy: Policy): Decided {
  draft.change(organizationKindOf, organization, {});
  return draft.accept({ id: policy.id, state: draft.current(policyKind, policy).state, name: policyName(policy) });
}

/** Turns down what waits for agreement; the policies in force stay as they are. Its own proposer may, too. */
export function decidePolicyRejection(slice: ExistingPolicySlice, command: RejectPolicy, context: DecideContext): Decided {
  const { policy, person } = slice;
  if (!isSteward(person)) return notSteward();
  if (command.reason.trim() === "" || command.reason.length > policyLimits.reasonChars)
    return refuse("invalid", "policy.reason-missing", "Say why; the reason is recorded.");
  const draft = beginTransition();
  if (policy.state === "proposed") draft.change(policyKind, policy, settled(policy, "rejected", context));
  else if (policy.state === "in-force" && policy.withdrawal !== null) draft.change(policyKind, policy, { withdrawal: null });
  else return notOpen(policy);
  draft.record(policyKind, policy, "policy.rejected", { name: policyName(policy), by: person.id, reason: command.reason });
  return draft.accept({ id: policy.id, state: draft.current(policyKind, policy).state, name: policyName(policy) });
}

/** Begins the withdrawal of a policy in force, which stays so until a second person agrees. */
export function decidePolicyWithdrawal(slice: ExistingPolicySlice, command: WithdrawPolicy, context: DecideContext): Decided {
  const { policy, person } = slice;
  if (!isSteward(person)) return notSteward();
  if (policy.state !== "in-force" || policy.withdrawal !== null)
    return refuse(
      "conflict",
      "policy.not-open",
      policy.state === "in-force" ? "Its withdrawal waits for agreement already." : `${policyName(policy)} is ${policy.state}.`,
    );
  if (command.reason.trim() === "" || command.reason.length > policyLimits.reasonChars)
    return refuse("invalid", "policy.reason-missing", "Say why; whoever agrees reads it, and it is recorded.");
  const draft = beginTransition();
  draft.change(policyKind, policy, { withdrawal: { by: person.id, reason: command.reason, atMs: context.nowMs } });
  draft.record(policyKind, policy, "policy.withdrawal-proposed", { name: policyName(policy), by: person.id, reason: command.reason });
  return draft.accept({ id: policy.id, state: policy.state, name: policyName(policy) });
}

/** Puts the shipped policies of the missing keys in force; what people withdrew or replaced is not touched. */
export function decidePolicyInstallation(
  slice: { readonly organization: Organization; readonly bySystem: boolean; readonly known: ReadonlySet<string> },
  _command: InstallPolicies,
  context: DecideContext,
): Decided {
  if (!slice.bySystem) return refuse("forbidden", "policy.wrong-role", "Shipped policies are installed by the system.");
  const draft = beginTransition();
  const installed = installPolicies(draft, context, slice.known);
  if (installed > 0) draft.change(organizationKindOf, slice.organization, {});
  return draft.accept({ id: slice.organization.id, installed });
}

/** Creates the shipped policies whose keys are not known, in force from now on. @returns how many */
export function installPolicies(draft: TransitionDraft, context: DecideContext, known: ReadonlySet<string>): number {
  const missing = defaultPolicies.filter((fields) => !known.has(fields.key));
  for (const fields of missing) {
    const policy = draft.create(policyKind, {
      ...newPolicy(fields, context),
      policyVersion: 1,
      state: "in-force",
      reason: "Shipped with the product.",
      proposedBy: "shipped",
      approvedBy: [],
      decidedAtMs: context.nowMs,
    });
    draft.record(policyKind, policy, "policy.in-force", { name: policyName(policy), approvedBy: [], soloWaiver: false });
  }
  return missing.length;
}
