/** Serves the built page with scripted answers of the contract, under the policy the product's server sends. For tests of the page alone. */
import { createReadStream, existsSync } from "node:fs";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RequestSpendDocument } from "../../src/contract/budget-contract.ts";
import type { MarksDocument } from "../../src/contract/entity-contract.ts";
import type { EventDelta } from "../../src/contract/event-contract.ts";
import { pagePolicy } from "../../src/surfaces/http/static-files.ts";
import type { RequestListRow } from "../../src/contract/request-contract.ts";
import { contextOf } from "./web-context.ts";
import { boardOf, myWork, views } from "./web-work.ts";
import { assessPlan, dana, idOf, items, me, portalPlan, progressOf, rows, tasks, timeline } from "./web-scenario.ts";

const lastBuild = fileURLToPath(new URL("../../dist/web/", import.meta.url));
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export interface Write {
  readonly path: string;
  readonly body: unknown;
  readonly csrf: string | undefined;
  readonly key: string | undefined;
}

export interface WebFixture {
  readonly url: string;
  /** Every POST, oldest first. */
  readonly writes: readonly Write[];
  /** Whether the browser counts as signed in. */
  signedIn: boolean;
  /** Nothing was ever filed. */
  empty: boolean;
  /** The API answers with this status instead. */
  broken: number | null;
  /** Conflicts that POSTs to a path are refused with, by code. */
  readonly conflicts: Map<string, string>;
  /** Overrides of GET answers by path. */
  readonly answers: Map<string, unknown>;
  push(delta: Omit<EventDelta, "cursor">): void;
  /** Says a piece of what a model says, on every live stream. */
  say(word: { readonly turnId: string; readonly kind: "text" | "calling"; readonly text: string }): void;
  /** Cuts every live stream and refuses new ones until `true` is given. */
  live(up: boolean): void;
  close(): Promise<void>;
}

const problem = (status: number, kind: string, code: string, detail: string) => ({
  type: `https://xvc.dev/failures/${code}`,
  title: code,
  status,
  detail,
  instance: "req-0193f0a0",
  kind,
  code,
});

function readAnswer(fixture: WebFixture, path: string, query: URLSearchParams): unknown {
  const scripted = fixture.answers.get(path);
  if (scripted !== undefined) return scripted;
  const [, , kind = "", reference, part] = path.split("/").map(decodeURIComponent);
  switch (kind) {
    case "me":
      return me;
    case "requests":
      return reference === undefined ? requestPage(fixture, query) : requestPart(reference, part);
    case "views":
      return { schema: "xvc.views/1", items: views.filter((view) => view.page === query.get("page")) };
    case "board":
      return fixture.empty ? { schema: "xvc.board/1", columns: [] } : boardOf(query);
    case "sample":
      return { schema: "xvc.sample/1", requests: [], mayRemove: true };
    case "recurrences":
      return { schema: "xvc.recurrences/1", items: [] };
    case "my-work":
      return fixture.empty ? { ...myWork, holding: [], offered: [], handedIn: [] } : myWork;
    case "inbox":
      return reference === undefined
        ? { schema: "xvc.inbox/1", items: fixture.empty || query.get("state") !== "open" ? [] : items, nextCursor: null }
        : items.find((item) => item.id === reference);
    case "tasks":
      if (part === "context") return contextOf(reference ?? "");
      if (part === "turns")
        return { schema: "xvc.turns/1", items: [], currency: "EUR", nextTryAtMs: null, restReason: null, pausedBy: null, notes: [] };
      return reference === undefined
        ? {
            schema: "xvc.tasks/1",
            items: fixture.empty
              ? []
              : tasks.filter((task) => (query.get("mine") === "true" ? task.mine : task.state === query.get("state"))),
            nextCursor: null,
          }
        : part === "events"
          ? { schema: "xvc.timeline/1", items: timeline, nextCursor: null }
          : tasks.find((task) => task.label === reference || task.id === reference);
    case "audit":
      return { schema: "xvc.audit/1", items: fixture.empty ? [] : changes, nextCursor: null };
    case "oversight":
      return reference === "load" ? decisionLoad : undefined;
    case "budgets":
      return { schema: "xvc.budgets/1", currency: "EUR", mayRaise: true, items: [] };
    case "prices":
      return { schema: "xvc.prices/1", currency: "EUR", maySet: true, items: [] };
    case "marks":
      return marksOf(query.get("kind") ?? "", query.get("id") ?? "");
    case "tags":
      return { schema: "xvc.tags/1", items: [{ key: "tier", value: "gold", count: 2 }] };
    case "halts":
      return { schema: "xvc.halts/1", items: [], maySet: true, mayLift: true };
    case "search":
      return { schema: "xvc.search/1", items: found(query.get("q") ?? "") };
    case "playbooks":
      return { schema: "xvc.playbooks/1", items: playbooks };
    case "staff":
      return staff;
    case "personas":
      return { schema: "xvc.personas/1", persona_library: personas };
    case "people":
      return { schema: "xvc.people/1", items: [dana] };
    default:
      return undefined;
  }
}

