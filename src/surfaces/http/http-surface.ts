import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { etag } from "hono/etag";
import { Failure } from "../../core/shared/failure.ts";
import { auditRoutes, exportAudit } from "./audit-routes.ts";
import { commentRoutes } from "./comment-routes.ts";
import { channelRoutes } from "./channel-routes.ts";
import { workControlRoutes } from "./work-control-routes.ts";
import { modelChainRoutes } from "./model-chain-routes.ts";
import { embeddingRoutes } from "./embedding-routes.ts";
import { agentRoutes } from "./agent-routes.ts";
import { providerRoutes } from "./provider-routes.ts";
import { answerByLink, lookAtLink } from "./confirm-routes.ts";
import { calendarRoutes } from "./calendar-routes.ts";
import { contentRoutes, sendContent, takeUpload } from "./content-routes.ts";
import { decisionRecordRoutes } from "./decision-record-routes.ts";
import { decisionRoutes } from "./decision-routes.ts";
import { factRoutes } from "./fact-routes.ts";
import type { Endpoint, RouteContext } from "./endpoint.ts";
import { evidenceRoutes } from "./evidence-routes.ts";
import { eventFeed } from "./event-feed.ts";
import { type OpenStream, eventStream } from "./event-stream.ts";
import { answerFailure, failureOf, statusOfKind } from "./failure-handler.ts";
import { authenticate, hostCheck } from "./guard.ts";
import { sendFeed } from "./feed-routes.ts";
import { budgetRoutes } from "./budget-routes.ts";
import { gateRoutes } from "./gate-routes.ts";
import { haltRoutes } from "./halt-routes.ts";
import { healthRoutes } from "./health-routes.ts";
import type { HttpDependencies } from "./http-dependencies.ts";
import { inboxRoutes } from "./inbox-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { membership } from "./membership.ts";
import { mountMcp } from "./mcp-route.ts";
import { memoryRoutes } from "./memory-routes.ts";
import { metricsRoutes } from "./metrics-routes.ts";
import { entityRoutes } from "./entity-routes.ts";
import { entityTypeRoutes } from "./entity-type-routes.ts";
import { epicRoutes } from "./epic-routes.ts";
import { sprintRoutes } from "./sprint-routes.ts";
import { markRoutes } from "./mark-routes.ts";
import { objectiveRoutes } from "./objective-routes.ts";
import { principleRoutes } from "./principle-routes.ts";
import { organizationRoutes } from "./organization-routes.ts";
import { personaChangeRoutes } from "./persona-change-routes.ts";
import { personaRoutes } from "./persona-routes.ts";
import { planRoutes } from "./plan-routes.ts";
import { policyRoutes } from "./policy-routes.ts";
import { portfolioRoutes } from "./portfolio-routes.ts";
import { recurrenceRoutes } from "./recurrence-routes.ts";
import { playbookDraftRoutes } from "./playbook-draft-routes.ts";
import { sampleRoutes } from "./sample-routes.ts";
import { requestRoutes } from "./request-routes.ts";
import { scriptRoutes } from "./script-routes.ts";
import { searchRoutes } from "./search-routes.ts";
import { erasureRoutes } from "./erasure-routes.ts";
import { peopleRoutes } from "./people-routes.ts";
import { projectRoutes } from "./project-routes.ts";
import { sessionRoutes, signOut } from "./session-routes.ts";
import { mountSignIn } from "./sign-in-routes.ts";
import { teamRoutes } from "./team-routes.ts";
import { sendStatic } from "./static-files.ts";
import { contextRoutes } from "./context-routes.ts";
import { toolServerRoutes } from "./tool-server-routes.ts";
import { taskRoutes } from "./task-routes.ts";
import { trustRoutes } from "./trust-routes.ts";
import { viewRoutes } from "./view-routes.ts";

