import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attemptKind } from "../../src/core/execution/attempt.ts";
import { taskKind } from "../../src/core/execution/task.ts";
import { type Effect, effectKindOf } from "../../src/core/gate/effect.ts";
import { haltKind } from "../../src/core/gate/halt.ts";
import { inboxItemKind } from "../../src/core/oversight/inbox-item.ts";
import type { ReceiverEntry } from "../../verify/world.ts";
import { changed, command, contextOf, plant, scopeOf, type StoreWorld } from "../conformance/store-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { openTestStore, type TestStore } from "../support/test-store.ts";
import type { EffectOrder, OrderedEffect } from "./effect-process.ts";
import { readLines } from "./file-receivers.ts";

const perClass = process.env["XVC_TEST_VOLUME"] === "torture" ? 500 : 5;
const tools = ["crash-reader", "crash-mailer", "crash-shop", "crash-courier"] as const;
const program = fileURLToPath(new URL("effect-process.ts", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "xvc-effects-"));
const receiversFile = join(directory, "receivers.jsonl");

let database: TestDatabase;
let under: TestStore;
let world: StoreWorld;

beforeAll(async () => {
  database = await openTestDatabase();
  under = await openTestStore(database.urls.app);
  world = await plant(under.store);
  const { task, attempt } = world.rows;
  const halts = await under.store.read(scopeOf(world), (reader) => reader.find(haltKind, { limit: 10 }));
  // The world holds one row of each kind; from here on its attempt is at work, and what halted it is over.
  await command(under.store, contextOf(world), {
    changes: [
      changed(taskKind, task, { state: "running", attemptId: attempt.id as never }),
      changed(attemptKind, attempt, { state: "running", epoch: 1 }),
      ...halts.map((halt) => changed(haltKind, halt, { state: "lifted" })),
    ],
  });
});

afterAll(async () => {
  await under.close();
  await database.drop();
  rmSync(directory, { recursive: true, force: true });
});

function runProcess(effects: readonly OrderedEffect[]): Promise<{ readonly signal: string | null; readonly said: readonly string[] }> {
  const { rows, organizationId, projectId } = world;
  const order: EffectOrder = {
    appUrl: database.urls.app,
    receiversFile,
    organizationId,
    projectId,
    requestId: rows.request.id,
    taskId: rows.task.id,
    epoch: 1,
    effects,
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (_, signal) => resolve({ signal, said: output.split("\n").slice(0, -1) }));
  });
}

const planned = Array.from({ length: perClass * tools.length }, (_, place) => ({
  tool: tools[place % tools.length] ?? "crash-reader",
  ordinal: 1 + Math.floor(place / tools.length),
}));

test("killed between the effect and its record, each class of tool ends as it promises", async () => {
  let before: OrderedEffect[] = [];
  for (const effect of planned) {
    const ended = await runProcess([...before, { ...effect, crashPoint: "effect.after-call:1" }]);
    expect({ signal: ended.signal, said: ended.said.slice(before.length) }).toEqual({ signal: "SIGKILL", said: [] });
    before = [{ ...effect, crashPoint: "" }];
  }
  expect((await runProcess(before)).signal).toBeNull();

  const entries = readLines<ReceiverEntry>(receiversFile);
  const effects = await under.store.read(scopeOf(world), (reader) =>
    reader.find(effectKindOf, { where: { taskId: world.rows.task.id }, limit: 10_000 }),
  );
  const items = await under.store.read(scopeOf(world), (reader) =>
    reader.find(inboxItemKind, { where: { kind: "unknown-effect", state: "open" }, limit: 10_000 }),
  );
  const of = (tool: string): readonly Effect[] => effects.filter((effect) => effect.tool === tool);
  const count = (effect: Effect, outcome: ReceiverEntry["outcome"]): number =>
    entries.filter((entry) => entry.effectKey === effect.effectKey && entry.outcome === outcome).length;
  const asked = new Set(items.map((item) => item.subjectId));
  const seen = tools.map((tool) => ({
    tool,
    effects: of(tool).length,
    states: [...new Set(of(tool).map((effect) => effect.state))],
    applied: Math.max(...of(tool).map((effect) => count(effect, "applied"))),
    asked: of(tool).filter((effect) => asked.has(effect.id)).length,
  }));
  console.log(
    `${String(planned.length)} kills between an effect and its record: ${seen.map((one) => `${one.tool} ${one.states.join(" ")}, applied at most ${String(one.applied)} times, ${String(one.asked)} put before a person`).join("; ")}`,
  );
  expect(seen).toEqual([
    { tool: "crash-reader", effects: perClass, states: ["done"], applied: 2, asked: 0 },
    { tool: "crash-mailer", effects: perClass, states: ["done"], applied: 1, asked: 0 },
    { tool: "crash-shop", effects: perClass, states: ["done"], applied: 1, asked: 0 },
    { tool: "crash-courier", effects: perClass, states: ["unknown"], applied: 1, asked: perClass },
  ]);
  expect(of("crash-courier").map((effect) => effect.starts)).toEqual(of("crash-courier").map(() => 1));
});
