import type { PolicyVerdict } from "../../core/oversight/policy-request.ts";
import { type ToolPolicyRequest, toolPolicies } from "../../core/gate/tool-policy.ts";
import { type Json, canonicalJson } from "../../core/shared/json.ts";
import type { Authorizer } from "../ports/authorizer.ts";

/** Asks the tool policies. Synchronous, so a decision and its commit see the same answer. */
export type ToolJudge = (request: ToolPolicyRequest) => PolicyVerdict;

/** Answers remembered; a new question beyond it begins again with none. */
const maxAnswers = 5_000;

/** The shipped tool policies, or others to see what they would change. Equal questions get equal answers without asking twice. */
export function toolJudge(
  authorizer: Pick<Authorizer, "prepareTools">,
  policies: { readonly [id: string]: string } = toolPolicies,
): ToolJudge {
  const prepared = authorizer.prepareTools(policies);
  // Names count only where a policy speaks of them.
  const readsNames = Object.values(policies).some((text) => /\b(?:Persona|Tool)\b|resource\.name|resource\s*\[|\\/u.test(text));
  const answers = new Map<string, PolicyVerdict>();
  return (request) => {
    const nameless = { ...request, persona: "", tool: { ...request.tool, name: "" } };
    const key = canonicalJson((readsNames ? request : nameless) as unknown as Json); // plain JSON by its type
    const known = answers.get(key);
    if (known !== undefined) return known;
    const verdict = prepared.decide(request);
    if (answers.size >= maxAnswers) answers.clear();
    answers.set(key, verdict);
    return verdict;
  };
}
