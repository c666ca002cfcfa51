import { beforeAll, expect, test, vi } from "vitest";
import { type CallOptions, type HttpWorld, openHttpWorld } from "../../../test/support/http-world.ts";
import { absentId, routeBodies } from "../../../test/support/route-bodies.ts";
import { taskKind } from "../../core/execution/task.ts";
import { planKind } from "../../core/planning/plan.ts";
import { commentKind } from "../../core/requests/comment.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { permissions } from "../../core/oversight/permissions.ts";
import type { Role } from "../../core/oversight/person.ts";
import { asId } from "../../core/shared/ids.ts";
import type { Command } from "../../engine/shared/commands.ts";
import { handlers } from "../../engine/shared/handlers.ts";
import { endpoints } from "./http-surface.ts";

// Every route times every caller: long on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/*
 * Every route times every kind of caller. What a role may is written down here a second time, by route and not by
 * command, so that the table of the engine is checked by something other than itself.
 */

const workers: readonly Role[] = ["administrator", "director", "lead", "contributor"];
const leaders: readonly Role[] = ["administrator", "director", "lead"];
const stewards: readonly Role[] = ["administrator", "director"];
const administrators: readonly Role[] = ["administrator"];
const performers: readonly Role[] = [...workers, "agent"];
const roles: readonly Role[] = [...performers, "auditor"];

/** Who may call what changes something. A route that is not here has to refuse agents and auditors. */
const mayCall: Readonly<Record<string, readonly Role[]>> = {
  "/api/requests": workers,
  ...Object.fromEntries(
    ["cancel", "pause", "resume", "close", "reopen", "repeat", "plan"].map((act) => [`/api/requests/{reference}/${act}`, workers]),
  ),
  "/api/requests/{reference}/comments": performers,
  "/api/inbox/{reference}/reply": performers,
  "/api/calendars/organization": stewards,
  "/api/calendars/organization/holidays": stewards,
  "/api/plans/{reference}/patch": workers,
  "/api/tasks/{reference}/claim": performers,
  "/api/tasks/{reference}/release": performers,
  "/api/tasks/{reference}/reassign": leaders,
  "/api/tasks/{reference}/pause": workers,
  "/api/tasks/{reference}/resume": workers,
  "/api/tasks/{reference}/steer": workers,
  "/api/tasks/{reference}/take-over": leaders,
  "/api/tasks/{reference}/stop": leaders,
  "/api/personas": leaders,
  "/api/playbooks": leaders,
  "/api/projects": leaders,
  "/api/projects/{reference}": stewards,
  "/api/projects/{reference}/archive": stewards,
  "/api/teams": stewards,
  "/api/teams/{reference}": stewards,
  "/api/teams/{reference}/remove": stewards,
  "/api/people": administrators,
  "/api/people/{reference}/invitation": administrators,
  "/api/people/{reference}/roles": administrators,
  "/api/people/{reference}/remove": administrators,
  "/api/organization": administrators,
  "/api/policies": stewards,
  "/api/policies/{reference}/agree": stewards,
  "/api/policies/{reference}/reject": stewards,
  "/api/policies/{reference}/withdraw": stewards,
  "/api/facts": workers,
  "/api/facts/{reference}/correct": workers,
  "/api/decisions": workers,
  ...Object.fromEntries(["make", "outcome", "review"].map((act) => [`/api/decisions/{reference}/${act}`, leaders])),
  "/api/halts": workers,
  "/api/halts/{reference}/lift": stewards,
  "/api/persona-imports": leaders,
  ...Object.fromEntries(["revise", "roll-back", "retire", "restore"].map((act) => [`/api/personas/{reference}/${act}`, leaders])),
  "/api/persona-proposals/{reference}/accept": leaders,
  "/api/persona-proposals/{reference}/reject": leaders,
  "/api/suites": leaders,
  ...Object.fromEntries(["qualify", "lower", "candidacy"].map((act) => [`/api/personas/{reference}/${act}`, leaders])),
  "/api/qualifications/{reference}/stop": leaders,
  ...Object.fromEntries(["share", "promote", "withdraw"].map((act) => [`/api/candidacies/{reference}/${act}`, leaders])),
  "/api/tasks/{reference}/redirect": leaders,
  "/api/budgets": stewards,
  "/api/model-chains": stewards,
  "/api/providers": stewards,
  "/api/providers/{reference}": stewards,
  ...Object.fromEntries(
    ["test", "pause", "resume", "remove", "allow", "disallow"].map((act) => [`/api/providers/{reference}/${act}`, stewards]),
  ),
  "/api/prices": stewards,
  "/api/budgets/{reference}/withdraw": stewards,
};

