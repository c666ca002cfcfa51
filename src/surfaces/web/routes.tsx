/** Every address of the page. Pages are loaded when they are first opened. */
import { createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { framed, keepInstant, root, type Search, searchOf } from "./frame-route.tsx";
import { keptRoutes } from "./kept-routes.tsx";
import { PageNotFound } from "./shell/states.tsx";

const signInRoute = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: searchOf("token"),
  component: lazyRouteComponent(() => import("./features/oversight/sign-in-page.tsx"), "SignInPage"),
});

/** A mailed link; signed in or not. */
const confirmRoute = createRoute({
  getParentRoute: () => root,
  path: "/confirm/$token",
  component: lazyRouteComponent(() => import("./features/oversight/confirm-page.tsx"), "ConfirmPage"),
});

const invitationRoute = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  validateSearch: searchOf("token"),
  component: lazyRouteComponent(() => import("./features/oversight/sign-in-page.tsx"), "SignInPage"),
});

const homeRoute = createRoute({
  getParentRoute: () => framed,
  path: "/",
  component: lazyRouteComponent(() => import("./features/requests/home-page.tsx"), "HomePage"),
});
const requestsRoute = createRoute({
  getParentRoute: () => framed,
  path: "/requests",
  validateSearch: searchOf("state", "requester", "urgency", "waits", "text", "sort", "tag", "selected"),
  component: lazyRouteComponent(() => import("./features/requests/requests-page.tsx"), "RequestsPage"),
});
const newRequestRoute = createRoute({
  getParentRoute: () => framed,
  path: "/requests/new",
  validateSearch: searchOf("playbook", "text"),
  component: lazyRouteComponent(() => import("./features/requests/new-request-page.tsx"), "NewRequestPage"),
});
const requestRoute = createRoute({
  getParentRoute: () => framed,
  path: "/requests/$reference",
  validateSearch: searchOf("tab", "task", "shape", "at"),
  search: { middlewares: [keepInstant<Search<"tab" | "task" | "shape" | "at">>] },
  component: lazyRouteComponent(() => import("./features/requests/request-page.tsx"), "RequestPage"),
});
const inboxRoute = createRoute({
  getParentRoute: () => framed,
  path: "/inbox",
  validateSearch: searchOf("item", "state"),
  component: lazyRouteComponent(() => import("./features/oversight/inbox-page.tsx"), "InboxPage"),
});
const tasksRoute = createRoute({
  getParentRoute: () => framed,
  path: "/tasks",
  validateSearch: searchOf("show", "tag"),
  component: lazyRouteComponent(() => import("./features/execution/tasks-page.tsx"), "TasksPage"),
});
const boardRoute = createRoute({
  getParentRoute: () => framed,
  path: "/board",
  validateSearch: searchOf("request", "performer", "tag", "limits"),
  component: lazyRouteComponent(() => import("./features/execution/board-page.tsx"), "BoardPage"),
});
/** A task's reference may be a label with a slash in it: `ENG-42/backend`. */
const taskRoute = createRoute({
  getParentRoute: () => framed,
  path: "/task/$",
  validateSearch: searchOf("at"),
  search: { middlewares: [keepInstant<Search<"at">>] },
  component: lazyRouteComponent(() => import("./features/execution/task-page.tsx"), "TaskPage"),
});
const playbooksRoute = createRoute({
  getParentRoute: () => framed,
  path: "/playbooks",
  component: lazyRouteComponent(() => import("./features/planning/playbooks-page.tsx"), "PlaybooksPage"),
});
const objectivesRoute = createRoute({
  getParentRoute: () => framed,
  path: "/objectives",
  component: lazyRouteComponent(() => import("./features/oversight/objectives-page.tsx"), "ObjectivesPage"),
});
const objectiveRoute = createRoute({
  getParentRoute: () => framed,
  path: "/objectives/$reference",
  component: lazyRouteComponent(() => import("./features/oversight/objectives-page.tsx"), "ObjectivePage"),
});
const personasRoute = createRoute({
  getParentRoute: () => framed,
  path: "/personas",
  component: lazyRouteComponent(() => import("./features/personas/personas-page.tsx"), "PersonasPage"),
});
const portfolioRoute = createRoute({
  getParentRoute: () => framed,
  path: "/portfolio",
  validateSearch: searchOf("mode", "at"),
  search: { middlewares: [keepInstant<Search<"mode" | "at">>] },
  component: lazyRouteComponent(() => import("./features/scheduling/portfolio-page.tsx"), "PortfolioPage"),
});
const peopleRoute = createRoute({
  getParentRoute: () => framed,
  path: "/people",
  component: lazyRouteComponent(() => import("./features/personas/people-page.tsx"), "PeoplePage"),
});
const personaRoute = createRoute({
  getParentRoute: () => framed,
  path: "/personas/$key",
  validateSearch: searchOf("at"),
  search: { middlewares: [keepInstant<Search<"at">>] },
  component: lazyRouteComponent(() => import("./features/personas/persona-page.tsx"), "PersonaPage"),
});
const divisionsRoute = createRoute({
  getParentRoute: () => framed,
  path: "/divisions",
  component: lazyRouteComponent(() => import("./features/personas/divisions-page.tsx"), "DivisionsPage"),
});
const divisionRoute = createRoute({
  getParentRoute: () => framed,
  path: "/divisions/$division",
  component: lazyRouteComponent(() => import("./features/personas/division-page.tsx"), "DivisionPage"),
});
const memoryRoute = createRoute({
  getParentRoute: () => framed,
  path: "/memory",
  validateSearch: searchOf("q", "kind", "person", "days", "at"),
  component: lazyRouteComponent(() => import("./features/memory/memory-page.tsx"), "MemoryPage"),
});
const decisionRoute = createRoute({
  getParentRoute: () => framed,
  path: "/memory/decisions/$decision",
  component: lazyRouteComponent(() => import("./features/memory/decision-page.tsx"), "DecisionPage"),
});
const beliefsRoute = createRoute({
  getParentRoute: () => framed,
  path: "/memory/beliefs",
  validateSearch: searchOf("about", "at", "valid"),
  component: lazyRouteComponent(() => import("./features/memory/beliefs-page.tsx"), "BeliefsPage"),
});
const factsRoute = createRoute({
  getParentRoute: () => framed,
  path: "/memory/facts",
  component: lazyRouteComponent(() => import("./features/memory/facts-page.tsx"), "FactsPage"),
});
const factRoute = createRoute({
  getParentRoute: () => framed,
  path: "/memory/facts/$fact",
  component: lazyRouteComponent(() => import("./features/memory/facts-page.tsx"), "FactPageWhole"),
});
const recordDecisionRoute = createRoute({
  getParentRoute: () => framed,
  path: "/memory/record",
  validateSearch: searchOf("supersedes", "request", "topic"),
  component: lazyRouteComponent(() => import("./features/memory/record-decision-page.tsx"), "RecordDecisionPage"),
});
const diffRoute = createRoute({
  getParentRoute: () => framed,
  path: "/memory/diff",
  validateSearch: searchOf("kind", "ref", "from", "to"),
  component: lazyRouteComponent(() => import("./features/memory/diff-page.tsx"), "DiffPage"),
});
const metricsRoute = createRoute({
  getParentRoute: () => framed,
  path: "/metrics",
  validateSearch: searchOf("days"),
  component: lazyRouteComponent(() => import("./features/metrics/metrics-page.tsx"), "MetricsPage"),
});
const auditRoute = createRoute({
  getParentRoute: () => framed,
  path: "/audit",
  validateSearch: searchOf("kinds", "request", "subject", "actor", "actorKind", "from", "to"),
  component: lazyRouteComponent(() => import("./features/memory/audit-page.tsx"), "AuditPage"),
});
const settingsRoute = createRoute({
  getParentRoute: () => framed,
  path: "/settings",
  component: lazyRouteComponent(() => import("./features/oversight/settings-page.tsx"), "SettingsPage"),
});
const settingsTabRoute = createRoute({
  getParentRoute: () => framed,
  path: "/settings/$tab",
  validateSearch: searchOf("at"),
  search: { middlewares: [keepInstant<Search<"at">>] },
  component: lazyRouteComponent(() => import("./features/oversight/settings-page.tsx"), "SettingsPage"),
});

