import { expect, test } from "vitest";
import { failuresIn, failuresPage } from "./failures.ts";

test("lists a failure with literal words once, however it is thrown", () => {
  const text =
    'throw new Failure("invalid", "request.draft-invalid", { problems });\nconst a = () => new Failure("bug", "bug.invariant");\nnew Failure(kind, code);';
  expect(failuresIn("engine/x.ts", text).map((failure) => failure.code)).toEqual(["request.draft-invalid", "bug.invariant"]);
});

test("puts two places of one code into one row", () => {
  const page = failuresPage(["a.ts", "b.ts"].map((file) => ({ kind: "invalid", code: "request.draft-invalid", file })));
  expect(page).toContain("| `request.draft-invalid` | invalid | `src/a.ts`, `src/b.ts` |");
});
