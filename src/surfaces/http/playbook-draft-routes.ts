import { playbookDraftView } from "../../engine/planning/playbook-draft.ts";
import { playbookDraft, playbookDraftBody } from "../../contract/playbook-draft-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { reading, requestOf } from "./references.ts";

/** A plan that proved itself, as a playbook to be read, changed and added. */
export const playbookDraftRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/requests/{reference}/playbook-draft",
    summary: "The playbook that a request's plan would make; changes nothing",
    body: playbookDraftBody,
    answer: playbookDraft,
    run: async (use, { member, reference, body }) => {
      const request = await requestOf(use, member, reference);
      return reading(use, member, (reader) => playbookDraftView(reader, request, { name: body.name, matches: body.matches }));
    },
  }),
];
