import { type PolicyFields, defaultPolicies } from "../../core/oversight/default-policies.ts";
import { type Policy, policyKind, policyName } from "../../core/oversight/policy.ts";
import type { Person } from "../../core/oversight/person.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Clock } from "../ports/clock.ts";
import type { Reader } from "../ports/store.ts";
import { type NamedPerformer, type People, namedPerson, readPeople } from "./people-view.ts";
import { type PolicyDiff, policyDiff } from "./policy-diff.ts";
import { type PolicyShelf, policiesInForce } from "./policy-shelf.ts";

export interface PolicyView {
  readonly id: string;
  /** `key@version`, as decisions name it. */
  readonly name: string;
  readonly key: string;
  readonly policyVersion: number;
  readonly state: Policy["state"];
  readonly statement: string;
  readonly text: string;
  readonly reason: string;
  /** Null: shipped with the product. */
  readonly proposedBy: NamedPerformer | null;
  readonly proposedAtMs: number;
  readonly approvedBy: readonly NamedPerformer[];
  readonly soloWaiver: boolean;
  readonly decidedAtMs: number | null;
  readonly withdrawal: { readonly by: NamedPerformer; readonly reason: string; readonly atMs: number } | null;
  readonly may: {
    readonly agree: boolean;
    readonly reject: boolean;
    readonly withdraw: boolean;
    /** What somebody who is alone types to agree; null: nothing. */
    readonly confirm: string | null;
    readonly whyNot: string | null;
  };
}

export interface PolicyListView {
  readonly schema: "xvc.policies/1";
  readonly setSha256: string;
  readonly mayPropose: boolean;
  readonly items: readonly PolicyView[];
  /** Shipped policies that were never here in any state: the organization is older than they are. */
  readonly missing: readonly PolicyFields[];
}

export interface PolicyDetailView {
  readonly schema: "xvc.policy/1";
  readonly policy: PolicyView;
  /** Every version of the key, the newest first. */
  readonly versions: readonly PolicyView[];
}

/** Policies listed at once; more than can be in force and proposed together. */
const maxListed = 200;

const isSteward = (person: Person | undefined): boolean =>
  person?.state === "active" &&
  person.roles.some((role) => role === "administrator" || role === "director") &&
  !person.roles.includes("agent");

function policyView(policy: Policy, people: People, viewerId: string): PolicyView {
  const { withdrawal, proposedBy, approvedBy, ...rest } = policy;
  return {
    id: rest.id,
    name: policyName(policy),
    key: rest.key,
    policyVersion: rest.policyVersion,
    state: rest.state,
    statement: rest.statement,
    text: rest.text,
    reason: rest.reason,
    proposedBy: proposedBy === "shipped" ? null : namedPerson(people, proposedBy),
    proposedAtMs: rest.proposedAtMs,
    approvedBy: approvedBy.map((id) => namedPerson(people, id)),
    soloWaiver: rest.soloWaiver,
    decidedAtMs: rest.decidedAtMs,
    withdrawal: withdrawal === null ? null : { by: namedPerson(people, withdrawal.by), reason: withdrawal.reason, atMs: withdrawal.atMs },
    may: mayOf(policy, people, viewerId),
  };
}

/** What the viewer may do about a policy, by the rules that the commands will apply. */
function mayOf(policy: Policy, people: People, viewerId: string): PolicyView["may"] {
  const steward = isSteward(people.get(viewerId));
  const first = firstOf(policy);
  const isOpen = first !== undefined;
  if (!steward) return { ...nothing, whyNot: isOpen ? "An administrator or director agrees to policies." : null };
  const withdraw = policy.state === "in-force" && policy.withdrawal === null;
  if (first !== viewerId) return { ...nothing, agree: isOpen, reject: isOpen, withdraw };
  const others = [...people.values()].some((person) => person.id !== viewerId && isSteward(person));
  return others
    ? { ...nothing, reject: true, whyNot: "You proposed this; another administrator or director has to agree." }
    : { ...nothing, agree: true, reject: true, confirm: policyName(policy) };
}

const nothing: PolicyView["may"] = { agree: false, reject: false, withdraw: false, confirm: null, whyNot: null };

/** Who was the first of two to want what waits; undefined: nothing waits. */
const firstOf = (policy: Policy): string | undefined =>
  policy.state === "proposed" ? policy.proposedBy : policy.state === "in-force" ? policy.withdrawal?.by : undefined;

