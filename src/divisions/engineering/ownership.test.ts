import { expect, test } from "vitest";
import type { CommitFact } from "../../core/shared/repository-facts.ts";
import { fileHistories, knowersOf, truckFactor } from "./ownership.ts";

const commit = (sha: string, authorEmail: string, ...paths: readonly string[]): CommitFact => ({
  sha,
  authorName: authorEmail,
  authorEmail,
  atMs: 0,
  files: paths.map((path) => ({ path, added: 1, deleted: 0 })),
});

test("the file's first author is the oldest commit's, and only wanted files count", () => {
  const [history] = fileHistories(
    [commit("c3", "B@x", "a.ts", "gone.ts"), commit("c2", "b@x", "a.ts"), commit("c1", "a@x", "a.ts")],
    new Set(["a.ts"]),
  );
  expect(history).toMatchObject({ file: "a.ts", changes: 3, firstAuthor: "a@x", latest: ["c3", "c2", "c1"] });
  expect([...(history?.byAuthor ?? [])]).toEqual([
    ["b@x", 2],
    ["a@x", 1],
  ]);
});

test("who began a file knows it; who touched it once among many does not", () => {
  const commits = [
    ...Array.from({ length: 20 }, (_, index) => commit(`c${index}`, "many@x", "a.ts")),
    commit("once", "once@x", "a.ts"),
    commit("first", "first@x", "a.ts"),
  ];
  const [history] = fileHistories(commits, new Set(["a.ts"]));
  expect(history && knowersOf(history)).toEqual(["many@x"]);
});

test("the truck factor is the fewest people whose loss orphans more than half", () => {
  const files = ["a", "b", "c", "d"];
  const alone = fileHistories(
    files.map((file) => commit(file, "one@x", file)),
    new Set(files),
  );
  expect(truckFactor(alone).people).toEqual(["one@x"]);
  const even = fileHistories(
    files.map((file, index) => commit(file, `p${index}@x`, file)),
    new Set(files),
  );
  expect(truckFactor(even).people).toHaveLength(3);
  expect(truckFactor([]).people).toEqual([]);
});
