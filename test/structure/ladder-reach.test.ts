import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { filesUnder, root, typescript } from "./source-tree.ts";

/** What decides about acts: the gate, its doors and the policies it asks. */
const deciding = ["src/core/gate", "src/engine/gate", "src/adapters/cedar"];
const trust = /personas\/(?:ladder|watch|autonomy)\.ts"/u;

test("nothing that decides about an act of consequence can see how far its persona is trusted", () => {
  const files = deciding.flatMap((folder) => filesUnder(folder, typescript));
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => trust.test(readFileSync(path.join(root, file), "utf8")))).toEqual([]);
});
