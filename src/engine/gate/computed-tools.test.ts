import { expect, test } from "vitest";
import { createMemoryContent } from "../../adapters/in-process/memory-content.ts";
import type { Computation, Material } from "../../core/gate/computation.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { visionTools } from "../../divisions/engineering/vision-tools.ts";
import type { AttemptContext } from "../ports/executor.ts";
import { computedTools } from "./computed-tools.ts";
import { keepOutput } from "./task-files.ts";
import { toolRegistry } from "./tool-door.ts";

const content = createMemoryContent();
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const tool = { name: "draws", description: "Draws.", timeLimitMs: 5_000 };

/** Runs the tool with files by name, and a computation that answers with what it was given or as told. */
async function run(given: JsonObject, files: { readonly [name: string]: string } = {}, answer?: Computation) {
  const seen: Material[] = [];
  const computing = {
    compute: async (_tool: string, material: Material): Promise<Computation> => {
      seen.push(material);
      return answer ?? { kind: "done", result: { sum: 1 }, file: { mediaType: "image/svg+xml", text: "<svg/>" } };
    },
  };
  const artifacts = [];
  for (const [name, text] of Object.entries(files))
    artifacts.push({ name, sha256: await content.write(bytesOf(text)), mediaType: "text/plain", bytes: bytesOf(text).byteLength });
  const context = {
    inputs: [{ name: "in", artifacts }],
    upstream: [],
    task: { spec: { outputs: ["a.svg", "a.json"] } },
  } as unknown as AttemptContext; // all that it looks at
  const [made] = computedTools({ content, crash: () => undefined, computing }, [tool]);
  const result = await made?.run({ context, arguments: given, effectKey: "k" }, new AbortController().signal);
  return { result, seen };
}

test("every tool of the vision can be registered", () => {
  const computing = { compute: () => Promise.reject(new Error("nothing is computed")) };
  const names = toolRegistry(computedTools({ content, crash: () => undefined, computing }, visionTools)).map(
    ({ declaration }) => declaration.name,
  );
  expect(names.toSorted()).toEqual(["design_tools", "diagram_generation", "performance_modeling", "prototype_generation", "user_research"]);
});

test("a specification is given or read from a file of the task, with texts beside it", async () => {
  expect((await run({ specification: { a: 1 } })).seen).toEqual([{ specification: { a: 1 }, files: [] }]);
  const read = await run({ file: "input/in/s.json", files: ["input/in/t.txt"] }, { "s.json": '{"b":2}', "t.txt": "Text" });
  expect(read.seen).toEqual([{ specification: { b: 2 }, files: [{ name: "input/in/t.txt", text: "Text" }] }]);
});

test("what is made is told, or kept as an output of the task that is named for it", async () => {
  expect((await run({})).result).toEqual({ sum: 1, made: { mediaType: "image/svg+xml", text: "<svg/>" } });
  const { result } = await run({ output: "a.svg" });
  expect(result).toMatchObject({ sum: 1, written: { name: "a.svg", mediaType: "image/svg+xml", bytes: 6 } });
  const { sha256 } = await keepOutput({ content, crash: () => undefined }, "a.svg", bytesOf("<svg/>"));
  expect(result?.["written"]).toMatchObject({ sha256 });
  const plain = await run({ output: "a.json" }, {}, { kind: "done", result: { sum: 2 }, file: null });
  expect(plain.result).toMatchObject({ written: { name: "a.json", mediaType: "application/json" } });
});

test.each([
  [{ output: "b.svg" }, {}, "tool.no-such-output"],
  [{ output: "a.json" }, {}, "tool.specification-refused"],
  [{ file: "input/in/none" }, {}, "tool.no-such-file"],
  [{ file: "input/in/s.json" }, { "s.json": "[1]" }, "tool.specification-refused"],
  [{ file: "input/in/s.json" }, { "s.json": "{" }, "tool.specification-refused"],
  [{ file: "input/in/s.json", specification: {} }, { "s.json": "{}" }, "tool.specification-refused"],
  [{ files: ["input/in/large"] }, { large: "x".repeat(2_000_001) }, "tool.specification-refused"],
] as const)("%# is refused", async (given, files, code) => {
  await expect(run(given as unknown as JsonObject, files)).rejects.toMatchObject({ code });
});

test("all problems of a specification are told at once, and too large a file asks for an output", async () => {
  const problems = Array.from({ length: 14 }, (_, index) => ({ path: `a[${index}]`, message: "It is wrong." }));
  await expect(run({}, {}, { kind: "refused", problems })).rejects.toThrow(/a\[0\]: It is wrong\..*a\[11\]: It is wrong\. And 2 more\./u);
  const file = { mediaType: "image/svg+xml", text: "x".repeat(120_001) };
  await expect(run({}, {}, { kind: "done", result: {}, file })).rejects.toMatchObject({ code: "tool.result-too-large" });
});
