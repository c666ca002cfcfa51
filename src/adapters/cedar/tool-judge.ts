import type { AuthorizationAnswer, CheckParseAnswer } from "@cedar-policy/cedar-wasm/nodejs";
import type { PolicyVerdict } from "../../core/oversight/policy-request.ts";
import type { ToolPolicyRequest } from "../../core/gate/tool-policy.ts";
import { effectKinds } from "../../core/gate/effect-treatment.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { PreparedToolPolicies } from "../../engine/ports/authorizer.ts";
import { cedar } from "./cedar-library.ts";

/** What tool policies may speak of; names are those of `ToolPolicyRequest`. */
const toolSchema = `
entity Persona;
entity Tool { name: String, origin: String, delivery: String, group: String };
action ${effectKinds.map((kind) => JSON.stringify(kind)).join(", ")} appliesTo {
  principal: [Persona],
  resource: [Tool],
  context: {
    capable: Bool, pinned: Bool, halted: Bool, provisional: Bool, targetHuman: Bool, contentHuman: Bool,
    readersCover: Bool, approved: Bool, granted: Bool, tightened: Bool
  }
};
`;

const schemaName = "xvc-tools";
/** Sets kept read at once in this process. */
const maxSets = 16;
const maxErrors = 5;

const places: (symbol | undefined)[] = [];
let nextPlace = 0;
let schemaIsRead = false;

/** Reads tool policies, strictly and once. A set that cannot be read denies everything, with the reason. */
export function prepareToolPolicies(policies: { readonly [id: string]: string }): PreparedToolPolicies {
  const owner = Symbol("tool policies");
  let place = -1;
  let broken: readonly string[] | null = null;
  return {
    decide(request) {
      try {
        broken ??= problemsOf(policies);
        if (broken.length > 0) return denied(broken);
        if (place < 0 || places[place] !== owner) place = readSet(owner, policies);
        return verdictOf(ask(request, `tools-${place}`));
      } catch (error) {
        return denied([error instanceof Error ? error.message : "The policies could not be asked."]);
      }
    },
  };
}

function problemsOf(policies: { readonly [id: string]: string }): readonly string[] {
  const answer = cedar().validate({
    validationSettings: { mode: "strict" },
    schema: toolSchema,
    policies: { staticPolicies: { ...policies } },
  });
  if (answer.type === "failure") return answer.errors.map((error) => error.message);
  return answer.validationErrors.map(({ policyId, error }) => `${policyId}: ${error.message}`);
}

function readSet(owner: symbol, policies: { readonly [id: string]: string }): number {
  if (!schemaIsRead) settled(cedar().preparseSchema(schemaName, toolSchema));
  schemaIsRead = true;
  const place = nextPlace;
  nextPlace = (nextPlace + 1) % maxSets;
  places[place] = undefined;
  settled(cedar().preparsePolicySet(`tools-${place}`, { staticPolicies: { ...policies } }));
  places[place] = owner;
  return place;
}

function settled(answer: CheckParseAnswer): void {
  if (answer.type === "failure")
    throw new Failure("bug", "policy.unreadable", { message: answer.errors.map((one) => one.message).join("; ") });
}

const denied = (errors: readonly string[]): PolicyVerdict => ({
  allowed: false,
  policies: [],
  errors: errors.slice(0, maxErrors).map((error) => error.slice(0, 300)),
});

function ask({ persona, action, tool, context }: ToolPolicyRequest, preparsedPolicySetId: string): AuthorizationAnswer {
  const principal = { type: "Persona", id: persona };
  const resource = { type: "Tool", id: tool.name };
  return cedar().statefulIsAuthorized({
    principal,
    action: { type: "Action", id: action },
    resource,
    context: { ...context },
    preparsedSchemaName: schemaName,
    validateRequest: true,
    preparsedPolicySetId,
    entities: [
      { uid: principal, attrs: {}, parents: [] },
      { uid: resource, attrs: { ...tool }, parents: [] },
    ],
  });
}

/** Cedar skips a policy that fails to evaluate, so a broken forbid would vanish: any error is a deny. */
function verdictOf(answer: AuthorizationAnswer): PolicyVerdict {
  if (answer.type === "failure") return denied(answer.errors.map((error) => error.message));
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0) return denied(diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`));
  return { allowed: decision === "allow", policies: [...diagnostics.reason].sort(), errors: [] };
}
