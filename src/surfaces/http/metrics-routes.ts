import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { metricsView } from "../../engine/metrics/metrics-view.ts";
import { metricsDocument, metricsQuery } from "../../contract/metrics-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { Member } from "./http-dependencies.ts";

/** How the work flows, counted from events. */
export const metricsRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/metrics",
    summary: "Flow, quality and oversight in numbers, each with its definition, n, interval and baseline",
    query: metricsQuery,
    answer: metricsDocument,
    run: (use, { member, query }) => {
      const projects = countedProjects(member, query.project);
      const scope = {
        organizationId: asId<"organization">(member.organization.id),
        projectIds: projects.map((one) => asId<"project">(one.id)),
      };
      const asked = { nowMs: use.clock.nowMs(), days: Number(query.days ?? "30"), projects: projects.map((one) => one.key) };
      return use.engine.read(scope, (reader) => metricsView(reader, asked));
    },
  }),
];

/** Rehearsals are never counted as measured work. @throws {Failure} `project.not-found` */
export function countedProjects(member: Member, wanted: string | undefined): Member["projects"] {
  const real = member.projects.filter((project) => project.mode === "real");
  if (wanted === undefined) return real;
  const found = real.filter((project) => project.key === wanted.toUpperCase() || project.id === wanted);
  if (found.length > 0) return found;
  throw new Failure("not-found", "project.not-found", {
    message: `There is no real project ${wanted.slice(0, 20)}, or it is not yours to see. Known: ${real
      .map((one) => one.key)
      .slice(0, 20)
      .join(", ")}.`,
  });
}