/** What everybody changes for themselves, and what changes nothing. */
const personal: ReadonlySet<string> = new Set([
  "/api/keys",
  "/api/keys/{reference}/revoke",
  "/api/sessions/{reference}/end",
  "/api/people/{reference}/profile",
  "/api/views",
  "/api/views/{reference}/remove",
  "/api/inbox/{reference}/later",
  "/api/absences",
  "/api/absences/{reference}/remove",
  "/api/delegations/{reference}/revoke",
]);
const isPersonal = (path: string): boolean =>
  personal.has(path) || path.endsWith("-check") || /^\/api\/(?:channels|calendar(?!s\/organization))/u.test(path);

interface Called {
  readonly status: number;
  readonly code: string;
  readonly text: string;
}

let world: HttpWorld;
let tokens: Readonly<Record<Role, string>>;
/** Rows of an open project, and of one that is open to its founder alone. */
let open: Readonly<Record<string, string>>;
let closed: Readonly<Record<string, string>>;
let removed: string;
let expired: string;
const canary = "zebra-canary";
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const described = endpoints().map(({ method, path, localOnly }) => ({ method: method.toUpperCase(), path, localOnly }));
const roomOf = (path: string): string => path.split("/")[2] ?? "";
const pathOf = (path: string, reference: string): string => path.replace("{reference}", reference);
const bodyOf = (route: { readonly method: string; readonly path: string }): CallOptions =>
  route.method === "POST" ? { body: routeBodies[route.path] ?? {} } : {};
const events = (): number => world.store.record.events.length;

async function call(method: string, path: string, token: string | null, options: CallOptions = {}): Promise<Called> {
  const answer = await world.call(
    method,
    path,
    token === null ? options : { ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } },
  );
  const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") === true;
  const text = isStream ? "" : await answer.text();
  if (isStream) await answer.body?.cancel();
  expect([method, path, answer.status < 500, answer.status < 500 ? "" : text]).toEqual([method, path, true, ""]);
  return { status: answer.status, code: answer.status < 400 ? "" : (JSON.parse(text) as { readonly code: string }).code, text };
}

async function tokenOf(personId: string, expiresAtMs: number | null = null, projectIds?: readonly string[]): Promise<string> {
  const token = world.ids.secret();
  await world.use.sessions.createToken({
    organizationId: world.organizationId,
    personId: asId(personId),
    id: world.ids.next(),
    tokenSha256: world.digest(token),
    name: "roles",
    scopes: ["read", "write"],
    createdAtMs: world.clock.nowMs(),
    expiresAtMs,
    ...(projectIds === undefined ? {} : { projectIds }),
  });
  return token;
}

async function memberWith(role: Role): Promise<{ readonly id: string; readonly token: string }> {
  const id = world.ids.next();
  await world.asPerson({ kind: "add-person", id, name: `A ${role}`, email: null, roles: [role] }, null);
  return { id, token: await tokenOf(id) };
}

/** A request with a proposed plan, its items, a comment and tasks, by ids and by the room that names them. */
async function workIn(projectId: string, key: string, text: string): Promise<Readonly<Record<string, string>>> {
  const opened = await world.json(world.asToken("POST", "/api/requests", { body: { text, project: key } }));
  const id = textOf(opened["id"]);
  const brief = {
    interpretation: text,
    goals: [],
    constraints: [],
    unknowns: [],
    options: [],
    approach: "",
    riskClass: "low",
    playbook: null,
  } as const;
  await world.system({ kind: "record-brief", requestId: id, epoch: 1, questions: [], brief }, asId(projectId));
  await world.asToken("POST", `/api/requests/${id}/plan`, { body: { document: world.plan } });
  await world.asToken("POST", `/api/requests/${id}/comments`, { body: { text } });
  const proposed = { ...routeBodies["/api/decisions"], question: text, request: id };
  const learned = { ...routeBodies["/api/facts"], subject: text, project: key };
  const fact = await world.json(world.asToken("POST", "/api/facts", { body: learned }));
  const decision = await world.json(world.asToken("POST", "/api/decisions", { body: proposed }));
  const scope = { organizationId: world.organizationId, projectIds: [asId<"project">(projectId)] };
  return world.engine.read(scope, async (reader) => {
    const [plan] = await reader.find(planKind, { where: { requestId: id }, limit: 1 });
    const [item] = await reader.find(inboxItemKind, { where: { requestId: id, kind: "approval" }, limit: 1 });
    const [comment] = await reader.find(commentKind, { where: { requestId: id }, limit: 1 });
    const tasks = await reader.find(taskKind, { where: { requestId: id }, limit: 10 });
    return {
      requests: id,
      plans: plan?.id ?? "",
      inbox: item?.id ?? "",
      comments: comment?.id ?? "",
      tasks: tasks[0]?.id ?? "",
      projects: projectId,
      decisions: textOf(decision["id"]),
      facts: textOf(fact["id"]),
    };
  });
}

