import { expect, test } from "vitest";
import { Failure, invariant } from "./failure.ts";

test("a failure says its details' message, and its code where they have none", () => {
  expect(new Failure("invalid", "a.b", { message: "Write it so." }).message).toBe("Write it so.");
  for (const details of [null, "text", ["list"], {}, { message: 7 }]) expect(new Failure("invalid", "a.b", details).message).toBe("a.b");
});

test("an invariant that does not hold is a bug of ours", () => {
  expect(() => invariant(true, "one is one")).not.toThrow();
  expect(() => invariant(false, "one is two")).toThrow(
    expect.objectContaining({ kind: "bug", code: "bug.invariant", message: "one is two" }),
  );
});
