import { expect, test } from "vitest";
import { readChecklist, readTaskTable } from "./read-checklist.ts";

const after = (rows: readonly { readonly [name: string]: unknown }[]) => rows.map(({ task, dependencies }) => [task, dependencies]);

test("what a task comes after is named by key or by title, whatever its case and place", () => {
  const rows = readChecklist(
    "- [ ] Ship it (after: build the page, tests)\n- [ ] Build the page (after: nothing)\n- [ ] Test it (key: tests; after: Build the page)\n",
  );
  expect(after(rows)).toEqual([
    ["ship_it_1", ["build_the_page_2", "tests"]],
    ["build_the_page_2", []],
    ["tests", ["build_the_page_2"]],
  ]);
});

test("a key goes before a title, and a title that two tasks have names neither", () => {
  expect(after(readChecklist("- Same (after: nothing)\n- Same (after: nothing)\n- Last (after: same)\n"))).toEqual([
    ["same_1", []],
    ["same_2", []],
    ["last_3", ["same"]],
  ]);
  expect(
    after(
      readTaskTable([
        { task: "b", title: "A" },
        { task: "A", title: "B" },
        { title: "C", after: "A, b" },
        { title: "D", after: "c" },
      ]),
    ),
  ).toEqual([
    ["b", []],
    ["A", []],
    ["c_3", ["A", "b"]],
    ["d_4", ["c_3"]],
  ]);
});