beforeAll(async () => {
  world = await openHttpWorld();
  const made: Partial<Record<Role, string>> = {};
  for (const role of roles) made[role] = (await memberWith(role)).token;
  tokens = made as Record<Role, string>; // every role was gone through
  const gone = await memberWith("director");
  removed = gone.token;
  await world.asPerson({ kind: "remove-person", personId: gone.id, reason: "left" }, null);
  expired = await tokenOf(world.personId, world.clock.nowMs() - 1);
  const secret = world.ids.next();
  await world.asPerson(
    {
      kind: "create-project",
      id: secret,
      key: "SEC",
      name: `Project ${canary}`,
      mode: "real",
      clockAtMs: null,
      access: { kind: "named", personIds: [world.personId], teamIds: [] },
    },
    null,
  );
  open = await workIn(world.projectId, "ENG", "In the open");
  closed = await workIn(secret, "SEC", `Write ${canary}`);
});

test("the worlds have rows to ask for", () => {
  expect(Object.values(open)).not.toContain("");
  expect(Object.values(closed)).not.toContain("");
});

test("every kind of command has its row of permissions, and every row a command", () => {
  const kinds = Object.keys(handlers) as readonly Command["kind"][];
  expect(kinds.filter((kind) => !Object.hasOwn(permissions, kind))).toEqual([]);
});

test("without a login, with a key that expired, or as somebody removed, every route is forbidden", async () => {
  const before = events();
  for (const route of described) {
    const path = pathOf(route.path, open[roomOf(route.path)] ?? absentId);
    for (const [who, token] of [
      ["nobody", null],
      ["expired", expired],
      ["removed", removed],
    ] as const) {
      const { status, code } = await call(route.method, path, token, bodyOf(route));
      expect([who, route.path, status, code]).toEqual([
        who,
        route.path,
        403,
        who === "removed" ? "session.not-a-member" : "session.missing",
      ]);
    }
  }
  expect(events()).toBe(before);
});

test("whoever lacks the role is refused by every route and changes nothing", async () => {
  for (const role of roles) {
    for (const route of described.filter(({ method, path }) => method === "POST" && !isPersonal(path))) {
      const allowed = mayCall[route.path];
      if (allowed?.includes(role) ?? (role !== "agent" && role !== "auditor")) continue;
      const before = events();
      const reference = open[roomOf(route.path)] ?? world.personId;
      const { status, code } = await call(route.method, pathOf(route.path, reference), tokens[role], bodyOf(route));
      const what = `${role} ${route.path}`;
      expect([what, status >= 400, events()]).toEqual([what, true, before]);
      const isMeant = allowed === undefined || status === 404 || (status === 403 && code.endsWith("wrong-role"));
      expect([what, status, code, isMeant]).toEqual([what, status, code, true]);
    }
  }
});

test("whoever has the role is not refused for it", async () => {
  for (const [path, allowed] of Object.entries(mayCall)) {
    for (const role of allowed) {
      const { code } = await call("POST", pathOf(path, open[roomOf(path)] ?? absentId), tokens[role], bodyOf({ method: "POST", path }));
      expect([role, path, code]).toEqual([
        role,
        path,
        expect.not.stringMatching(/^(?!authority\.).*(?:wrong-role|not-a-member|system-only)/u),
      ]);
    }
  }
});

test("a project that is not theirs answers on every route exactly as one that does not exist", async () => {
  for (const role of workers) {
    for (const route of described.filter(({ path }) => path.includes("{reference}") && closed[roomOf(path)] !== undefined)) {
      if (roomOf(route.path) === "projects" && stewards.includes(role)) continue; // they say who may enter, so they see that it is there
      const before = events();
      const what = `${role} ${route.method} ${route.path}`;
      const shape = async (reference: string) => {
        const { status, code, text } = await call(route.method, pathOf(route.path, reference), tokens[role], bodyOf(route));
        const problem = JSON.parse(text) as Record<string, unknown>;
        return { status, code, names: Object.keys(problem), detail: String(problem["detail"]).replaceAll(reference, "…") };
      };
      const [theirs, absent] = [await shape(closed[roomOf(route.path)] ?? ""), await shape(absentId)];
      expect([what, theirs]).toEqual([what, absent]);
      expect([what, theirs.status >= 400, events()]).toEqual([what, true, before]);
    }
    for (const path of ["/api/requests/SEC-1", "/api/requests/SEC-1/plan", "/api/tasks?request=SEC-1", "/api/inbox?request=SEC-1"]) {
      const [theirs, absent] = [await call("GET", path, tokens[role]), await call("GET", path.replace("SEC-1", "ABC-1"), tokens[role])];
      expect([role, path, theirs.status, theirs.code]).toEqual([role, path, absent.status, absent.code]);
    }
  }
});

