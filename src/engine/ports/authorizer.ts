import type { PolicyProblem } from "../../core/oversight/policy.ts";
import type { ToolPolicyRequest } from "../../core/gate/tool-policy.ts";
import type { PolicyRequest, PolicyVerdict } from "../../core/oversight/policy-request.ts";

/** Policies ready to be asked; asking is synchronous and changes nothing. */
export interface PreparedPolicies {
  /** Denies on any error, and names it. Never throws for what a policy or a request says. */
  decide(request: PolicyRequest): PolicyVerdict;
}

/** Reads and asks policies. Texts are hostile input: reading is bounded, and strict against the schema of requests. */
export interface Authorizer {
  /** Everything wrong with one policy's text; empty when it can be put in force. */
  problemsOf(text: string): readonly PolicyProblem[];
  /** Reads a set once. A set that cannot be read denies everything, with the reason. */
  prepare(policies: { readonly [id: string]: string }): PreparedPolicies;
  /** The same for the policies about tools, which speak of personas and effects. */
  prepareTools(policies: { readonly [id: string]: string }): PreparedToolPolicies;
}

/** Tool policies ready to be asked; asking is synchronous and changes nothing. */
export interface PreparedToolPolicies {
  /** Denies on any error, and names it. Never throws for what a policy or a request says. */
  decide(request: ToolPolicyRequest): PolicyVerdict;
}
