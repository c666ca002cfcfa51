import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { checkpointPageView, evidenceCheckView } from "../../engine/memory/evidence-view.ts";
import { checkpointPage, evidenceCheck, evidenceQuery } from "../../contract/evidence-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { Member } from "./http-dependencies.ts";

const defaultRows = 20;
const readers = ["administrator", "director", "auditor"] as const;

/** Checkpoints cover every project, so they are for those who may see every one. @throws {Failure} `evidence.not-permitted` */
function mayRead({ person, bound }: Member): void {
  if (!bound && person.roles.some((role) => readers.some((reader) => reader === role))) return;
  throw new Failure("forbidden", "evidence.not-permitted", {
    message: `Checkpoints are read by ${readers.join(", ")}, with a session or a key for all projects.`,
  });
}

/** The seal on the record: its checkpoints, and checking them. */
export const evidenceRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/evidence/checkpoints",
    summary: "Signed checkpoints over events and versions, in order",
    query: evidenceQuery,
    answer: checkpointPage,
    run: async (use, { member, query }) => {
      mayRead(member);
      const asked = { after: query.after ?? 0, limit: query.limit ?? defaultRows };
      return checkpointPageView(use.evidence, asId(member.organization.id), asked);
    },
  }),
  endpoint({
    method: "get",
    path: "/api/evidence/check",
    summary: "Reads what was sealed again, a part at a time: signatures, chain, counts and roots",
    query: evidenceQuery,
    answer: evidenceCheck,
    run: async (use, { member, query }) => {
      mayRead(member);
      const asked = { after: query.after ?? 0, limit: query.limit ?? defaultRows };
      return evidenceCheckView(use.evidence, asId(member.organization.id), asked);
    },
  }),
];
