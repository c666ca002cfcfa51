import { expect, test } from "vitest";
import { createMemoryContent } from "../../adapters/in-process/memory-content.ts";
import type { AttemptContext } from "../ports/executor.ts";
import { keepOutput, writtenIn } from "./task-files.ts";

/** Only what these look at. */
const context = { task: { spec: { outputs: ["a.md"] } } } as unknown as AttemptContext;

test("an output that was kept is named as written, and nothing else is", async () => {
  const content = createMemoryContent();
  const written = await keepOutput({ content, crash: () => undefined }, "a.md", new TextEncoder().encode("Hi"));
  expect(writtenIn(context, { written })).toEqual([{ name: "a.md", mediaType: "text/markdown", bytes: 2, sha256: written["sha256"] }]);
  for (const other of [undefined, null, "a.md", [written], { ...written, name: "b.md" }, { name: "a.md" }])
    expect(writtenIn(context, other === undefined ? {} : { written: other })).toEqual([]);
});
