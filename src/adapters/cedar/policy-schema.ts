import { policyActions } from "../../core/oversight/policy-request.ts";

/** What policies may speak of; everything else in a text is refused. Names are those of `PolicyRequest`. */
export const policySchema = `
entity Person { roles: Set<String> };
entity Subject {
  kind: String,
  project: String,
  divisions: Set<String>,
  risk: String,
  amountMicro: Long,
  effectKind: String,
  rule: String,
  rehearsal: Bool,
  alwaysReview: Set<String>
};
action ${policyActions.map((action) => JSON.stringify(action)).join(", ")} appliesTo {
  principal: [Person],
  resource: [Subject],
  context: { askedRoles: Set<String>, handedOver: Bool, standsInFor: Set<String> }
};
`;
