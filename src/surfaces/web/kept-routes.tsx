/** Addresses of what people keep and cut work into: entities, epics, sprints. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { framed, keepInstant, type Search, searchOf } from "./frame-route.tsx";

const epicsRoute = createRoute({
  getParentRoute: () => framed,
  path: "/epics",
  validateSearch: searchOf("state"),
  component: lazyRouteComponent(() => import("./features/requests/epics-page.tsx"), "EpicsPage"),
});
const epicRoute = createRoute({
  getParentRoute: () => framed,
  path: "/epics/$reference",
  validateSearch: searchOf("at"),
  search: { middlewares: [keepInstant<Search<"at">>] },
  component: lazyRouteComponent(() => import("./features/requests/epics-page.tsx"), "EpicPage"),
});
const sprintsRoute = createRoute({
  getParentRoute: () => framed,
  path: "/sprints",
  validateSearch: searchOf("state"),
  component: lazyRouteComponent(() => import("./features/execution/sprints-page.tsx"), "SprintsPage"),
});
const sprintRoute = createRoute({
  getParentRoute: () => framed,
  path: "/sprints/$reference",
  validateSearch: searchOf("at"),
  search: { middlewares: [keepInstant<Search<"at">>] },
  component: lazyRouteComponent(() => import("./features/execution/sprints-page.tsx"), "SprintPage"),
});
const entitiesRoute = createRoute({
  getParentRoute: () => framed,
  path: "/entities",
  validateSearch: searchOf("type", "state", "tag", "field", "text", "sort"),
  component: lazyRouteComponent(() => import("./features/memory/entities-page.tsx"), "EntitiesPage"),
});
const entityRoute = createRoute({
  getParentRoute: () => framed,
  path: "/entities/$reference",
  validateSearch: searchOf("at"),
  search: { middlewares: [keepInstant<Search<"at">>] },
  component: lazyRouteComponent(() => import("./features/memory/entity-page.tsx"), "EntityPage"),
});
const entityTypesRoute = createRoute({
  getParentRoute: () => framed,
  path: "/entity-types",
  component: lazyRouteComponent(() => import("./features/memory/entity-types-page.tsx"), "EntityTypesPage"),
});
const entityTypeRoute = createRoute({
  getParentRoute: () => framed,
  path: "/entity-types/$key",
  component: lazyRouteComponent(() => import("./features/memory/entity-types-page.tsx"), "EntityTypePage"),
});

export const keptRoutes = [
  epicsRoute,
  epicRoute,
  sprintsRoute,
  sprintRoute,
  entitiesRoute,
  entityRoute,
  entityTypesRoute,
  entityTypeRoute,
] as const;