/** Every route with a JSON answer, described once. */
export const endpoints = (): readonly Endpoint[] => [
  ...requestRoutes(),
  ...evidenceRoutes(),
  ...scriptRoutes(),
  ...planRoutes(),
  ...taskRoutes(),
  ...contextRoutes(),
  ...viewRoutes(),
  ...inboxRoutes(),
  ...calendarRoutes(),
  ...commentRoutes(),
  ...recurrenceRoutes(),
  ...objectiveRoutes(),
  ...entityTypeRoutes(),
  ...entityRoutes(),
  ...markRoutes(),
  ...epicRoutes(),
  ...sprintRoutes(),
  ...playbookDraftRoutes(),
  ...sampleRoutes(),
  ...principleRoutes(),
  ...contentRoutes(),
  ...organizationRoutes(),
  ...peopleRoutes(),
  ...erasureRoutes(),
  ...teamRoutes(),
  ...projectRoutes(),
  ...sessionRoutes(),
  ...keyRoutes(),
  ...channelRoutes(),
  ...agentRoutes(),
  ...providerRoutes(),
  ...embeddingRoutes(),
  ...modelChainRoutes(),
  ...workControlRoutes(),
  ...searchRoutes(),
  ...healthRoutes(),
  ...portfolioRoutes(),
  ...personaRoutes(),
  ...trustRoutes(),
  ...personaChangeRoutes(),
  ...decisionRoutes(),
  ...decisionRecordRoutes(),
  ...factRoutes(),
  ...memoryRoutes(),
  ...metricsRoutes(),
  ...auditRoutes(),
  ...policyRoutes(),
  ...haltRoutes(),
  ...budgetRoutes(),
  ...gateRoutes(),
  ...toolServerRoutes(),
];

/** The HTTP surface: `fetch` answers requests, `close` ends the streams. */
export interface HttpSurface {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly close: () => void;
  readonly streams: () => number;
}

interface Answering {
  Variables: { readonly instance: string };
}

/** Builds the surface over its dependencies. Holds no state but open streams and what it may forget. */
export function httpSurface(use: HttpDependencies): HttpSurface {
  const app = new OpenAPIHono<Answering>();
  const opened = new Set<OpenStream>();
  const endStreams = (credential: string): void => {
    for (const stream of opened) if (stream.credential === credential) stream.end();
  };
  const restartStreams = (): void => {
    for (const stream of opened) stream.end();
  };
  const route: RouteContext = { use, membership: membership(use), endStreams, restartStreams };
  const feed = eventFeed({
    engine: use.engine,
    clock: use.clock,
    crash: use.crash,
    onFailure: (cause) =>
      use.log({ level: "error", instance: use.ids.next(), method: "GET", path: "/events", status: 500, durationMs: 0, cause }),
  });
  const withMember: WithMember = (handle) => async (context) => handle(await authenticate(use, route.membership, context), context);

  app.use("*", recordAnswer(use));
  app.onError((error, context) => {
    const failure = failureOf(error);
    if (statusOfKind[failure.kind] >= 500) logFailure(use, context, failure);
    return answerFailure(context, failure, context.get("instance"));
  });
  app.get("/livez", (context) => context.body(null, 200));
  app.get("/readyz", async (context) => context.body(null, (await use.ready()) ? 200 : 503));
  app.use("*", hostCheck(use));
  app.use("/api/*", etag());
  app.get("/openapi.json", (context) =>
    context.json(app.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "xVC Orchestrator", version: use.version } })),
  );
  mountSignIn(app, use);
  app.post("/sign-out", (context) => signOut(use, context, endStreams));
  const streamed = withMember((member, context) =>
    eventStream(use, feed, {
      member,
      lastEventId: context.req.header("last-event-id") ?? context.req.query("after"),
      opened,
      membership: route.membership,
    }),
  );
  app.get("/events", streamed);
  mountPlain(app, use, withMember);
  mountMcp(app, route);
  for (const one of endpoints()) mount(app, route, one);
  app.notFound(
    async (context) =>
      (await pageOf(use, context)) ??
      answerFailure(
        context,
        new Failure("not-found", "http.no-such-route", {
          message: `There is nothing at ${context.req.method} ${context.req.path.slice(0, 200)}. /openapi.json lists what there is.`,
        }),
        context.get("instance"),
      ),
  );
  return { fetch: (request) => app.fetch(request), close: () => feed.close(), streams: feed.streams };
}