test("no list, search, figure or stream carries a row of a project that is not theirs", async () => {
  const queries: Readonly<Record<string, string>> = { "/api/search": "?q=zebra", "/api/memory": "?q=zebra" };
  for (const role of workers) {
    for (const route of described.filter(({ method, path }) => method === "GET" && !path.includes("{reference}"))) {
      if (route.path === "/api/project-access" && stewards.includes(role)) continue; // as above: names, no rows
      const { text } = await call("GET", `${route.path}${queries[route.path] ?? ""}`, tokens[role]);
      // That some project was opened, by whom and when, is a fact of the organization; its id says no more than that.
      const known = [absentId, closed["projects"]];
      const found = [canary, ...Object.values(closed).filter((id) => !known.includes(id))].filter((secret) => text.includes(secret));
      expect([role, route.path, found]).toEqual([role, route.path, []]);
    }
    const stream = await world.call("GET", "/events", { headers: { authorization: `Bearer ${tokens[role]}`, "last-event-id": "0-0" } });
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    for (let parts = 0; parts < 2_000 && !text.includes("event: ready"); parts += 1)
      text += new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
    const told = [closed["requests"] ?? canary, canary, '"SEC"'].filter((secret) => text.includes(secret));
    expect([role, text.includes("event: ready"), told]).toEqual([role, true, []]);
  }
});

test("an auditor reads every project", async () => {
  expect((await call("GET", `/api/requests/${closed["requests"] ?? ""}`, tokens.auditor)).status).toBe(200);
});

test("a key for one project sees that project alone, and changes nothing of the organization", async () => {
  const bound = await tokenOf(world.personId, null, [world.projectId]);
  expect((await call("GET", `/api/requests/${open["requests"] ?? ""}`, bound)).status).toBe(200);
  expect((await call("GET", `/api/requests/${closed["requests"] ?? ""}`, bound)).status).toBe(404);
  const { code } = await call("POST", "/api/projects", bound, { body: { key: "BND", name: "Bound" } });
  expect(code).toBe("key.bound-to-projects");
});

test("nobody approves their own work by any route while somebody else could", async () => {
  for (const role of workers) {
    const filed = await world.json(
      world.call("POST", "/api/requests", { body: { text: "Mine", project: "ENG" }, headers: { authorization: `Bearer ${tokens[role]}` } }),
    );
    const id = textOf(filed["id"]);
    const brief = {
      interpretation: "Mine",
      goals: [],
      constraints: [],
      unknowns: [],
      options: [],
      approach: "",
      riskClass: "low",
      playbook: null,
    } as const;
    await world.system({ kind: "record-brief", requestId: id, epoch: 1, questions: [], brief });
    await call("POST", `/api/requests/${id}/plan`, tokens[role], { body: { document: world.plan } });
    const scope = { organizationId: world.organizationId, projectIds: [world.projectId] };
    const read = () =>
      world.engine.read(scope, async (reader) => ({
        plan: (await reader.find(planKind, { where: { requestId: id }, limit: 1 }))[0],
        item: (await reader.find(inboxItemKind, { where: { requestId: id, kind: "approval" }, limit: 1 }))[0],
      }));
    const { plan, item } = await read();
    const me = (await world.json(world.call("GET", "/api/me", { headers: { authorization: `Bearer ${tokens[role]}` } })))["person"] as {
      readonly id: string;
    };
    const bodies: readonly object[] = [
      { choice: "approve" },
      { choice: "approve", confirm: textOf(filed["label"]) },
      { confirm: textOf(filed["label"]) },
      { documentSha256: plan?.documentSha256, confirm: textOf(filed["label"]) },
      { personId: me.id },
      { reason: "mine" },
      {},
    ];
    const subjects = [plan?.id ?? "", item?.id ?? "", id];
    const past = described.filter(
      ({ method, path }) => method === "POST" && /\/api\/(?:plans|inbox|requests)\/\{reference\}\//u.test(path),
    );
    for (const route of past.filter(({ path }) => !/\/(?:cancel|reject|patch|repeat|plan)$/u.test(path))) {
      for (const subject of subjects) for (const body of bodies) await call("POST", pathOf(route.path, subject), tokens[role], { body });
    }
    expect([role, (await read()).plan?.state]).toEqual([role, "proposed"]);
  }
});