function requestPage(fixture: WebFixture, query: URLSearchParams): unknown {
  const state = query.get("state");
  const text = query.get("text")?.toLowerCase() ?? "";
  const fits = (row: RequestListRow): boolean =>
    (state === null || row.state === state) &&
    (query.get("urgency") === null || row.urgency === query.get("urgency")) &&
    (query.get("waits") === null || row.waitsFor === "you") &&
    row.title.toLowerCase().includes(text);
  return {
    schema: "xvc.requests/1",
    items: fixture.empty ? [] : rows.filter(fits),
    nextCursor: null,
  };
}

function requestPart(reference: string, part: string | undefined): unknown {
  const progress = progressOf(reference);
  if (part === undefined) return progress;
  if (part === "comments")
    return {
      schema: "xvc.comments/1",
      requestId: idOf(107),
      subjectKind: "request",
      subjectId: idOf(107),
      items: [],
      nextCursor: null,
      mayPost: true,
    };
  if (part === "spend") return spent;
  if (part === "serves") return { schema: "xvc.serves/1", objective: null, principles: [] };
  if (part === "events") return { schema: "xvc.timeline/1", items: timeline, nextCursor: null };
  if (part === "plans")
    return { schema: "xvc.plans/1", items: [reference === "ENG-7" || reference === idOf(107) ? assessPlan.plan : portalPlan.plan] };
  if (part === "plan") return reference === "ENG-7" || reference === idOf(107) ? assessPlan : portalPlan;
  return undefined;
}

const marksOf = (kind: string, id: string): MarksDocument => ({
  schema: "xvc.marks/1",
  subject: { kind, id, title: "Build customer portal" },
  tags: [{ key: "tier", value: "gold" }],
  relations: [],
  partOf: null,
});

const nothing = { costMicro: 0, tokens: 0, runs: 0, wallMs: 0 };

/** Half of a request's first cap, by one model. */
const spent: RequestSpendDocument = {
  schema: "xvc.spend/1",
  currency: "EUR",
  costMicro: 1_000_000,
  calls: 4,
  isCut: false,
  budget: {
    id: null,
    scope: "request",
    scopeId: idOf(107),
    label: "ENG-7",
    period: "total",
    windowMs: null,
    caps: { costMicro: 2_000_000, tokens: null, runs: null, wallMs: null },
    follows: true,
    thresholds: { warnAt: 0.8, holdAt: null },
    booked: { costMicro: 1_000_000, tokens: 20_000, runs: 1, wallMs: 60_000 },
    reserved: nothing,
    overrun: nothing,
    level: "open",
    turnsAtMs: null,
    forecast: null,
    waiting: 0,
    setBy: null,
    setAtMs: 0,
    reason: "",
  },
  parts: [
    {
      kind: "model",
      persona: "technical_writer",
      provider: "local",
      model: "small",
      calls: 4,
      costMicro: 1_000_000,
      tokens: 20_000,
      unknown: 0,
      open: 0,
    },
  ],
  people: [],
};

