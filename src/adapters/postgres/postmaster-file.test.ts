import { expect, test } from "vitest";
import { parsePostmasterFile } from "./postmaster-file.ts";

const whole = "4711\n/data/pg-18\n1763850000\n34301\n\n127.0.0.1\n  1234567   98304\nready   \n";

test("reads what a ready server wrote", () => {
  expect(parsePostmasterFile(whole)).toEqual({ pid: 4711, dataDirectory: "/data/pg-18", port: 34_301, ready: true });
});

test("a server that has just begun has no port and is not ready", () => {
  expect(parsePostmasterFile("4711\n/data/pg-18\n1763850000\n")).toEqual({
    pid: 4711,
    dataDirectory: "/data/pg-18",
    port: null,
    ready: false,
  });
});

test("a standalone backend writes its pid negative", () => {
  expect(parsePostmasterFile("-4711\n/data/pg-18\n")?.pid).toBe(4711);
});

test.each(["", "\n", "abc\n/data\n", "0\n/data\n", "47", "99999999999999999999\n/data\n"])("refuses the text %j", (text) => {
  expect(parsePostmasterFile(text)).toBeNull();
});
