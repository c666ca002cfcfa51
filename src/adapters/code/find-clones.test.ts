import { expect, test } from "vitest";
import { readCodeLines } from "./code-lines.ts";
import { findClones } from "./find-clones.ts";

const block = Array.from({ length: 8 }, (_, index) => `const value${index} = compute(first, second, ${index}) + other(${index});`);
const file = (path: string, lines: readonly string[]) =>
  readCodeLines({ path, text: `${lines.join("\n")}\n`, bytes: 1, content: "text", language: "TypeScript" });
const signal = new AbortController().signal;

test("a copied block is found with both places, spacing and comments aside", async () => {
  const copied = block.flatMap((line, index) => (index === 3 ? ["// a word", "", `    ${line}`] : [`  ${line.replace("= ", "=  ")}`]));
  const { clones } = await findClones([file("a.ts", ["start();", ...block]), file("b.ts", [...copied, "end();"])], signal);
  const tokens = block.join(" ").match(/\w+|[^\w\s]/g)?.length ?? 0;
  expect(clones).toEqual([
    {
      first: { file: "a.ts", line: 2, endLine: 9 },
      second: { file: "b.ts", line: 1, endLine: 10 },
      codeLines: 8,
      tokens,
    },
  ]);
});

test("four equal lines, or many short ones, are no clone", async () => {
  const { clones } = await findClones(
    [
      file("a.ts", block.slice(0, 4)),
      file("b.ts", block.slice(0, 4)),
      file("c.ts", ["}", "}", "}", "}", "}", "}"]),
      file("d.ts", ["}", "}", "}", "}", "}", "}"]),
    ],
    signal,
  );
  expect(clones).toEqual([]);
});

test("a block repeated within one file does not overlap its copy", async () => {
  const { clones, marked } = await findClones([file("a.ts", [...block, ...block, ...block])], signal);
  for (const { first, second } of clones) expect(first.endLine).toBeLessThan(second.line);
  expect(marked[0]?.size).toBe(24);
});

test("an abort is heard", async () => {
  await expect(findClones([file("a.ts", block)], AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
});
