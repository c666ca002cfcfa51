import {
  type AgreePolicy,
  decidePolicyAgreement,
  decidePolicyInstallation,
  decidePolicyProposal,
  decidePolicyRejection,
  decidePolicyWithdrawal,
  type ExistingPolicySlice,
  type InstallPolicies,
  type PolicySlice,
  type ProposePolicy,
  type RejectPolicy,
  type WithdrawPolicy,
} from "../../core/oversight/decide-policy.ts";
import { organizationKindOf, personKind } from "../../core/oversight/person.ts";
import { policyKind, policyLimits } from "../../core/oversight/policy.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";

/** Most members asked whether they could agree; most versions of one policy. */
const maxRows = 1_000;

async function loadStewards(transaction: Transaction, context: LoadContext): Promise<PolicySlice> {
  return {
    organization: await lockOne(transaction, organizationKindOf, context.caller.organizationId),
    person: await loadPerson(transaction, context),
    members: await transaction.find(personKind, { where: { state: "active" }, limit: maxRows }),
  };
}

export const proposePolicyHandler = handler({
  async load(transaction, command: ProposePolicy, context) {
    return {
      ...(await loadStewards(transaction, context)),
      versions: await transaction.find(policyKind, { where: { key: command.key.slice(0, 100) }, limit: maxRows }),
      openCount: await transaction.count(policyKind, { where: { state: "proposed" } }),
      problems: context.authorizer.problemsOf(command.text),
    };
  },
  decide: decidePolicyProposal,
});

async function loadExisting(
  transaction: Transaction,
  command: { readonly policyId: string },
  context: LoadContext,
): Promise<ExistingPolicySlice> {
  const stewards = await loadStewards(transaction, context);
  const policy = await lockOne(transaction, policyKind, command.policyId);
  const [inForce] = await transaction.find(policyKind, { where: { key: policy.key, state: "in-force" }, limit: 1 });
  const [predecessor] = inForce === undefined || inForce.id === policy.id ? [] : await transaction.lock(policyKind, [inForce.id]);
  return {
    ...stewards,
    policy,
    predecessor,
    inForceCount: await transaction.count(policyKind, { where: { state: "in-force" } }),
    problems: context.authorizer.problemsOf(policy.text),
  };
}

export const agreePolicyHandler = handler<AgreePolicy, ExistingPolicySlice>({ load: loadExisting, decide: decidePolicyAgreement });
export const rejectPolicyHandler = handler<RejectPolicy, ExistingPolicySlice>({ load: loadExisting, decide: decidePolicyRejection });
export const withdrawPolicyHandler = handler<WithdrawPolicy, ExistingPolicySlice>({ load: loadExisting, decide: decidePolicyWithdrawal });

export const installPoliciesHandler = handler({
  load: async (transaction, _command: InstallPolicies, context) => ({
    organization: await lockOne(transaction, organizationKindOf, context.caller.organizationId),
    bySystem: context.caller.actor.kind === "system",
    known: new Set((await transaction.find(policyKind, { limit: policyLimits.inForce * 100 })).map((policy) => policy.key)),
  }),
  decide: decidePolicyInstallation,
});
