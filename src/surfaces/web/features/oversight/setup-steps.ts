/** The first-run set-up: which steps there are, and which are done. What is done is read from what is there, so it resumes anywhere. */
import { unnamedOrganization } from "../../../../contract/organization-name.ts";
import type { MeDocument } from "../../../../contract/session-contract.ts";

export const setupSteps = ["organization", "you", "people", "performers", "sample"] as const;
export type SetupStep = (typeof setupSteps)[number];

export const stepTitles: { readonly [step in SetupStep]: string } = {
  organization: "Your organization",
  you: "You",
  people: "People",
  performers: "Who does the work",
  sample: "The example",
};

/** Whether nobody has set this organization up yet: it still has no name of its own, and the reader may give it one. */
export const isFresh = (me: Pick<MeDocument, "organization" | "person">): boolean =>
  me.organization.name === unnamedOrganization && me.person.roles.includes("administrator");

/** The step that an address names; the first one for any other word. */
export const stepOf = (wanted: string | undefined): SetupStep => setupSteps.find((step) => step === wanted) ?? "organization";

export const nextStep = (step: SetupStep): SetupStep | null => setupSteps[setupSteps.indexOf(step) + 1] ?? null;
