import { expect, test } from "vitest";
import { asId } from "../shared/ids.ts";
import { beginStep } from "../shared/transition.ts";
import { maxTogether, togetherProblem } from "./answer-together.ts";
import type { InboxItem } from "./inbox-item.ts";
import { type NewItem, openItem } from "./open-item.ts";

const item = (fields: Partial<NewItem> = {}): InboxItem =>
  openItem(beginStep({ actor: { kind: "system", id: "s" }, nowMs: 0, newId: () => "n" }), {
    kind: "approval",
    requestId: asId("r"),
    subjectKind: "task",
    subjectId: "s",
    title: "t",
    detail: "",
    ruleId: "x",
    choices: [
      { id: "approve", label: "", needs: "nothing" },
      { id: "no", label: "", needs: "reason" },
      { id: "say", label: "", needs: "text" },
    ],
    ...fields,
  });

test("one answer stands for several only where nothing tells them apart and nothing is at risk", () => {
  expect(togetherProblem([item(), item()], "approve")).toBeNull();
  expect(togetherProblem([item()], "no")).toBeNull();
  const grave: readonly Partial<NewItem>[] = [{ risk: "medium" }, { hold: "orange" }, { alwaysReview: ["legal"] }, { quorum: 2 }];
  for (const other of [{ ruleId: "y" }, { kind: "check" as const }, ...grave, { choices: [] }])
    expect(togetherProblem([item(), item(other)], "approve")).toEqual(expect.any(String));
  expect(togetherProblem([item()], "say")).toEqual(expect.any(String));
  expect(togetherProblem([], "approve")).toEqual(expect.any(String));
  expect(
    togetherProblem(
      Array.from({ length: maxTogether + 1 }, () => item()),
      "approve",
    ),
  ).toEqual(expect.any(String));
});
