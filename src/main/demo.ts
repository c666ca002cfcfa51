import { readFile } from "node:fs/promises";
import path from "node:path";
import { isDetail } from "../engine/memory/event-sentence.ts";
import type { DeliverableDocument } from "../contract/progress-contract.ts";
import type { TimelineEntry } from "../contract/event-contract.ts";
import type { PlanView } from "../contract/plan-contract.ts";
import { Failure } from "../core/shared/failure.ts";
import { steadyStory } from "./demo-story.ts";

/** What the demo needs of the command line: calls to the server, and waiting for a request to settle. */
export interface DemoHost {
  /** One call; the answer's JSON. @throws {Failure} as the server says */
  call(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown>;
  /** The text of a stored content. */
  content(sha256: string): Promise<string>;
  /** Resolves with the state in which a request needs nothing more, or waits for a person. */
  settled(reference: string): Promise<string>;
  note(line: string): void;
}

/** `xvc.demo/1`: one request from submission to deliverable, played in rehearsal. */
export interface DemoResult {
  readonly schema: "xvc.demo/1";
  readonly rehearsal: true;
  readonly request: string;
  readonly state: string;
  readonly timeline: readonly { readonly hours: number; readonly what: string }[];
  readonly schedule: readonly {
    readonly task: string;
    readonly persona: string;
    readonly startHours: number | null;
    readonly endHours: number | null;
    readonly attempts: number;
    readonly costMicro: number;
  }[];
  readonly forecast: PlanView["plan"]["forecast"];
  readonly costMicro: number;
  readonly currency: string;
  readonly deliverable: readonly { readonly name: string; readonly sha256: string; readonly text: string }[];
}

const projectKey = "DEMO";
/** Most facts of the story that are fetched. */
const maxPages = 20;

/** Plays "Build customer portal" in rehearsal: a question, a failed review, a reassignment, and the deliverable. */
export async function playDemo(host: DemoHost): Promise<DemoResult> {
  await ensureProject(host);
  const script: unknown = JSON.parse(
    await readFile(path.join(import.meta.dirname, "..", "divisions", "engineering", "rehearsals", "customer-portal.json"), "utf8"),
  );
  host.note("Rehearsal: scripted performers play this in simulated time. Nothing here is real work.");
  const opened = (await host.call("POST", "/api/requests", {
    text: "Build customer portal",
    project: projectKey,
    rehearsal: true,
    sample: true,
    approve: true,
    script,
  })) as { readonly label: string; readonly id: string }; // `xvc.request-opened/1`
  const state = await host.settled(opened.label);
  if (state !== "delivered")
    throw new Failure("unavailable", "demo.not-delivered", {
      message: `The rehearsal ended as ${state}; xvc request show ${opened.label} tells why.`,
    });
  return describe(host, opened.label, state);
}

async function ensureProject(host: DemoHost): Promise<void> {
  const { items } = (await host.call("GET", "/api/projects")) as { readonly items: readonly { readonly key: string }[] }; // `xvc.projects/1`
  if (items.some((project) => project.key === projectKey)) return;
  try {
    await host.call("POST", "/api/projects", { key: projectKey, name: "Demo (rehearsal)", mode: "rehearsal" });
  } catch (error) {
    if (!(error instanceof Failure && error.kind === "conflict")) throw error; // another demo was faster
  }
}

interface Progress {
  readonly tasks: readonly {
    readonly task: string;
    readonly performer: { readonly name: string } | null;
    readonly started: number | null;
    readonly finished: number | null;
    readonly attempts: number;
    readonly cost_micro: number;
  }[];
}

async function describe(host: DemoHost, label: string, state: string): Promise<DemoResult> {
  const progress = (await host.call("GET", `/api/requests/${label}`)) as Progress; // `xvc.progress/1`
  const plan = (await host.call("GET", `/api/requests/${label}/plan`)) as PlanView; // `xvc.plan-view/1`
  const deliverable = (await host.call("GET", `/api/requests/${label}/deliverable`)) as DeliverableDocument; // `xvc.deliverable/1`
  const story = steadyStory(
    await readStory(host, label),
    progress.tasks.map((task) => task.task),
  );
  const startMs = story[0]?.atMs ?? 0;
  const hours = (atMs: number | null): number | null => (atMs === null ? null : Math.round(((atMs - startMs) / 3_600_000) * 100) / 100);
  const parts: DemoResult["deliverable"][number][] = [];
  for (const file of deliverable.files) parts.push({ name: file.name, sha256: file.sha256, text: await host.content(file.sha256) });
  return {
    schema: "xvc.demo/1",
    rehearsal: true,
    request: label,
    state,
    timeline: story.filter((entry) => !isDetail(entry.kind)).map((entry) => ({ hours: hours(entry.atMs) ?? 0, what: entry.sentence })),
    schedule: progress.tasks.map((task) => ({
      task: task.task,
      persona: task.performer?.name ?? "",
      startHours: hours(task.started),
      endHours: hours(task.finished),
      attempts: task.attempts,
      costMicro: task.cost_micro,
    })),
    forecast: plan.plan.forecast,
    costMicro: progress.tasks.reduce((sum, task) => sum + task.cost_micro, 0),
    currency: plan.plan.currency,
    deliverable: parts,
  };
}

async function readStory(host: DemoHost, label: string): Promise<readonly TimelineEntry[]> {
  const story: TimelineEntry[] = [];
  let after = "";
  for (let page = 0; page < maxPages; page++) {
    const answer = (await host.call("GET", `/api/requests/${label}/events${after === "" ? "" : `?after=${after}`}`)) as {
      readonly items: readonly TimelineEntry[];
      readonly nextCursor: string | null;
    }; // `xvc.timeline/1`
    story.push(...answer.items);
    if (answer.nextCursor === null || answer.items.length === 0) break;
    after = answer.nextCursor;
  }
  return story;
}

/** The demo as people read it: what happened when, the schedule, the cost, the deliverable. */
export function demoText(result: DemoResult): string {
  const money = (micro: number): string => `${(micro / 1_000_000).toFixed(2)} ${result.currency}`;
  const clock = (value: number | null): string => (value === null ? "" : value.toFixed(2)).padStart(8);
  const forecast =
    result.forecast === null
      ? "none"
      : `P50 ${result.forecast.p50Hours.toFixed(1)} h, P80 ${result.forecast.p80Hours.toFixed(1)} h, P90 ${result.forecast.p90Hours.toFixed(1)} h`;
  const nameWidth = Math.max(4, ...result.schedule.map((row) => row.task.length));
  return [
    `REHEARSAL ${result.request}: Build customer portal (simulated time, scripted performers; no real work)`,
    "",
    "Timeline (hours since submission)",
    ...result.timeline.map((entry) => `${clock(entry.hours)}  ${entry.what}`),
    "",
    `Schedule (forecast ${forecast})`,
    `  ${"task".padEnd(nameWidth)}     start       end  tries  performer            cost`,
    ...result.schedule.map(
      (row) =>
        `  ${row.task.padEnd(nameWidth)}  ${clock(row.startHours)}  ${clock(row.endHours)}  ${String(row.attempts).padStart(5)}  ${row.persona.padEnd(18)}  ${money(row.costMicro)}`,
    ),
    "",
    `Cost (rehearsed): ${money(result.costMicro)}`,
    "",
    "Deliverable (rehearsal)",
    ...result.deliverable.flatMap((file) => [`--- ${file.name}`, file.text.trimEnd()]),
    "",
  ].join("\n");
}
