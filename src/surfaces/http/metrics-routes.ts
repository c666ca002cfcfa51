import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { metricsView } from "../../engine/metrics/metrics-view.ts";
import { calibrationView } from "../../engine/metrics/calibration-view.ts";
import { KeptAnswers, type MetricScriptsView, measureScripts, readMeasuring } from "../../engine/metrics/metric-scripts.ts";
import {
  type MetricsQuery,
  calibrationDocument,
  calibrationQuery,
  metricScriptsDocument,
  metricsDocument,
  metricsQuery,
} from "../../contract/metrics-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";

/** How the work flows, counted from events. */
export const metricsRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/metrics",
    summary: "Flow, quality and oversight in numbers, each with its definition, n, interval and baseline",
    past: true,
    query: metricsQuery,
    answer: metricsDocument,
    run: (use, { member, query }) => {
      const { scope, ...asked } = countedBy(use, member, query);
      return use.engine.read(scope, (reader) => metricsView(reader, asked));
    },
  }),
  endpoint({
    method: "get",
    path: "/api/metrics/calibration",
    summary: "How well the stated confidence of decisions fits how they turned out",
    past: true,
    query: calibrationQuery,
    answer: calibrationDocument,
    run: (use, { member, query }) => {
      const { scope, projects } = countedBy(use, member, query);
      return use.engine.read(scope, (reader) => calibrationView(reader, { projects }));
    },
  }),
  scriptsRoute(),
];

/** Answers are kept for as long as they say: a page that is open everywhere runs a script once. */
function scriptsRoute(): Endpoint {
  const kept = new KeptAnswers<MetricScriptsView>();
  return endpoint({
    method: "get",
    path: "/api/metrics/scripts",
    summary: "What the active metric scripts answer, run in their sandbox and kept for a minute",
    query: metricsQuery,
    answer: metricScriptsDocument,
    run: (use, { member, query }) => {
      const { scope, ...asked } = countedBy(use, member, query);
      const key = JSON.stringify([scope.organizationId, scope.projectIds.toSorted(), asked.days]);
      return kept.get(key, asked.nowMs, async () => {
        const measuring = await use.engine.read(scope, (reader) => readMeasuring(reader, asked));
        return measureScripts(use.scripts, measuring, asked);
      });
    },
  });
}

/** What is counted for this reader: the scope and the window. */
function countedBy(use: HttpDependencies, member: Member, query: MetricsQuery) {
  const projects = countedProjects(member, query.project);
  return {
    scope: {
      organizationId: asId<"organization">(member.organization.id),
      projectIds: projects.map((one) => asId<"project">(one.id)),
    },
    nowMs: use.clock.nowMs(),
    days: Number(query.days ?? "30"),
    projects: projects.map((one) => one.key),
  };
}

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
