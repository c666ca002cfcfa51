import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { expect, test } from "vitest";
import { isGone, thisProcess } from "./process-identity.ts";

test("a living process is not gone, and its ids differ with every start", async () => {
  const [first, second] = [await thisProcess(), await thisProcess()];
  expect(await isGone(first)).toBe(false);
  expect(first.executorId).not.toBe(second.executorId);
  expect(first.host).toBe(second.host);
});

test("an ended process is gone", async () => {
  const child = spawn(process.execPath, ["--version"]);
  const { pid = 0 } = child;
  await once(child, "exit");
  expect(await isGone({ pid, processMark: "" })).toBe(true);
});

test.skipIf(process.platform !== "linux")("a number that another process has now is gone too", async () => {
  expect(await isGone({ pid: process.pid, processMark: "1" })).toBe(true);
});