/** What is in force and what waits for agreement, by key; with `all`, also what was. */
export async function policyListView(
  reader: Reader,
  {
    policies,
    organizationId,
    viewerId,
    all,
  }: { readonly policies: PolicyShelf; readonly organizationId: string; readonly viewerId: string; readonly all: boolean },
): Promise<PolicyListView> {
  const [rows, people, judge, missing] = await Promise.all([
    reader.find(policyKind, { ...(all ? {} : { where: { state: ["in-force", "proposed"] } }), newestFirst: true, limit: maxListed }),
    readPeople(reader),
    policies.read(reader, organizationId),
    missingPolicies(reader),
  ]);
  const items = rows.map((policy) => policyView(policy, people, viewerId));
  const open = (view: PolicyView): number => (view.may.agree || view.state === "proposed" || view.withdrawal !== null ? 0 : 1);
  items.sort((left, right) => open(left) - open(right) || left.key.localeCompare(right.key) || right.policyVersion - left.policyVersion);
  return { schema: "xvc.policies/1", setSha256: judge.setSha256, mayPropose: isSteward(people.get(viewerId)), items, missing };
}

/** What people withdrew, rejected or replaced is theirs to decide and not missing. */
async function missingPolicies(reader: Reader): Promise<readonly PolicyFields[]> {
  const shipped = defaultPolicies.map(({ key }) => key);
  const known = new Set((await reader.tally(policyKind, ["key"], { where: { key: shipped } })).map(({ values: [key = ""] }) => key));
  return defaultPolicies.filter(({ key }) => !known.has(key));
}

/** A policy by id, by `key@version`, or by key: then what is in force, or else the newest. @throws {Failure} `policy.not-found` */
export async function findPolicy(reader: Reader, reference: string): Promise<Policy> {
  const [, key = "", version] = /^([a-z][a-z0-9-]{0,63})(?:@(\d{1,6}))?$/u.exec(reference) ?? [];
  const isId = /^[0-9a-f-]{36}$/u.test(reference);
  const byId = isId ? await reader.get(policyKind, reference) : undefined;
  const named =
    byId !== undefined || key === "" ? [] : await reader.find(policyKind, { where: { key }, newestFirst: true, limit: maxListed });
  const found =
    byId ??
    (version === undefined
      ? (named.find((policy) => policy.state === "in-force") ?? named[0])
      : named.find((policy) => policy.policyVersion === Number(version)));
  if (found === undefined)
    throw new Failure("not-found", "policy.not-found", {
      message: `There is no policy ${reference.slice(0, 100)}. xvc policy list shows them.`,
    });
  return found;
}

export async function policyDetailView(reader: Reader, reference: string, viewerId: string): Promise<PolicyDetailView> {
  const policy = await findPolicy(reader, reference);
  const [versions, people] = await Promise.all([
    reader.find(policyKind, { where: { key: policy.key }, newestFirst: true, limit: maxListed }),
    readPeople(reader),
  ]);
  return {
    schema: "xvc.policy/1",
    policy: policyView(policy, people, viewerId),
    versions: versions.map((version) => policyView(version, people, viewerId)),
  };
}

export interface PolicyDiffView extends PolicyDiff {
  readonly schema: "xvc.policy-diff/1";
  readonly definition: string;
}

/** A text that takes its key's place, or no text: the key's policy gone. */
export interface ImaginedPolicy {
  readonly key: string;
  readonly text: string | null;
  readonly statement: string;
}

const definition =
  "The newest 5,000 decisions on record in the projects you may enter, asked again with what was stored with them: a flip would have been refused. " +
  "Reach compares, for the questions among them, which of today's members the policies permit; whose own work it is counts after that.";

/** What would change if a policy took its place in the set in force. */
export async function policyDiffView(
  reader: Reader,
  imagined: ImaginedPolicy,
  use: { readonly policies: PolicyShelf; readonly organizationId: string; readonly clock: Pick<Clock, "pause"> },
): Promise<PolicyDiffView> {
  const [inForce, people, current] = await Promise.all([
    policiesInForce(reader),
    readPeople(reader),
    use.policies.read(reader, use.organizationId),
  ]);
  const same = inForce.find((policy) => policy.key === imagined.key);
  const others = inForce.filter((policy) => policy !== same);
  const next = imagined.text === null ? [] : [nextOf(imagined.key, imagined.text, { same, statement: imagined.statement })];
  const proposed = use.policies.imagine([...others, ...next]);
  const diff = await policyDiff(reader, { current, proposed }, { people, clock: use.clock });
  return { schema: "xvc.policy-diff/1", ...diff, definition };
}

const nextOf = (key: string, text: string, about: { readonly same: Policy | undefined; readonly statement: string }) => ({
  key,
  text,
  statement: about.statement,
  policyVersion: (about.same?.policyVersion ?? 0) + 1,
});

/** What a stored proposal, or a wished withdrawal, would put in place of what is in force. */
export const imaginedBy = (policy: Policy): ImaginedPolicy => ({
  key: policy.key,
  text: policy.state === "in-force" ? null : policy.text,
  statement: policy.statement,
});
