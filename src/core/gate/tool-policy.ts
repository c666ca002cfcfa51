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

/** What the policies were asked, and what they said; kept with the call, so that it can be asked again under others. */
export interface PolicyQuestion {
  readonly request: ToolPolicyRequest;
  readonly allowed: boolean;
  readonly policies: readonly string[];
  readonly errors: readonly string[];
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

/** Each of them in a sentence, for people. */
export const toolPolicyWords: { readonly [id: string]: string } = {
  "reads-run": "What only reads runs.",
  "own-drafts-run": "What writes into our own place runs, by tools of this program.",
  "named-addresses-are-fetched": "An address that a person named in the request is fetched.",
  "readable-fetches-run": "An address that a person named is fetched where all that is sent there may be read by everyone.",
  "a-persons-word-runs": "A consequential act runs where target and content are a person's own.",
  "approved-runs": "What a person said yes to runs, once, exactly as it was shown.",
  "granted-runs": "What a standing grant of a person covers runs.",
  "without-capability-nothing": "Without a capability nothing runs.",
  "changed-definitions-wait": "A tool whose definition is new or changed does nothing until a person agrees to it.",
  "halted-stands-still": "What is halted stands still.",
  "provisional-changes-nothing": "A persona that has not shown that it can do the work makes no consequential act.",
  "tightened-asks": "A tightened tool asks a person each time.",
};
