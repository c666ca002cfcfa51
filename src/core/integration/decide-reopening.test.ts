import { expect, test } from "vitest";
import type { Task } from "../execution/task.ts";
import type { Authority } from "../oversight/authority.ts";
import { decisionKind } from "../oversight/decision.ts";
import type { Person } from "../oversight/person.ts";
import type { Plan } from "../planning/plan.ts";
import { type WorkRequest, requestKind } from "../requests/request.ts";
import { type ReopeningSlice, type ReopenRequest, decideReopening } from "./decide-reopening.ts";
import type { Deliverable } from "./deliverable.ts";

let ids = 0;
const context = { actor: { kind: "person", id: "p" }, nowMs: 1_000, newId: () => `id-${String((ids += 1))}` } as const;
const basis = { request: {}, verdict: { policies: [] }, statements: [], setSha256: "" };
const spec = { persona: "editor", origin: "", estimate: { likelyHours: 1 }, executors: [], skills: [], risk: "low" };
const row = { version: 1, eventCount: 0, state: "integrated", requestId: "r", planId: "plan", excludedPerformers: [], performer: null };
const taskOf = (key: string, dependsOn: readonly string[], dependents: readonly string[]): Task =>
  ({
    ...row,
    id: key,
    key,
    title: key,
    ordinal: dependsOn.length,
    dependsOn,
    dependents,
    spec,
    attemptCount: 2,
    outputs: [],
  }) as unknown as Task; // what the decision reads

/** Work that was delivered: `draft`, then `edit` which uses it. */
const slice = {
  request: { id: "r", version: 1, eventCount: 0, state: "delivered", title: "Report", stateSinceMs: 0, epoch: 1 } as unknown as WorkRequest, // as above
  plan: { id: "plan", version: 1, eventCount: 0, openSinks: 0 } as unknown as Plan, // as above
  tasks: [taskOf("draft", [], ["edit"]), taskOf("edit", ["draft"], [])],
  items: [],
  deliverable: { id: "d", version: 1, eventCount: 0, files: [] } as unknown as Deliverable, // as above
  person: { id: "p", state: "active", roles: ["contributor"] } as unknown as Person, // as above
  bench: { personas: [], loads: new Map(), quality: new Map() } as unknown as ReopeningSlice["bench"], // nobody is there to take it
  authority: { kind: "granted", rule: "any-member, by steerers@1", soloWaiver: false, basis } as unknown as Authority, // as above
} satisfies ReopeningSlice;

const reopen = (changes: Partial<ReopeningSlice>, command: Partial<ReopenRequest> = {}) =>
  decideReopening(
    { ...slice, ...changes },
    { kind: "reopen-request", requestId: "r", taskKeys: ["edit"], reason: "The sums are wrong.", ...command },
    context,
  );

test("reopening is refused to who is no member, whom no policy permits, without delivered work, tasks or a reason", () => {
  const denied: Authority = { kind: "denied", code: "authority.forbidden", message: "Policy no-reopening@1 forbids this." };
  const refusals: readonly (readonly [string, string, ReturnType<typeof reopen>])[] = [
    ["forbidden", "request.not-a-member", reopen({ person: undefined })],
    ["forbidden", "request.not-a-member", reopen({ person: { ...slice.person, state: "removed" } })],
    ["forbidden", "authority.forbidden", reopen({ authority: denied })],
    ["conflict", "request.not-delivered", reopen({ request: { ...slice.request, state: "active" } })],
    ["conflict", "request.not-delivered", reopen({ request: { ...slice.request, state: "cancelled" } })],
    ["invalid", "request.nothing-to-reopen", reopen({}, { taskKeys: [] })],
    ["invalid", "request.nothing-to-reopen", reopen({}, { taskKeys: ["edit", "unknown"] })],
    ["invalid", "request.nothing-to-reopen", reopen({ tasks: slice.tasks.map((task) => ({ ...task, state: "cancelled" })) })],
    ["invalid", "request.reason-missing", reopen({}, { reason: "  " })],
  ];
  for (const [failure, code, decided] of refusals) expect([code, decided]).toMatchObject([code, { kind: "refused", failure, code }]);
});

test("a reopening is on record with the rule and what it sends back", () => {
  const decided = reopen({});
  const changed = (kind: string) =>
    decided.kind === "accepted"
      ? decided.transition.changes.filter((change) => change.kind.name === kind).map((change) => change.after)
      : [];
  expect(changed(decisionKind.name)).toMatchObject([
    { choice: "reopen-request", rationale: "The sums are wrong.", authority: "any-member, by steerers@1", evidence: { tasks: ["edit"] } },
  ]);
  expect(changed(requestKind.name)).toMatchObject([{ state: "active" }]);
});
