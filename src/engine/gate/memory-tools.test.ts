import { expect, test } from "vitest";
import { activeRequest } from "../../../test/support/active-request.ts";
import { type CoreWorld, look } from "../../../test/support/core-world.ts";
import { declarationProblems } from "../../core/gate/tool-declaration.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { asId } from "../../core/shared/ids.ts";
import { readAttemptContext } from "../execution/attempt-context.ts";
import type { AttemptContext } from "../ports/executor.ts";
import { memoryTools } from "./memory-tools.ts";

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
