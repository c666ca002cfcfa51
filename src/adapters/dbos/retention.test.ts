import { expect, test } from "vitest";
import { deleteFinished } from "./retention.ts";

const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ workflowID: `w${String(index)}` }));

test("deletes what finished an hour ago, page by page, and never lists payloads", async () => {
  const asked: unknown[] = [];
  const deleted: string[] = [];
  const pages = [rows(500), rows(3)];
  const count = await deleteFinished(
    {
      listWorkflows: (input) => {
        asked.push(input);
        return Promise.resolve((pages.shift() ?? []) as never); // the ids are all that is read of a row
      },
      deleteWorkflows: (ids) => {
        deleted.push(...ids);
        return Promise.resolve();
      },
    },
    7_200_000,
  );
  expect(count).toBe(503);
  expect(deleted).toHaveLength(503);
  expect(asked[0]).toEqual({
    status: ["SUCCESS", "CANCELLED"],
    completedBefore: "1970-01-01T01:00:00.000Z",
    limit: 500,
    loadInput: false,
    loadOutput: false,
  });
});

test("stops after twenty pages, so that one round never takes a worker for itself", async () => {
  let lists = 0;
  await deleteFinished(
    {
      listWorkflows: () => {
        lists += 1;
        return Promise.resolve(rows(500) as never); // as above
      },
      deleteWorkflows: () => Promise.resolve(),
    },
    0,
  );
  expect(lists).toBe(20);
});