const decisionLoad = {
  schema: "xvc.decision-load/1",
  definition: "Questions asked and answered in the last 7 working days.",
  fromMs: 0,
  toMs: 1,
  workingDays: 7,
  arrived: 12,
  answered: 12,
  arrivedPerDay: 1.7,
  answeredPerDay: 1.7,
  open: 4,
  medianAgeMs: 600_000,
  oldestAgeMs: 13_200_000,
  overloaded: false,
  n: 16,
  complete: true,
};

/** The log as Home reads it. */
const changes = timeline.map((entry, number) => ({ ...entry, projectId: idOf(3), requestLabel: "ENG-6", number, cause: "fixture" }));

const found = (text: string): readonly unknown[] =>
  rows
    .filter((row) => `${row.label} ${row.title}`.toLowerCase().includes(text.toLowerCase()))
    .map(({ id, label, title, state, rehearsal }) => ({
      kind: "request",
      id,
      label,
      address: `/requests/${label}`,
      title: { text: title, ranges: [] },
      found: null,
      state,
      rehearsal,
      recordedAtMs: null,
      near: false,
    }));

const playbooks = [
  {
    id: idOf(801),
    name: "assess-repository",
    version: 1,
    division: "engineering",
    matches: ["assess this repository", "repository assessment", "audit this codebase", "code health report"],
    inputs: [{ name: "repository", kind: "git-repository", required: true }],
    taskCount: 10,
  },
  {
    id: idOf(802),
    name: "customer-portal",
    version: 1,
    division: "engineering",
    matches: ["build customer portal"],
    inputs: [],
    taskCount: 4,
  },
];

const personas = {
  senior_architect: {
    worldview: "systems_thinking_performance_focused",
    specializations: ["scalability", "security", "maintainability"],
    tools: ["diagram_generation", "code_analysis"],
    executors: ["human", "scripted"],
    costPerHourMicro: 120_000_000,
  },
  code_analyst: {
    worldview: "measures_before_judging",
    specializations: ["program_structure", "complexity", "testing"],
    tools: ["source_reading"],
    executors: ["rules", "human"],
    costPerHourMicro: 0,
  },
};

const measured = { load: { onHand: 0, running: 0, held: 0 }, quality: { n: 0, fewest: 10, share: null, interval: null } };

const staff = {
  schema: "xvc.staff/1",
  people: [],
  teams: [],
  personas: Object.entries(personas).map(([key, { worldview, specializations, executors }]) => ({
    key,
    division: "engineering",
    version: 1,
    worldview,
    specializations,
    skills: specializations,
    executors,
    capacity: 2,
    ...measured,
  })),
  newest: 20_000,
  days: 90,
};

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    "content-type": status >= 400 ? "application/problem+json" : "application/json",
    "x-content-type-options": "nosniff",
  });
  response.end(JSON.stringify(body));
}

const reportPage =
  "<!doctype html><html lang=en><title>Report</title><style>body{font:15px sans-serif;margin:2rem}</style><h1>Assessment of billing</h1><p>12 findings, 2 of high risk.</p>";

function sendContent(response: ServerResponse, sha256: string): void {
  const html = sha256.startsWith("2");
  response.writeHead(200, {
    "content-type": html ? "text/html; charset=utf-8" : "text/markdown; charset=utf-8",
    "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "x-content-type-options": "nosniff",
  });
  response.end(html ? reportPage : "# Assessment of billing\n\n12 findings, 2 of high risk.\n");
}

