import { expect, test } from "vitest";
import { activeRequest } from "../../../test/support/active-request.ts";
import { type CoreWorld, hashOf, look, worker } from "../../../test/support/core-world.ts";
import { workbookWriter } from "../../adapters/documents/write-workbook.ts";
import { createMemoryContent } from "../../adapters/in-process/memory-content.ts";
import { declarationProblems } from "../../core/gate/tool-declaration.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { asId } from "../../core/shared/ids.ts";
import { readAttemptContext } from "../execution/attempt-context.ts";
import type { AttemptContext } from "../ports/executor.ts";
import { drawingTools } from "./drawing-tools.ts";
import { memoryTools } from "./memory-tools.ts";
import { openToolDoor, toolRegistry } from "./tool-door.ts";

async function opened() {
  const { world, founder } = await activeRequest([{ task: "a", review: "checks", outputs: ["a.md"] }]);
  const { attempts } = await look(world);
  const id = attempts[0]?.id ?? "";
  const context = await world.engine.read(world.scope, (reader) => readAttemptContext(reader, id, world.nowMs()));
  return { world, founder, context };
}

const toolsOf = ({ engine, scope }: CoreWorld) => memoryTools({ engine, organizationId: scope.organizationId });

async function call(world: CoreWorld, context: AttemptContext, name: string, given: JsonObject): Promise<JsonObject> {
  const tool = toolsOf(world).find(({ declaration }) => declaration.name === name);
  if (tool === undefined) throw new Error(`There is no ${name}.`);
  return tool.run({ context, arguments: given, effectKey: "k" }, new AbortController().signal);
}

test("through the door both reading memory and writing an output are let through, and what was written is named", async () => {
  const { world } = await activeRequest([{ task: "a", review: "checks", outputs: ["a.svg"] }]);
  const [attempt] = (await look(world)).attempts;
  if (attempt === undefined) throw new Error("There is no attempt.");
  await world.tell(worker, { kind: "start-attempt", attemptId: attempt.id, epoch: attempt.epoch, executorId: "w" });
  const context = await world.engine.read(world.scope, (reader) => readAttemptContext(reader, attempt.id, world.nowMs()));
  const content = createMemoryContent();
  const tools = toolRegistry([...toolsOf(world), ...drawingTools({ content, crash: () => undefined, workbooks: workbookWriter })]);
  const clock = {
    nowMs: () => world.nowMs(),
    monotonicMs: () => world.nowMs(),
    pause: () => Promise.resolve(),
    deadline: () => new AbortController().signal,
  };
  const digest = (text: string) => asId<"sha256">(hashOf(JSON.parse(text))); // the door hashes canonical JSON only
  const { organizationId } = world.scope;
  const apply = world.engine.apply.bind(world.engine);
  const parts = { organizationId, tools, clock, digest, ids: { next: () => world.newId() }, apply, crash: () => undefined };
  const door = openToolDoor({ ...parts, redact: (text) => text }, context);
  const ask = (tool: string, given: JsonObject) =>
    door.call({ callId: tool, tool, rawArguments: JSON.stringify(given) }, new AbortController().signal);
  expect(await ask("memory.search", { text: context.request.title })).toMatchObject({ kind: "done", label: { integrity: "external" } });
  const chart = { name: "a.svg", kind: "bar", title: "T", columns: ["n", "v"], rows: [["a", 1]], x: "n", y: ["v"] };
  const drawn = await ask("chart.draw", chart);
  expect(drawn).toMatchObject({ kind: "done", written: [{ name: "a.svg", mediaType: "image/svg+xml" }] });
  expect(await ask("chart.draw", { ...chart, rows: [[{ deep: 1 }]] })).toMatchObject({ kind: "refused" });
});

test("what is on record in the project is found with whose words it is, and read whole", async () => {
  const { world, context } = await opened();
  for (const { declaration } of toolsOf(world)) expect(declarationProblems(declaration)).toEqual([]);
  const { items } = await call(world, context, "memory.search", { text: context.request.title, kinds: ["request"] });
  expect(items).toMatchObject([{ kind: "request", id: context.request.id, title: context.request.title }]);
  const [hit] = items as readonly JsonObject[];
  expect(["person", "persona", "system", "external"]).toContain(hit?.["origin"]);
  const read = await call(world, context, "memory.read", { kind: "request", id: context.request.id });
  expect(read["text"]).toContain(context.request.title);
  expect(read["origin"]).toBe(hit?.["origin"]);
});

test("from another project nothing is found and nothing read, as if it were not there", async () => {
  const { world, context } = await opened();
  const elsewhere = { ...context, request: { ...context.request, projectId: asId<"project">(world.newId()) } };
  expect(await call(world, elsewhere, "memory.search", { text: context.request.title, kinds: ["request", "task"] })).toMatchObject({
    items: [],
  });
  await expect(call(world, elsewhere, "memory.read", { kind: "request", id: context.request.id })).rejects.toMatchObject({
    code: "tool.no-such-record",
  });
  await expect(call(world, context, "memory.read", { kind: "request", id: "nobody" })).rejects.toMatchObject({
    code: "tool.no-such-record",
  });
});

test("members are not looked into, and a cursor that no page gave is told as a mistake", async () => {
  const { world, context, founder } = await opened();
  expect(await call(world, context, "memory.search", { text: "Founder" })).not.toMatchObject({ items: [{ kind: "person" }] });
  await expect(call(world, context, "memory.read", { kind: "person", id: founder.id })).rejects.toMatchObject({
    code: "tool.no-such-record",
  });
  await expect(call(world, context, "memory.search", { text: "x", cursor: "9" })).rejects.toMatchObject({ code: "tool.bad-cursor" });
});
