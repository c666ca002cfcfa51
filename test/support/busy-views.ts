/** What the views over many rows must say about a busy project, counted by another route: every row and event read, one by one. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createMemoryContent } from "../../src/adapters/in-process/memory-content.ts";
import { taskKind } from "../../src/core/execution/task.ts";
import { decisionKind } from "../../src/core/oversight/decision.ts";
import { inboxItemKind } from "../../src/core/oversight/inbox-item.ts";
import { projectKindOf } from "../../src/core/oversight/person.ts";
import { requestKind } from "../../src/core/requests/request.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { buildContext } from "../../src/engine/memory/context-view.ts";
import type { Digest } from "../../src/engine/ports/content.ts";
import { auditCheckView, auditPageView } from "../../src/engine/memory/audit-view.ts";
import { decisionDetailView, decisionPageView } from "../../src/engine/memory/decisions-view.ts";
import { searchView } from "../../src/engine/memory/search-view.ts";
import { metricsView } from "../../src/engine/metrics/metrics-view.ts";
import { staffView } from "../../src/engine/personas/staff-view.ts";
import type { Reader, Scope, StoredEvent } from "../../src/engine/ports/store.ts";
import { portfolioView } from "../../src/engine/scheduling/portfolio-view.ts";
import { command, contextOf, fact, plant, readEvents, scopeOf, type StoreUnderTest } from "../conformance/store-fixture.ts";
import { plantBusyProject } from "./busy-world.ts";

const nowMs = 1_900_000_000_000;
const dayMs = 86_400_000;
const all = 10_000;

interface Busy {
  readonly scope: Scope;
  readonly read: <Result>(work: (reader: Reader) => Promise<Result>) => Promise<Result>;
  readonly events: readonly StoredEvent[];
}

const linear = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((left, right) => left - right);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  return below + ((sorted[Math.ceil(place)] ?? Number.NaN) - below) * (place % 1);
};

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** Cases over one store; both stores have to agree with the recount. */
export function busyViewCases(under: () => StoreUnderTest): void {
  let planted: Promise<Busy> | undefined;
  /** Planted once: no case changes it. */
  const busy = (): Promise<Busy> => (planted ??= plantBusy());

  async function plantBusy(): Promise<Busy> {
    const { store } = under();
    const world = await plant(store);
    const place = { organizationId: world.organizationId, personId: world.rows.person.id, nowMs };
    const first = await plantBusyProject(store, { ...place, project: { key: "LEG", name: "Legal", mode: "real" }, requests: 40 });
    const second = await plantBusyProject(store, { ...place, project: { key: "SUP", name: "Support", mode: "real" }, requests: 15 });
    const other = await plant(store);
    await plantBusyProject(store, {
      organizationId: other.organizationId,
      personId: other.rows.person.id,
      nowMs,
      project: { key: "LEG", name: "Of somebody else", mode: "real" },
      requests: 5,
    });
    const scope = { organizationId: world.organizationId, projectIds: [first, second] };
    return { scope, read: (work) => store.read(scope, work), events: await everyEvent(scope) };
  }

  /** Reads of the log end before the oldest open transaction of the server, which other test files use too: waits for a later fact of a stranger. */
  async function everyEvent(scope: Scope): Promise<readonly StoredEvent[]> {
    const { store } = under();
    const stranger = await plant(store);
    await command(store, contextOf(stranger), { events: [fact("task", stranger.rows.task.id, 1)] });
    for (let tries = 0; tries < 2_000; tries += 1) {
      const [seen] = await store.read(scopeOf(stranger), (reader) => reader.events({ limit: 1, newestFirst: true }));
      if (seen !== undefined) break;
      await under().advance(25);
    }
    return readEvents(under(), scope, 1);
  }

  test("the portfolio counts what a reading of every row counts", async () => {
    const { read, scope } = await busy();
    const { view, requests, tasks, items } = await read(async (reader) => {
      const projects = (await reader.find(projectKindOf, { limit: all })).filter((project) =>
        scope.projectIds.some((id) => id === project.id),
      );
      return {
        view: await portfolioView(reader, { mode: "real", projects, nowMs }),
        requests: await reader.find(requestKind, { limit: all }),
        tasks: await reader.find(taskKind, { limit: all }),
        items: await reader.find(inboxItemKind, { limit: all }),
      };
    });
    expect(requests).toHaveLength(55);
    const requestsIn = (projectId: string, ...states: readonly string[]): number =>
      requests.filter((row) => row.projectId === projectId && states.includes(row.state)).length;
    for (const project of view.projects) {
      expect([project.key, project.stages.execution, project.stages.decomposition, project.stages.integration]).toEqual([
        project.key,
        requestsIn(project.id, "active"),
        requestsIn(project.id, "planning", "awaiting-approval"),
        requestsIn(project.id, "integrating"),
      ]);
      expect([project.paused, project.waiting, project.ended]).toEqual([
        requestsIn(project.id, "paused"),
        requestsIn(project.id, "needs-input", "awaiting-approval"),
        requestsIn(project.id, "delivered", "closed", "rejected", "cancelled"),
      ]);
      const own = new Set(requests.filter((row) => row.projectId === project.id).map((row) => row.id));
      const held = tasks.filter((task) => own.has(task.requestId) && ["blocked", "escalated"].includes(task.state));
      expect(project.blockedTasks).toBe(held.length);
    }
    for (const load of view.load) {
      const mine = tasks.filter((task) => task.performer?.kind === load.performer.kind && task.performer.id === load.performer.id);
      const onHand = mine.filter((task) => !["proposed", "waiting", "passed", "integrated", "cancelled", "failed"].includes(task.state));
      expect([load.performer.id, load.total, load.running]).toEqual([
        load.performer.id,
        onHand.length,
        mine.filter((task) => task.state === "running").length,
      ]);
    }
    expect(view.load).toHaveLength(3);
    const open = items.filter((item) => item.state === "open");
    expect([view.waitCount, view.waits.map((wait) => wait.itemId)]).toEqual([open.length, open.slice(0, 20).map((item) => item.id)]);
    const active = requests.filter((row) => row.state === "active" || row.state === "integrating");
    expect([view.activeCount, view.forecasts.length]).toEqual([active.length, active.length]);
    for (const one of view.forecasts) {
      const late = one.deadlineAtMs !== null && one.deadlineAtMs < nowMs;
      const past = (["past-p90", "past-p80", "past-p50"] as const).find(
        (_course, at) => one.elapsedHours > ([one.p90Hours, one.p80Hours, one.p50Hours][at] ?? 0),
      );
      expect(one.course).toBe(late ? "past-deadline" : (past ?? "on-course"));
    }
    expect(view.risks.filter((risk) => risk.kind === "deadline").length).toBeGreaterThan(0);
  });

  test("every metric is what its raw events say", async () => {
    const { read, events } = await busy();
    const days = 30;
    const view = await read((reader) => metricsView(reader, { nowMs, days, projects: ["LEG", "SUP"] }));
    for (const [fromMs, told] of [
      [nowMs - days * dayMs, "now"],
      [nowMs - 2 * days * dayMs, "before"],
    ] as const) {
      const within = events.filter((event) => event.atMs >= fromMs && event.atMs < fromMs + days * dayMs + (told === "now" ? 1 : 0));
      const of = (kind: string): readonly StoredEvent[] => within.filter((event) => event.kind === kind);
      const gates = of("gate.decided");
      const passed = gates.filter((event) => event.data["verdict"] === "pass").length;
      const waits = of("decision.answered").map((event) => Number(event.data["msWaited"]));
      const stays = within.filter((event) => event.data["from"] === "awaiting-approval").map((event) => Number(event.data["msInState"]));
      const times = of("human.time").map((event) => Number(event.data["ms"]));
      const recounted: { readonly [key: string]: readonly [n: number, value: number] } = {
        "requests-delivered": [of("request.delivered").length, (of("request.delivered").length * 7) / days],
        "tasks-accepted": [of("task.accepted").length, (of("task.accepted").length * 7) / days],
        "first-pass-yield": [gates.length, passed / gates.length],
        "rework-share": [gates.length, 1 - passed / gates.length],
        "wait-for-answer": [waits.length, linear(waits, 0.5)],
        "answers-per-task": [of("task.accepted").length, waits.length / of("task.accepted").length],
        "reported-work": [times.length, linear(times, 0.5)],
        "stay-awaiting-approval": [stays.length, linear(stays, 0.5)],
      };
      const shown = [...view.flow, ...view.people, ...view.stages].map((metric) => {
        const { n, value } = told === "now" ? metric : { n: metric.before?.n ?? 0, value: metric.before?.value ?? null };
        return [metric.key, value === null ? "too few" : n, value === null ? null : rounded(value)] as const;
      });
      const expected = Object.entries(recounted).map(([key, [n, value]]) => (n < 10 ? [key, "too few", null] : [key, n, rounded(value)]));
      expect(shown).toEqual(expect.arrayContaining(expected));
    }
    const shares = view.flow.find((metric) => metric.key === "first-pass-yield");
    expect(shares?.interval?.low).toBeLessThan(shares?.value ?? 0);
    const delivered = view.flow.find((metric) => metric.key === "requests-delivered");
    expect(view.stages.filter((metric) => metric.n < metric.fewest && metric.value !== null)).toEqual([]);
    expect(delivered?.rows).toEqual({ kinds: ["request.delivered"], fromMs: nowMs - days * dayMs, toMs: nowMs + 1 });
  });

  test("quality of a performer is its own first rounds, and none below the least number", async () => {
    const { read, events } = await busy();
    const staff = await read((reader) => staffView(reader, nowMs));
    const gates = events.filter((event) => event.kind === "gate.decided" && event.atMs >= nowMs - 90 * dayMs);
    const [person] = staff.people;
    const mine = gates.filter((event) => event.data["performer"] === `person:${person?.id ?? ""}`);
    const passed = mine.filter((event) => event.data["verdict"] === "pass").length;
    expect([person?.quality.n, person?.quality.share]).toEqual([mine.length, passed / mine.length]);
    const writer = staff.personas.find((persona) => persona.key === "writer");
    expect(writer?.quality).toEqual({ n: 0, fewest: 10, share: null, interval: null });
  });

  test("the log pages into the past without a gap, and its check finds nothing missing", async () => {
    const { read, events } = await busy();
    const seen: string[] = [];
    let before: string | undefined;
    for (let page = 0; page < 100; page += 1) {
      const from = before;
      const view = await read((reader) =>
        auditPageView(reader, { kinds: ["gate.decided", "decision.made"] }, { limit: 40, ...(from === undefined ? {} : { before: from }) }),
      );
      seen.push(...view.items.map((item) => item.cursor));
      if (view.nextCursor === null) break;
      before = view.nextCursor;
    }
    const wanted = events.filter((event) => event.kind === "gate.decided" || event.kind === "decision.made");
    expect(seen).toEqual(wanted.map((event) => event.cursor).toReversed());
    const check = await read((reader) => auditCheckView(reader, nowMs));
    expect([check.problems, check.ok, check.subjects]).toEqual([[], true, 200]);
  });

  test("decisions are listed once each, shown whole, and found by their words", async () => {
    const { read } = await busy();
    const rows = await read((reader) => reader.find(decisionKind, { newestFirst: true, limit: all }));
    const first = await read((reader) => decisionPageView(reader, { limit: 30 }));
    const second = await read((reader) => decisionPageView(reader, { limit: 30, cursor: first.nextCursor ?? "" }));
    expect([...first.items, ...second.items].map((item) => item.id)).toEqual(rows.map((row) => row.id));
    expect(second.nextCursor).toBeNull();
    const [newest] = first.items;
    const whole = await read((reader) => decisionDetailView(reader, newest?.id ?? ""));
    expect(whole).toMatchObject({ question: newest?.question, choice: "approve", rationale: "The terms are known.", supersededById: null });
    expect(whole.options.map((option) => option.id)).toEqual(["approve", "reject"]);
    await expect(read((reader) => decisionDetailView(reader, "nothing"))).rejects.toMatchObject({ code: "decision.not-found" });
    const found = await read((reader) => searchView(reader, { text: "PLAN OF CONTRACT 7?", kinds: ["decision"], limit: 20 }));
    expect(found.items.map((item) => [item.kind, item.title.text])).toEqual([
      ["decision", "Approve the plan of contract 7?"],
      ["decision", "Approve the plan of contract 7?"],
    ]);
    expect((await read((reader) => searchView(reader, { text: "somebody else", limit: 20 }))).items).toEqual([]);
  });

  test("what a task's performer is told is gathered from its project alone, the same twice", async () => {
    const { scope, read } = await busy();
    const own = { ...scope, projectIds: scope.projectIds.slice(0, 1) };
    const content = createMemoryContent();
    const digest: Digest = (text) => asId<"sha256">(createHash("sha256").update(text).digest("hex"));
    const [task] = await under().store.read(own, (reader) => reader.find(taskKind, { newestFirst: true, limit: 1 }));
    const asked = { taskId: task?.id ?? "", content, digest, nowMs, budgetTokens: 8_000 };
    const build = () => under().store.read(own, (reader) => buildContext(reader, asked));
    const [once, twice] = [await build(), await build()];
    expect(twice).toEqual(once);
    const tasks = await read((reader) => reader.find(taskKind, { limit: all }));
    const decisions = await under().store.read(own, (reader) => reader.find(decisionKind, { limit: all }));
    const rows = "neededTokens" in once ? [] : once.manifest.rows;
    expect(rows.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["brief", "task", "criteria"]));
    const strangers = rows.filter(({ id }) => id.startsWith("decision:") && !decisions.some((one) => `decision:${one.id}` === id));
    expect([strangers, tasks.some(({ id }) => `task:${id}` === rows.find(({ kind }) => kind === "task")?.id)]).toEqual([[], true]);
  });
}