const setupRoute = createRoute({
  getParentRoute: () => framed,
  path: "/setup",
  validateSearch: searchOf("step"),
  component: lazyRouteComponent(() => import("./features/oversight/setup-page.tsx"), "SetupPage"),
});

const styleguideRoute = createRoute({
  getParentRoute: () => framed,
  path: "/styleguide",
  component: lazyRouteComponent(() => import("./shell/styleguide-page.tsx"), "StyleguidePage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signInRoute,
    invitationRoute,
    confirmRoute,
    framed.addChildren([
      setupRoute,
      styleguideRoute,
      homeRoute,
      requestsRoute,
      newRequestRoute,
      requestRoute,
      inboxRoute,
      tasksRoute,
      boardRoute,
      taskRoute,
      playbooksRoute,
      objectivesRoute,
      objectiveRoute,
      personasRoute,
      portfolioRoute,
      peopleRoute,
      personaRoute,
      divisionsRoute,
      divisionRoute,
      memoryRoute,
      decisionRoute,
      recordDecisionRoute,
      beliefsRoute,
      factsRoute,
      factRoute,
      diffRoute,
      ...keptRoutes,
      metricsRoute,
      auditRoute,
      settingsRoute,
      settingsTabRoute,
    ]),
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultNotFoundComponent: PageNotFound,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
