import { asId } from "../../core/shared/ids.ts";
import { divisionsView } from "../../engine/personas/divisions-view.ts";
import { personaView } from "../../engine/personas/persona-view.ts";
import { readMeasures, staffView } from "../../engine/personas/staff-view.ts";
import type { Reader } from "../../engine/ports/store.ts";
import { type PersonaDetail, divisionsDocument, personaDetail, staffDocument } from "../../contract/performer-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { countedProjects } from "./metrics-routes.ts";
import { reading } from "./references.ts";

/** Who can do the work: people and personas, what they have on hand and how well they did. */
export const personaRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/staff",
    summary: "Everybody who can do work, with load and measured quality; rehearsals are not counted",
    past: true,
    answer: staffDocument,
    run: (use, { member }) => measuring(use, member, (reader) => staffView(reader, use.clock.nowMs())),
  }),
  endpoint({
    method: "get",
    path: "/api/personas/{reference}",
    summary: "One persona: what it knows and may use, its versions, its latest work",
    past: true,
    answer: personaDetail,
    run: async (use, { member, reference }) => {
      const measures = await measuring(use, member, (reader) => readMeasures(reader, use.clock.nowMs()));
      const { currency } = member.organization;
      // Documents of personas are those of the contract.
      return (await reading(use, member, (reader) => personaView(reader, reference, { measures, currency }))) as PersonaDetail;
    },
  }),
  endpoint({
    method: "get",
    path: "/api/divisions",
    summary: "What each division has: personas, playbooks, tasks done by rules",
    past: true,
    answer: divisionsDocument,
    run: async (use, { member }) => ({
      schema: "xvc.divisions/1" as const,
      items: [...(await reading(use, member, (reader) => divisionsView(reader, use.engine.capabilities.ruleTasks)))],
    }),
  }),
];

/** Reads real projects only: what a rehearsal did is never measured. */
const measuring = <Result>(use: HttpDependencies, member: Member, work: (reader: Reader) => Promise<Result>): Promise<Result> =>
  use.engine.read(
    {
      organizationId: asId(member.organization.id),
      projectIds: countedProjects(member, undefined).map((project) => asId<"project">(project.id)),
    },
    work,
  );
