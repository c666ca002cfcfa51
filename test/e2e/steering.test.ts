import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/shared/json.ts";
import { textAt } from "../../src/surfaces/cli/output.ts";
import { type LiveHome, openLiveHome } from "../support/live-home.ts";

let home: LiveHome;
let place: string;
let plan: string;
let result: string;

beforeAll(async () => {
  home = await openLiveHome();
  place = await mkdtemp(path.join(os.tmpdir(), "xvc-steering-"));
  plan = path.join(place, "plan.json");
  result = path.join(place, "result.md");
  // Checks alone judge these tasks, so that one person's work needs nobody else.
  const task = (key: string, dependencies: readonly string[]) => ({
    task: key,
    title: `Do ${key}`,
    persona: "contributor",
    executor: "human",
    dependencies,
    outputs: [`${key}.md`],
    review: "checks",
    acceptance: [{ id: "a1", statement: "It is there.", check: { kind: "output", output: `${key}.md` } }],
  });
  await writeFile(plan, JSON.stringify({ decomposition: [task("first", []), task("second", ["first"])] }));
  await writeFile(result, "# Done\n");
  await home.up();
});

afterAll(async () => {
  await home.remove();
  await rm(place, { recursive: true, force: true });
});

const rest = async (label: string): Promise<number> => (await home.xvc("request", "wait", label, "-q")).exit;
const show = (label: string): Promise<JsonObject> => home.get(`/api/requests/${label}`);
const statuses = (progress: JsonObject): readonly string[] =>
  (progress["tasks"] as readonly { readonly status: string }[]).map((task) => task.status); // `xvc.progress/1`

/** A request whose written plan waits for approval. */
async function proposed(text: string): Promise<string> {
  const label = textAt(await home.json("request", "submit", text), "label");
  expect(await rest(label)).toBe(8);
  await home.json("inbox", "answer", label, "tasks", "--file", plan);
  expect(await rest(label)).toBe(8);
  return label;
}

async function active(text: string): Promise<string> {
  const label = await proposed(text);
  await home.json("plan", "approve", label, "--confirm", label);
  return label;
}

async function work(label: string, key: string): Promise<void> {
  await home.json("task", "claim", `${label}/${key}`);
  await home.json("task", "submit", `${label}/${key}`, "--output", `${key}.md=${result}`, "--minutes", "5");
}

describe.concurrent("a request is steered from the command line", () => {
  test("a rejected plan ends the request, with the reason on record and nothing left to do", async () => {
    const label = await proposed("Paint the door red");
    expect(await home.xvc("plan", "reject", label, "--confirm", label)).toMatchObject({ exit: 2, out: "" });
    await home.json("plan", "reject", label, "--reason", "Nobody needs a red door.", "--confirm", label);
    expect(await rest(label)).toBe(1);
    const progress = await show(label);
    expect(progress).toMatchObject({
      state: "rejected",
      inbox: [],
      decisions: [{ choice: "reject", rationale: "Nobody needs a red door." }],
    });
    expect(statuses(progress)).toEqual(["cancelled", "cancelled"]);
  });

  test("asking for changes asks again how it should be done; the next plan is the second", async () => {
    const label = await proposed("Paint the door green");
    await home.json("plan", "reject", label, "--changes", "--reason", "One task is enough.", "--confirm", label);
    expect(await rest(label)).toBe(8);
    await home.json("inbox", "answer", label, "one-task", "--value", "Paint it");
    expect(await rest(label)).toBe(8);
    const progress = await show(label);
    expect(progress).toMatchObject({ state: "awaiting-approval", plan: { number: 2, taskCount: 1 } });
    await home.json("request", "cancel", label, "--reason", "The door is gone.");
    expect(await show(label)).toMatchObject({ state: "cancelled", inbox: [] });
  });

  test("a paused request gives nothing out until it is resumed", async () => {
    const label = await active("Paint the door blue");
    await home.json("request", "pause", label, "--reason", "No paint.");
    const waiting = await home.xvc("request", "wait", label);
    expect(waiting.exit).toBe(8);
    expect(waiting.err).toContain(`xvc request resume ${label}`);
    expect((await home.xvc("task", "claim", `${label}/first`)).exit).toBe(4);
    await home.json("request", "resume", label);
    await work(label, "first");
    expect(await rest(label)).toBe(8);
    expect(await show(label)).toMatchObject({ state: "active", tasks: [{ status: "passed" }, { status: "ready" }] });
    await home.json("request", "cancel", label);
    expect(await home.xvc("request", "resume", label)).toMatchObject({ exit: 4, out: "" });
  });

  test("cancelling ends every task, also the one somebody works on", async () => {
    const label = await active("Paint the door white");
    await home.json("task", "claim", `${label}/first`);
    await home.json("request", "cancel", label, "--reason", "It rains.");
    expect(await rest(label)).toBe(1);
    const progress = await show(label);
    expect(progress).toMatchObject({ state: "cancelled", inbox: [] });
    expect(statuses(progress)).toEqual(["cancelled", "cancelled"]);
    expect((await home.xvc("task", "submit", `${label}/first`, "--output", `first.md=${result}`)).exit).toBe(4);
  });

  test("delivered work is reopened, done again and closed", async () => {
    const label = await active("Paint the door black");
    await work(label, "first");
    expect(await rest(label)).toBe(8);
    await work(label, "second");
    expect(await rest(label)).toBe(0);
    await home.json("request", "reopen", label, "--task", "second", "--reason", "A spot is missing.");
    expect(await rest(label)).toBe(8);
    expect(statuses(await show(label))).toEqual(["integrated", "ready"]);
    await home.json("task", "claim", `${label}/second`);
    const task = await home.json("task", "show", `${label}/second`);
    const points = task["reworkPoints"] as readonly { readonly id: string; readonly text: string }[]; // `xvc.task/1`
    expect(points).toMatchObject([{ text: "A spot is missing." }]);
    const answers = points.flatMap((point) => ["--answer", `${point.id}=painted`]);
    await home.json("task", "submit", `${label}/second`, "--output", `second.md=${result}`, ...answers);
    expect(await rest(label)).toBe(0);
    await home.json("request", "close", label);
    expect(await show(label)).toMatchObject({ state: "closed", inbox: [] });
  });
});

test("after all of it the world checker finds nothing", async () => {
  expect(await home.verify("--settled")).toEqual([]);
});
