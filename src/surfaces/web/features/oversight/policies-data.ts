/** What the policy pages read and send. */
import { queryOptions } from "@tanstack/react-query";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type {
  PoliciesDocument,
  PolicyBody,
  PolicyCheck,
  PolicyDetail,
  PolicyDiffDocument,
  PolicyDocument,
} from "../../../../contract/policy-contract.ts";
import { call } from "../../api.ts";

export const policiesQuery = (all: boolean) =>
  queryOptions({ queryKey: ["policies", all], queryFn: () => call<PoliciesDocument>("GET", `/api/policies${all ? "?all=true" : ""}`) });

export const policyQuery = (key: string) =>
  queryOptions({ queryKey: ["policies", "one", key], queryFn: () => call<PolicyDetail>("GET", `/api/policies/${key}`) });

/** Computed on demand: it replays up to 5,000 decisions. */
export const policyDiffQuery = (policyId: string) =>
  queryOptions({
    queryKey: ["policies", "diff", policyId],
    queryFn: () => call<PolicyDiffDocument>("GET", `/api/policies/${policyId}/diff`),
    staleTime: 30_000,
  });

export const checkPolicy = (text: string) => call<PolicyCheck>("POST", "/api/policy-check", { text });
export const tryPolicy = (key: string, text: string) => call<PolicyDiffDocument>("POST", "/api/policy-change-check", { key, text });
export const proposePolicy = (body: PolicyBody) => call<CommandAnswer>("POST", "/api/policies", body);

export type PolicyAct = "agree" | "reject" | "withdraw";
export const actOnPolicy = (id: string, act: PolicyAct, body: object) => call<CommandAnswer>("POST", `/api/policies/${id}/${act}`, body);

const words: { readonly [state in PolicyDocument["state"]]: string } = {
  proposed: "proposed",
  "in-force": "in force",
  rejected: "rejected",
  superseded: "replaced",
  withdrawn: "withdrawn",
};

/** Where a policy stands, in words. */
export const policyState = (policy: PolicyDocument): string =>
  policy.state === "in-force" && policy.withdrawal !== null ? "in force, withdrawal wished" : words[policy.state];

export const waitsForAgreement = (policy: PolicyDocument): boolean => policy.state === "proposed" || policy.withdrawal !== null;

/** Proposes a shipped policy that the organization never had; agreeing is for a second person, as with every policy. */
export const proposeShipped = ({ key, statement, text }: PoliciesDocument["missing"][number]) =>
  proposePolicy({ key, statement, text, reason: "It ships with the product and this organization was founded before it." });
