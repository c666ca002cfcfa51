import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";

const margin = "export default ({ income, cost }) => Math.round(((income - cost) / income) * 100)";
const tests = JSON.stringify({
  tests: [
    { name: "half", input: { income: 10, cost: 5 }, expected: 50 },
    { name: "nothing left", input: { income: 10, cost: 10 }, expected: 0 },
  ],
});
const files = {
  "/margin.js": margin,
  "/tests.json": tests,
  "/wrong.json": JSON.stringify({ tests: [{ name: "half", input: { income: 10, cost: 5 }, expected: 51 }] }),
  "/loop.js": "export default () => { for (;;); }",
  "/in.json": JSON.stringify({ income: 8, cost: 2 }),
};
const add = (file: string, more: readonly string[] = []) =>
  ["script", "add", "net-margin", file, "--purpose", "metric", "--title", "Net margin", "--tests", "/tests.json", ...more] as const;

test("a script is stored, tested, made active, run, replaced and retired", async () => {
  const { run } = await openCliWorld({ files });
  expect((await run("script", "list")).out).toBe("No script is stored yet.\n");
  expect(await run(...add("/margin.js"))).toMatchObject({ exit: 0, out: "net-margin@1 draft\n" });
  expect(await run("script", "test", "net-margin")).toMatchObject({ exit: 0, out: "half: holds\nnothing left: holds\n" });
  expect(await run("script", "activate", "net-margin")).toMatchObject({ exit: 0, out: "net-margin@1 active\n" });
  expect(await run("script", "run", "net-margin", "--input", "/in.json")).toMatchObject({ exit: 0, out: "75\n" });

  expect((await run(...add("/margin.js"))).err).toContain("is at version 1; read it and store the next one on top of it");
  expect((await run(...add("/loop.js", ["--after", "1"]))).exit).toBe(0);
  const looped = await run("script", "test", "net-margin@2", "--json");
  expect([looped.exit, JSON.parse(looped.out)]).toMatchObject([
    1,
    { ok: false, results: [{ problem: expect.stringMatching(/^time: /u) as string }, {}] },
  ]);
  expect((await run("script", "activate", "net-margin@2")).err).toMatch(/net-margin@2 stays as it is: "half": time:/u);
  expect((await run("script", "run", "net-margin@2", "--input", "/in.json")).exit).toBe(1);

  expect((await run(...add("/margin.js", ["--after", "2"]))).out).toBe("net-margin@3 draft\n");
  expect((await run("script", "activate", "net-margin@3")).out).toBe("net-margin@3 active\n");
  expect((await run("script", "list")).out).toMatch(/net-margin@3\tactive[^]*net-margin@2\tdraft[^]*net-margin@1\tretired/u);
  expect((await run("script", "retire", "net-margin", "--reason", "not looked at")).out).toBe("net-margin@3 retired\n");
  expect((await run("script", "retire", "net-margin@3")).exit).toBe(4);
});

test("what is no script, test or answer is refused in words", async () => {
  const { run } = await openCliWorld({ files: { ...files, "/none.json": "{}", "/odd.json": '{"tests":[{"name":"x"}]}' } });
  const refused = async (...argv: readonly string[]) => (await run(...argv)).err;
  const stored = ["--purpose", "metric", "--title", "Net margin"] as const;
  expect(await refused("script", "add", "Net Margin", "/margin.js", ...stored, "--tests", "/tests.json")).toContain("lower case");
  expect(await refused("script", "add", "net-margin", "/margin.js", ...stored, "--tests", "/none.json")).toContain("1 to 20 tests");
  expect(await refused("script", "add", "net-margin", "/margin.js", ...stored, "--tests", "/odd.json")).toContain("expected");
  expect(await refused("script", "show", "nothing")).toContain("There is no script nothing");
  await run("script", "add", "net-margin", "/margin.js", ...stored, "--tests", "/wrong.json");
  expect(await refused("script", "activate", "net-margin")).toContain('"half": answered 50');
  await run("script", "add", "words", "/margin.js", "--purpose", "validator", "--title", "Words", "--tests", "/tests.json");
  expect((await run("script", "run", "words", "--input", "/in.json")).out).toContain("A validator answers with a list of texts");
});
