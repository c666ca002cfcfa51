import { type Policy, policyKind, policyLimits, policyName } from "../../core/oversight/policy.ts";
import type { PolicyBasis, PolicyRequest, PolicyVerdict } from "../../core/oversight/policy-request.ts";
import { organizationKindOf } from "../../core/oversight/person.ts";
import { canonicalJson, type Json } from "../../core/shared/json.ts";
import type { Authorizer } from "../ports/authorizer.ts";
import type { Digest } from "../ports/content.ts";
import type { Reader, Transaction } from "../ports/store.ts";

/** Asks one set of policies. Synchronous, so a decision and its commit see the same set. */
export interface Judge {
  readonly setSha256: string;
  /** What of a request no policy of the set looks at: requests that differ in nothing else get equal answers. */
  readonly ignores: { readonly ids: boolean; readonly amounts: boolean };
  judge(request: PolicyRequest): PolicyBasis;
}

/** The policies in force, read once per version of the organization's row, with which every change of them is written. */
export interface PolicyShelf {
  /** The set as this snapshot has it. */
  read(reader: Reader, organizationId: string): Promise<Judge>;
  /** The set, kept as it is until this transaction commits. */
  hold(transaction: Transaction, organizationId: string): Promise<Judge>;
  /** A set that is not in force, to see what it would change. */
  imagine(policies: readonly NamedPolicy[]): Judge;
}

/** What of a policy counts when it is asked. */
export type NamedPolicy = Pick<Policy, "key" | "policyVersion" | "text" | "statement">;

/** Organizations remembered at once; the oldest goes first. */
const maxOrganizations = 1_000;
/** Answers remembered per set; a new request beyond it begins again with none. */
const maxAnswers = 2_000;

export function policyShelf(authorizer: Authorizer, digest: Digest): PolicyShelf {
  const shelves = new Map<string, { readonly version: number; readonly judge: Judge }>();
  const known = async (reader: Reader, organizationId: string, version: number): Promise<Judge> => {
    const shelf = shelves.get(organizationId);
    if (shelf?.version === version) return shelf.judge;
    const judge = judgeOf(authorizer, digest, await policiesInForce(reader));
    // A look into the past takes nobody's place: most readers ask about now.
    if (reader.atMs !== null) return judge;
    shelves.delete(organizationId);
    shelves.set(organizationId, { version, judge });
    const oldest = shelves.size > maxOrganizations ? shelves.keys().next().value : undefined;
    if (oldest !== undefined) shelves.delete(oldest);
    return judge;
  };
  return {
    read: async (reader, organizationId) =>
      known(reader, organizationId, (await reader.get(organizationKindOf, organizationId))?.version ?? 0),
    async hold(transaction, organizationId) {
      const [organization] = await transaction.share(organizationKindOf, [organizationId]);
      return known(transaction, organizationId, organization?.version ?? 0);
    },
    imagine: (policies) => judgeOf(authorizer, digest, policies),
  };
}

export const policiesInForce = (reader: Reader): Promise<readonly Policy[]> =>
  reader.find(policyKind, { where: { state: "in-force" }, limit: policyLimits.inForce });

function judgeOf(authorizer: Authorizer, digest: Digest, policies: readonly NamedPolicy[]): Judge {
  const texts = Object.fromEntries(policies.map((policy) => [policyName(policy), policy.text]));
  const statements = new Map(policies.map((policy) => [policyName(policy), policy.statement]));
  const prepared = authorizer.prepare(texts);
  const setSha256 = digest(canonicalJson(texts));
  const answers = new Map<string, PolicyVerdict>();
  // A name can also be written with escapes, and a field be reached by its name in brackets.
  const ignores = {
    ids: !policies.some(({ text }) => /\b(?:Person|Subject)\b|\\/u.test(text)),
    amounts: !policies.some(({ text }) => /amountMicro|resource\s*\[|\\/u.test(text)),
  };
  return {
    setSha256,
    ignores,
    judge(request) {
      const key = keyOf(request, ignores);
      const verdict = answers.get(key) ?? prepared.decide(request);
      if (answers.size >= maxAnswers) answers.clear();
      answers.set(key, verdict);
      return { request, verdict, setSha256, statements: verdict.policies.map((name) => statements.get(name) ?? "") };
    },
  };
}

/** Equal requests get equal answers. Ids and amounts count only where a policy looks at them; an amount out of range is always denied. */
function keyOf({ principal, action, resource, context }: PolicyRequest, ignores: Judge["ignores"]): string {
  const who = ignores.ids ? { roles: principal.roles } : principal;
  const { id, amountMicro, ...about } = resource;
  const amount = ignores.amounts && Number.isSafeInteger(amountMicro) ? 0 : amountMicro;
  return canonicalJson({ who, action, about: { ...about, amount, id: ignores.ids ? "" : id }, context } as unknown as Json); // plain JSON by their types
}
