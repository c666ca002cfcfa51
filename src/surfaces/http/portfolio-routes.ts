import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { portfolioView } from "../../engine/scheduling/portfolio-view.ts";
import { portfolioDocument, portfolioQuery } from "../../contract/portfolio-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { Member } from "./http-dependencies.ts";

/** All projects at once. */
export const portfolioRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/portfolio",
    summary: "All projects: flow, load, waits, blockers, forecasts and risks; rehearsals apart from real work",
    past: true,
    query: portfolioQuery,
    answer: portfolioDocument,
    run: (use, { member, query }) => {
      const mode = query.mode ?? "real";
      const projects = projectsOf(member, mode, query.project);
      const scope = {
        organizationId: asId<"organization">(member.organization.id),
        projectIds: projects.map((one) => asId<"project">(one.id)),
      };
      return use.engine.read(scope, (reader) => portfolioView(reader, { mode, projects, nowMs: use.clock.nowMs() }));
    },
  }),
];

/** @throws {Failure} `project.not-found` */
function projectsOf(member: Member, mode: "real" | "rehearsal", wanted: string | undefined): Member["projects"] {
  const known = member.projects.filter((project) => project.mode === mode);
  if (wanted === undefined) return known;
  const found = known.filter((project) => project.key === wanted.toUpperCase() || project.id === wanted);
  if (found.length > 0) return found;
  throw new Failure("not-found", "project.not-found", {
    message: `There is no ${mode} project ${wanted.slice(0, 20)}, or it is not yours to see.`,
  });
}
