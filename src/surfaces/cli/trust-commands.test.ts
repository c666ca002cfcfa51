import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";

const suite = {
  schema: "xvc.suite/1",
  key: "own",
  version: 1,
  title: "Says one",
  personas: ["contributor"],
  bar: { repeats: 5, lower: 0.5 },
  cases: [
    {
      id: "one",
      taskType: "integration_testing",
      title: "One",
      brief: "Say one.",
      inputs: [],
      outputs: ["a.md"],
      checks: [{ id: "there", statement: "It is there.", check: { kind: "output", output: "a.md" } }],
    },
  ],
};

test("a suite is added, what it costs is shown before anything runs, and a run needs a model", async () => {
  const { run } = await openCliWorld({ files: { "suite.json": JSON.stringify(suite) } });
  expect((await run("persona", "suites")).out).toBe("");
  expect(await run("persona", "suites", "suite.json")).toMatchObject({ exit: 0 });
  expect((await run("persona", "suites")).out).toMatch(/^own@1\tSays one\t1\t5\t5\town$/mu);
  expect((await run("persona", "suites", "suite.json")).err).toContain("raise the version");
  expect(await run("persona", "qualify", "contributor")).toMatchObject({ exit: 0 });
  expect((await run("persona", "qualify", "contributor", "--yes")).err).toContain("No model is connected");
  expect((await run("persona", "qualify", "nobody_such")).exit).not.toBe(0);
  expect((await run("persona", "qualify", "contributor", "--stop", "none", "--reason", "x")).exit).not.toBe(0);
});

test("the ladder is shown; nobody raises by hand, and lowering says what is missing", async () => {
  const { run } = await openCliWorld();
  expect(await run("persona", "autonomy", "contributor")).toMatchObject({ exit: 0, out: "" });
  expect((await run("persona", "autonomy", "contributor", "--task", "t", "--lower", "suggest", "--reason", "x")).err).toContain(
    "Nothing is known yet",
  );
  expect((await run("persona", "autonomy", "contributor", "--task", "t", "--lower", "suggest")).exit).not.toBe(0);
  expect((await run("persona", "beside", "contributor")).err).toContain("Name the file");
  expect((await run("persona", "beside", "contributor", "--promote", "none", "--reason", "x")).err).toContain("There is no new version");
  expect((await run("task", "redirect", "ENG-1/none", "Otherwise")).exit).not.toBe(0);
});
