import { afterAll, expect, test } from "vitest";
import { scriptLimits } from "../../engine/ports/script-runner.ts";
import { threadedScriptRunner } from "./script-runner.ts";

const runner = threadedScriptRunner();
afterAll(() => runner[Symbol.asyncDispose]());

const run = (body: string, input: Parameters<typeof runner.run>[1] = null) => runner.run(`export default (input) => { ${body} }`, input);
const answered = (value: unknown) => ({ kind: "answered", value });
const fault = (name: string) => ({ kind: "failed", fault: name });

test("a script turns JSON into JSON, and the same into the same", async () => {
  const source =
    "const twice = (n) => n * 2; export default ({ rows }) => ({ sum: rows.map(twice).reduce((a, b) => a + b, 0), 'ü': '\\u2028' });";
  const expected = answered({ sum: 12, ü: "\u2028" });
  expect(await runner.run(source, { rows: [1, 2, 3] })).toEqual(expected);
  expect(await runner.run(source, { rows: [1, 2, 3] })).toEqual(expected);
});

test.each([
  ["an endless loop", "for (;;);", "time"],
  ["an endless loop that catches everything", "for (;;) try { for (;;); } catch {}", "time"],
  ["a pattern that never ends", "return /^(a+)+$/.test('a'.repeat(40) + 'b')", "time"],
  ["a text bomb", "return 'x'.repeat(1e8)", "memory"],
  ["a buffer bomb", "return new ArrayBuffer(1e9).byteLength", "memory"],
  ["calls without end", "const f = () => f() + 1; return f()", "stack"],
  ["what it throws", "throw new Error('no such customer')", "threw"],
  ["a thrown text", "throw 'no'", "threw"],
  ["nothing", "", "answer"],
  ["a function", "return () => 1", "answer"],
  ["a circle", "const a = {}; a.a = a; return a", "answer"],
  ["a promise", "return Promise.resolve(1)", "answer"],
  ["a flood", "return Array(100000).fill('xxxx')", "answer"],
  ["a field that hides as a prototype", 'return JSON.parse(\'{"__proto__": { "admin": true }}\')', "answer"],
])("%s is cut off and reported", async (_what, body, expected) => {
  expect(await run(body)).toMatchObject(fault(expected));
  expect(await run("return 'alive'")).toEqual(answered("alive"));
});

test("a list that grows for ever ends, by memory or by time", async () => {
  const outcome = await run("const list = []; for (;;) list.push(new Array(1000).fill(1));");
  expect(["time", "memory"]).toContain(outcome.kind === "failed" ? outcome.fault : "");
  expect(await run("return 'alive'")).toEqual(answered("alive"));
});

test("what is thrown cannot keep its reader busy", async () => {
  expect(await run("throw { get name() { for (;;); } }")).toMatchObject({ kind: "failed" });
  expect(await run("return 'alive'")).toEqual(answered("alive"));
});

test("text nested too deep for the engine's thread ends it and nothing else", async () => {
  expect(await run("return JSON.parse('['.repeat(1e6))")).toMatchObject({ kind: "failed" });
  expect(await run("return 'alive'")).toEqual(answered("alive"));
});

test("attacks on prototypes stay in the run that made them", async () => {
  const attack = `
    Object.prototype.admin = true; Array.prototype.map = () => 'taken'; JSON.stringify = () => '"taken"'; JSON.parse = () => 'taken';
    Object.getPrototypeOf(async () => {}).constructor.prototype.x = 1;
    return { own: 1 };`;
  expect(await run(attack)).toEqual(answered({ own: 1 }));
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
  expect(await run("return [({}).admin === undefined, input.map((n) => n + 1)]", [1])).toEqual(answered([true, [2]]));
});

test("there is the language and nothing else: no clock, no chance, no host, no modules", async () => {
  const names = [
    "Date",
    "process",
    "require",
    "fetch",
    "setTimeout",
    "performance",
    "console",
    "WebAssembly",
    "crypto",
    "globalThis.Math.random",
  ];
  expect(
    await run(`return ${JSON.stringify(names)}.filter((name) => { try { return eval(name) !== undefined } catch { return false } })`),
  ).toEqual(answered([]));
  expect(await runner.run("import fs from 'node:fs'; export default () => fs.readdirSync('/')", null)).toMatchObject(fault("syntax"));
  expect(await run("return (() => {}).constructor('return typeof process')()")).toEqual(answered("undefined"));
});

test.each([
  ["no JavaScript", "export default ("],
  ["no default export", "export const other = 1"],
  ["a default export that is no function", "export default 1"],
  ["work that waits before it begins", "await new Promise(() => {}); export default () => 1"],
])("%s is a fault of syntax", async (_what, source) => {
  expect(await runner.run(source, null)).toMatchObject(fault("syntax"));
});

test("work at loading is cut off like work in the call", async () => {
  expect(await runner.run("for (;;); export default () => 1", null)).toMatchObject(fault("time"));
});

test("limits can be set for a run, and what is too large to begin with is refused", async () => {
  expect(await runner.run("export default () => 'x'.repeat(100)", null, { outputBytes: 50 })).toMatchObject(fault("answer"));
  expect(await runner.run("export default () => new ArrayBuffer(4e6).byteLength", null, { memoryBytes: 2e6 })).toMatchObject(
    fault("memory"),
  );
  expect(await runner.run("export default () => new ArrayBuffer(4e6).byteLength", null)).toEqual(answered(4e6));
  await expect(runner.run(`//${"x".repeat(70_000)}`, null)).rejects.toMatchObject({ code: "script.too-large" });
  await expect(runner.run("export default () => 1", "x".repeat(5_000_000))).rejects.toMatchObject({ code: "script.too-large" });
  expect(scriptLimits.timeMs).toBeLessThanOrEqual(1_000);
});

test("runs asked for at once wait for each other, also behind one that breaks its thread", async () => {
  const outcomes = await Promise.all([run("return 1"), run("for (;;);"), run("return JSON.parse('['.repeat(1e6))"), run("return 4")]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(["answered", "failed", "failed", "answered"]);
});