function sendFile(response: ServerResponse, built: string, path: string): void {
  const wanted = join(built, path);
  const asset = path.includes(".") && wanted.startsWith(built) && existsSync(wanted);
  response.writeHead(200, {
    "content-type": types[asset ? extname(wanted) : ".html"] ?? "application/octet-stream",
    "content-security-policy": pagePolicy,
    "x-content-type-options": "nosniff",
  });
  createReadStream(asset ? wanted : join(built, "index.html")).pipe(response);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString("utf8");
  return text === "" ? null : (JSON.parse(text) as unknown);
}

const one = (value: string | readonly string[] | undefined): string | undefined => (typeof value === "string" ? value : undefined);

/** Starts it on a free loopback port; `built` is the folder of the built page. */
export async function startWebFixture(built: string = lastBuild): Promise<WebFixture> {
  const writes: Write[] = [];
  const streams = new Set<ServerResponse>();
  let up = true;
  let sequence = 0;

  async function write(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const body = await readBody(request);
    writes.push({ path, body, csrf: one(request.headers["x-csrf-token"]), key: one(request.headers["idempotency-key"]) });
    if (path === "/sign-in/link") {
      const token = (body as { readonly token?: string } | null)?.token;
      if (token === "expired-token-of-the-fixture")
        return send(
          response,
          403,
          problem(403, "forbidden", "session.link-spent", "This sign-in link was used or is too old. Links work once, for ten minutes."),
        );
      fixture.signedIn = true;
      return send(response, 200, {});
    }
    const conflict = fixture.conflicts.get(path);
    if (conflict !== undefined) return send(response, 409, problem(409, "conflict", conflict, "Somebody was faster."));
    if (path === "/api/requests")
      return send(response, 201, { schema: "xvc.request-opened/1", id: idOf(107), label: "ENG-7", state: "submitted", position: "1-1" });
    return send(response, 200, { schema: "xvc.answer/1", id: idOf(1) });
  }

  function openStream(response: ServerResponse): void {
    if (!up) {
      send(response, 503, problem(503, "unavailable", "server.draining", "The server restarts."));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    // As the server does: what changed before the stream began is read once more.
    response.write('event: ready\ndata: {"cursor":null}\n\n');
    streams.add(response);
    response.on("close", () => streams.delete(response));
  }

  function read(response: ServerResponse, url: URL): void {
    if (fixture.broken !== null)
      return send(
        response,
        fixture.broken,
        problem(
          fixture.broken,
          "unavailable",
          "store.unavailable",
          "The database does not answer. xvc doctor says why and how to mend it.",
        ),
      );
    if (!fixture.signedIn) return send(response, 401, problem(401, "forbidden", "session.missing", "You are not signed in."));
    if (url.pathname.startsWith("/api/content/")) return sendContent(response, url.pathname.slice("/api/content/".length));
    const answer = readAnswer(fixture, url.pathname, url.searchParams);
    if (answer === undefined)
      return send(
        response,
        404,
        problem(404, "not-found", "request.not-found", "There is no such thing here. The list shows what there is."),
      );
    return send(response, 200, answer);
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://fixture");
    if (request.method === "POST") return void write(request, response, decodeURIComponent(url.pathname));
    if (url.pathname === "/events") return openStream(response);
    if (url.pathname.startsWith("/api/")) return read(response, url);
    return sendFile(response, built, url.pathname);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const fixture: WebFixture = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes,
    signedIn: true,
    empty: false,
    broken: null,
    conflicts: new Map(),
    answers: new Map(),
    push(delta) {
      sequence += 1;
      const whole: EventDelta = { cursor: `9-${sequence}`, ...delta };
      for (const stream of streams) stream.write(`id: ${whole.cursor}\ndata: ${JSON.stringify(whole)}\n\n`);
    },
    say(word) {
      for (const stream of streams) stream.write(`event: words\ndata: ${JSON.stringify(word)}\n\n`);
    },
    live(next) {
      up = next;
      if (!up) for (const stream of streams) stream.destroy();
    },
    async close() {
      for (const stream of streams) stream.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return fixture;
}
