import type { AuthorizationAnswer, CheckParseAnswer } from "@cedar-policy/cedar-wasm/nodejs";
import type { PolicyRequest, PolicyVerdict } from "../../core/oversight/policy-request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Authorizer, PreparedPolicies } from "../../engine/ports/authorizer.ts";
import { cedar } from "./cedar-library.ts";
import { problemsOf, unreadable } from "./check-policy.ts";
import { policySchema } from "./policy-schema.ts";
import { prepareToolPolicies } from "./tool-judge.ts";

const schemaName = "xvc";
/** Sets kept read at once in this process; a set that lost its place is read again. */
const maxSets = 64;
/** Errors told of one question. */
const maxErrors = 5;

/** The library keeps sets by name for the whole process: whose set lies in which place. */
const places: (symbol | undefined)[] = [];
let nextPlace = 0;
let schemaIsRead = false;

/** Asks Cedar, in this process and synchronously. */
export const cedarAuthorizer = (): Authorizer => ({ problemsOf, prepare, prepareTools: prepareToolPolicies });

function prepare(policies: { readonly [id: string]: string }): PreparedPolicies {
  // Texts were checked strictly when they were proposed; here only what could hurt the parser is looked for.
  const broken = Object.entries(policies).flatMap(([id, text]) => {
    const problem = unreadable(text);
    return problem === null ? [] : [`${id}: ${problem.message}`];
  });
  const owner = Symbol("policy set");
  let place = -1;
  return {
    decide(request) {
      if (broken.length > 0) return denied(broken);
      if (!Number.isSafeInteger(request.resource.amountMicro)) return denied(["The amount is no whole number in range."]);
      try {
        if (place < 0 || places[place] !== owner) place = readSet(owner, policies);
        return verdictOf(ask(request, placeName(place)));
      } catch (error) {
        return denied([error instanceof Error ? error.message : "The policies could not be asked."]);
      }
    },
  };
}

const placeName = (place: number): string => `set-${place}`;

/** Reads a set into the next place. @throws {Failure} `policy.unreadable` when the library cannot read it, which the checks before should exclude */
function readSet(owner: symbol, policies: { readonly [id: string]: string }): number {
  if (!schemaIsRead) settled(cedar().preparseSchema(schemaName, policySchema));
  schemaIsRead = true;
  const place = nextPlace;
  nextPlace = (nextPlace + 1) % maxSets;
  places[place] = undefined;
  settled(cedar().preparsePolicySet(placeName(place), { staticPolicies: { ...policies } }));
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

function ask(request: PolicyRequest, preparsedPolicySetId: string): AuthorizationAnswer {
  const { id: principalId, ...principal } = request.principal;
  const { id: resourceId, ...resource } = request.resource;
  const person = { type: "Person", id: principalId };
  const subject = { type: "Subject", id: resourceId };
  const { roles } = principal;
  return cedar().statefulIsAuthorized({
    principal: person,
    action: { type: "Action", id: request.action },
    resource: subject,
    context: {
      askedRoles: [...request.context.askedRoles],
      handedOver: request.context.handedOver,
      standsInFor: [...request.context.standsInFor],
    },
    preparsedSchemaName: schemaName,
    validateRequest: true,
    preparsedPolicySetId,
    entities: [
      { uid: person, attrs: { roles: [...roles] }, parents: [] },
      {
        uid: subject,
        attrs: { ...resource, divisions: [...resource.divisions], alwaysReview: [...resource.alwaysReview] },
        parents: [],
      },
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
