import { expect, test } from "vitest";
import { failureProblems, failuresIn, failuresPage } from "./failures.ts";

test("finds a code however it is thrown, refused or returned", () => {
  const text = `
    throw new Failure("invalid", "request.draft-invalid", { problems });
    const a = () => new Failure("bug", cause ? "bug.one" : "bug.two");
    return refuse("conflict", "plan.changed", "The plan has changed.");
    const b = { code: "inbox.moved-on", message };
    new Failure(kind, code);`;
  expect(failuresIn("engine/x.ts", text).map(({ kind, code }) => [kind, code])).toEqual([
    ["invalid", "request.draft-invalid"],
    ["bug", "bug.one"],
    ["bug", "bug.two"],
    ["conflict", "plan.changed"],
    [undefined, "inbox.moved-on"],
  ]);
});

test("a code without a line, a line without a code and another kind are problems", () => {
  const found = [
    { kind: "invalid", code: "a.new", file: "a.ts" },
    { kind: "bug", code: "a.known", file: "a.ts" },
  ];
  const problems = failureProblems(found, { "a.known": ["conflict", "It is known."], "a.gone": ["bug", "It is gone."] });
  expect(problems.map((problem) => problem.split(" ")[0])).toEqual(["a.new", "a.gone", "a.known"]);
  expect(() => failuresPage(found, {})).toThrow("a.new");
});

test("puts two places of one code into one row", () => {
  const found = ["a.ts", "b.ts"].map((file) => ({ kind: "invalid", code: "a.b", file }));
  expect(failuresPage(found, { "a.b": ["invalid", "It is wrong."] })).toContain(
    "| `a.b` | invalid | It is wrong. | `src/a.ts`, `src/b.ts` |",
  );
});
