import { expect, test } from "vitest";
import { addressOf, fieldText, instantsIn, momentOf, placeOf } from "./instants.ts";

const actor = { kind: "person", id: "p", name: "Dana" } as const;

test("an address names an instant as a date or in milliseconds, or none", () => {
  expect(momentOf("2026-11-02T09:00:00Z")).toBe(Date.UTC(2026, 10, 2, 9));
  expect(momentOf("1750000000000")).toBe(1_750_000_000_000);
  for (const text of [undefined, "", "yesterday", "-5"]) expect([text, momentOf(text)]).toEqual([text, undefined]);
  expect(momentOf(addressOf(1_750_000_000_123))).toBe(1_750_000_000_123);
  expect(Date.parse(fieldText(1_750_000_000_000))).toBe(1_750_000_000_000);
});

test("versions are told as instants, the oldest first, each instant once", () => {
  const version = (number: number, recordedAtMs: number, path: string) => ({
    version: number,
    recordedAtMs,
    actor,
    cause: "c",
    changes: number === 1 ? [] : [{ path, kind: "changed" as const, before: "a", after: "b" }],
    more: 0,
  });
  const instants = instantsIn({
    schema: "xvc.memory-history/1",
    kind: "task",
    id: "0190f3a2-0000-7000-8000-000000000001",
    items: [version(3, 20, "state"), version(2, 20, "spec.outputs[0]"), version(1, 10, "")],
    nextBefore: null,
  });
  expect(instants).toEqual([
    { atMs: 10, text: "Dana made it." },
    { atMs: 20, text: "Dana changed spec." },
  ]);
  expect([5, 10, 15, 99].map((atMs) => placeOf(instants, atMs))).toEqual([-1, 0, 0, 1]);
});