type WithMember = (
  handle: (member: Awaited<ReturnType<typeof authenticate>>, context: Context) => Response | Promise<Response>,
) => (context: Context) => Promise<Response>;

/** Routes whose answer is no JSON document. */
function mountPlain(app: OpenAPIHono<Answering>, use: HttpDependencies, withMember: WithMember): void {
  // A browser that opens the address wants the page of that name; a collector asks for text.
  const metrics = withMember(async (_member, context) => context.text(await use.metrics()));
  const content = withMember((member, context) => sendContent(use, member, context));
  const upload = withMember((member, context) => takeUpload(use, member, context));
  const log = withMember((member, context) => exportAudit(use, member, context));
  app.get("/metrics", async (context) => {
    const wantsPage = (context.req.header("accept") ?? "").includes("text/html");
    return (wantsPage ? await pageOf(use, context) : undefined) ?? metrics(context);
  });
  app.get("/api/content/:sha256", content);
  app.get("/api/confirm/:token", (context) => lookAtLink(use, context));
  app.post("/api/confirm/:token", (context) => answerByLink(use, context));
  app.get("/feed/:file", (context) => sendFeed(use, context));
  app.get("/api/audit.jsonl", log);
  app.post("/api/uploads", upload);
}

function mount(app: OpenAPIHono<Answering>, route: RouteContext, one: Endpoint): void {
  app.openAPIRegistry.registerPath(one.config);
  app.on(one.method.toUpperCase(), one.path.replace("{reference}", ":reference"), async (context) => {
    const member = await authenticate(route.use, route.membership, context);
    if (one.localOnly && !member.local)
      throw new Failure("forbidden", "http.local-only", {
        message: "Only programs on the server's machine may do this, with the token that the server wrote for them.",
      });
    return one.handle(route, member, context);
  });
}

/** Pages live outside of `/api`; a browser that opens one gets the application. */
async function pageOf(use: HttpDependencies, context: Context): Promise<Response | undefined> {
  const { path, method } = context.req;
  if (use.webDirectory === null || (method !== "GET" && method !== "HEAD") || path.startsWith("/api/")) return undefined;
  return sendStatic(use.webDirectory, context);
}

/** A token in an address is a secret; the log gets the address without it. */
const shownPath = (path: string): string => path.slice(0, 300).replace(/^(\/(?:api\/)?(?:confirm|feed)\/).*$/u, "$1…");

/** Gives each answer its id, its safe headers and its line in the log. */
function recordAnswer(use: HttpDependencies) {
  return async (context: Context<Answering>, next: () => Promise<void>): Promise<void> => {
    const instance = use.ids.next();
    const startedMs = use.clock.monotonicMs();
    context.set("instance", instance);
    await next();
    const { headers } = context.res;
    headers.set("x-content-type-options", "nosniff");
    headers.set("referrer-policy", "no-referrer");
    headers.set("cross-origin-opener-policy", "same-origin");
    headers.set("cross-origin-resource-policy", "same-origin");
    if (!headers.has("content-security-policy")) headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
    headers.set("x-instance", instance);
    use.log({
      level: "info",
      instance,
      method: context.req.method,
      path: shownPath(context.req.path),
      status: context.res.status,
      durationMs: use.clock.monotonicMs() - startedMs,
    });
  };
}

function logFailure(use: HttpDependencies, context: Context<Answering>, failure: Failure): void {
  use.log({
    level: "error",
    instance: context.get("instance"),
    method: context.req.method,
    path: shownPath(context.req.path),
    status: statusOfKind[failure.kind],
    durationMs: 0,
    code: failure.code,
    cause: failure.cause ?? failure,
  });
}
