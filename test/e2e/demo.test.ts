import { afterAll, beforeAll, expect, test } from "vitest";
import { type LiveHome, openLiveHome, type Ran } from "../support/live-home.ts";

let home: LiveHome;
let first: Ran;
let second: Ran;
let firstMs: number;

beforeAll(async () => {
  home = await openLiveHome();
  await home.up();
  const startedAtMs = Date.now();
  first = await home.xvc("demo", "--json", "-q");
  firstMs = Date.now() - startedAtMs;
  second = await home.xvc("demo", "--json", "-q");
});

afterAll(() => home.remove());

interface Demo {
  readonly schema: string;
  readonly rehearsal: boolean;
  readonly state: string;
  readonly request: string;
  readonly timeline: readonly { readonly hours: number; readonly what: string }[];
  readonly schedule: readonly {
    readonly task: string;
    readonly attempts: number;
    readonly startHours: number;
    readonly endHours: number;
    readonly costMicro: number;
  }[];
  readonly forecast: { readonly p50Hours: number; readonly p90Hours: number };
  readonly costMicro: number;
  readonly deliverable: readonly { readonly name: string; readonly text: string }[];
}

const read = (ran: Ran): Demo => JSON.parse(ran.out) as Demo; // `xvc.demo/1`

test("the demo takes one request from submission to deliverable within a minute", () => {
  expect([first.exit, first.err]).toEqual([0, ""]);
  expect(firstMs).toBeLessThan(60_000);
  const demo = read(first);
  expect(demo).toMatchObject({ schema: "xvc.demo/1", rehearsal: true, state: "delivered" });
  const story = demo.timeline.map((entry) => entry.what).join("\n");
  expect(story).toContain("Somebody is asked: Which customers");
  expect(story).toMatch(/said: rework/u);
  expect(story).toMatch(/moved to another performer/u);
  expect(demo.timeline.map((entry) => entry.hours)).toEqual(
    demo.timeline.map((entry) => entry.hours).toSorted((left, right) => left - right),
  );
  expect(demo.schedule.map((row) => row.task)).toEqual([
    "architecture_design",
    "ui_design",
    "backend_implementation",
    "integration_testing",
  ]);
  expect(demo.schedule.some((row) => row.attempts > 1)).toBe(true);
  expect(demo.schedule.every((row) => row.endHours > row.startHours)).toBe(true);
  expect(demo.schedule.reduce((sum, row) => sum + row.costMicro, 0)).toBe(demo.costMicro);
  expect(demo.costMicro).toBeGreaterThan(0);
  expect(demo.forecast.p90Hours).toBeGreaterThan(demo.forecast.p50Hours);
  expect(demo.deliverable).toHaveLength(4);
  expect(demo.deliverable.every((file) => file.text.includes("(rehearsal)"))).toBe(true);
});

test("played again it gives the same bytes, ids aside", () => {
  const label = (ran: Ran): string => ran.out.replaceAll(read(ran).request, "DEMO-n");
  expect(label(second)).toBe(label(first));
  expect(read(second).request).not.toBe(read(first).request);
});

test("a rehearsal leaves nothing for people to do, and its project is one for ever", async () => {
  const { items } = await home.json("inbox", "list");
  const labels = (items as readonly { readonly requestLabel: string }[]).map((item) => item.requestLabel); // `xvc.inbox/1`
  expect(labels.filter((label) => label.startsWith("DEMO-"))).toEqual([]);
  const projects = await home.json("project", "list");
  expect(projects["items"]).toContainEqual(expect.objectContaining({ key: "DEMO", mode: "rehearsal" }));
  expect(await home.verify("--settled")).toEqual([]);
});
