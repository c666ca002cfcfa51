/** A string that only the code that made it may hand on as this id. Values are UUIDs in text form. */
export type Id<Name extends string> = string & { readonly idOf: Name };

export type OrganizationId = Id<"organization">;
export type ProjectId = Id<"project">;
export type PersonId = Id<"person">;
export type RequestId = Id<"request">;
export type PlanId = Id<"plan">;
export type TaskId = Id<"task">;
export type AttemptId = Id<"attempt">;
export type ReviewId = Id<"review">;
export type EffectId = Id<"effect">;
export type ItemId = Id<"item">;
export type DecisionId = Id<"decision">;
export type JobId = Id<"job">;
export type ClockId = Id<"clock">;
export type DeliverableId = Id<"deliverable">;

/** SHA-256 of content, 64 lower-case hex digits. */
export type Sha256 = Id<"sha256">;

/** Gives a text from a trusted row or port its branded type; it checks nothing. */
export const asId = <Name extends string>(text: string): Id<Name> => text as Id<Name>; // the one place where the brand is put on
