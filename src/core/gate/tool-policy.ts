import type { EffectKind } from "./effect.ts";
import { type Treatment, effectKinds, treatmentOf } from "./effect-treatment.ts";

/** One question about a call to the tool policies. Everything is present, so that no condition can fail to evaluate. */
export interface ToolPolicyRequest {
  readonly persona: string;
  /** The effect kind is the action. */
  readonly action: EffectKind;
  readonly tool: { readonly name: string; readonly origin: string; readonly delivery: string; readonly group: Treatment };
  readonly context: ToolPolicyFacts;
}

/** What code has found out; policies neither count nor look up. */
export interface ToolPolicyFacts {
  /** A live capability covers the call. */
  readonly capable: boolean;
  /** The definition is the one that a person agreed to. */
  readonly pinned: boolean;
  readonly halted: boolean;
  /** The pair of persona and executor has not passed its qualification. */
  readonly provisional: boolean;
  readonly targetHuman: boolean;
  readonly contentHuman: boolean;
  /** Whoever the call reaches may read every value in it. */
  readonly readersCover: boolean;
  /** A person said yes to this very hash. */
  readonly approved: boolean;
  /** A standing grant covers the call. */
  readonly granted: boolean;
  /** A person asked that the tool always asks. */
  readonly tightened: boolean;
}

const actions = (treatment: Treatment): string =>
  `[${effectKinds.flatMap((kind) => (treatmentOf(kind) === treatment ? [`Action::"${kind}"`] : [])).join(", ")}]`;

const consequential = actions("consequential");

/** The tool policies, id and text. They stand beside the rules in code: both have to agree before anything runs. */
export const toolPolicies: { readonly [id: string]: string } = {
  "reads-run": `permit (principal, action in ${actions("read")}, resource);`,
  "own-drafts-run": `permit (principal, action in ${actions("write-private")}, resource)
when { resource.origin == "built-in" };`,
  "named-addresses-are-fetched": `permit (principal, action in ${actions("fetch")}, resource)
when { context.targetHuman && context.contentHuman };`,
  "readable-fetches-run": `permit (principal, action in ${actions("fetch")}, resource)
when { context.targetHuman && context.readersCover };`,
  "a-persons-word-runs": `permit (principal, action in ${consequential}, resource)
when { context.targetHuman && context.contentHuman };`,
  "approved-runs": `permit (principal, action, resource)
when { context.approved };`,
  "granted-runs": `permit (principal, action, resource)
when { context.granted };`,
  "without-capability-nothing": `forbid (principal, action, resource)
unless { context.capable };`,
  "changed-definitions-wait": `forbid (principal, action, resource)
unless { context.pinned };`,
  "halted-stands-still": `forbid (principal, action, resource)
when { context.halted };`,
  "provisional-changes-nothing": `forbid (principal, action in ${consequential}, resource)
when { context.provisional };`,
  "tightened-asks": `forbid (principal, action, resource)
when { context.tightened && !context.approved };`,
};
