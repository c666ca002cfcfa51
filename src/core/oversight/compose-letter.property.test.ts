import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../shared/json.ts";
import { noticeTopics } from "./channel.ts";
import { composeLetter, inertLine } from "./compose-letter.ts";

const text = fc.string({ unit: "binary", maxLength: 500 });
const payload = fc.record(
  {
    title: text,
    reason: text,
    requestLabel: text,
    requestTitle: text,
    itemId: text,
    risk: text,
    dueAtMs: fc.oneof(fc.nat(), fc.constant(null)),
    defaultChoice: fc.oneof(text, fc.constant(null)),
    bundle: fc.array(fc.record({ topic: fc.constantFrom(...noticeTopics), payload: fc.record({ title: text }) })),
    bundleCount: fc.nat(100),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>; // every value is JSON

const unsafe = /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

test("no part of a letter has a character that breaks a line, a header or the direction of text", () => {
  fc.assert(
    fc.property(fc.constantFrom(...noticeTopics, "unknown"), payload, fc.option(text), (topic, given, token) => {
      const letter = composeLetter({ topic, payload: given }, { baseUrl: "https://x.example", confirmToken: token }, String);
      const parts = [
        letter.subject,
        letter.lead,
        letter.foot,
        ...letter.others,
        ...letter.facts.flatMap(({ name, value }) => [name, value]),
      ];
      for (const part of parts) expect(unsafe.test(part)).toBe(false);
      expect(letter.subject.length > 0 && Array.from(letter.subject).length <= 150).toBe(true);
      for (const { url } of letter.links) {
        expect(unsafe.test(url)).toBe(false);
        expect(new URL(url).origin).toBe("https://x.example");
      }
    }),
  );
});

test("a line keeps plain text as it is, and cuts what is too long at a whole character", () => {
  expect(inertLine("Approve the plan", 50)).toBe("Approve the plan");
  expect(inertLine(7, 5)).toBe("7");
  expect(inertLine({}, 5)).toBe("");
  expect(inertLine("😀😀😀", 2)).toBe("😀…");
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 60 }), (given, length) => {
      const line = inertLine(given, length);
      expect(Array.from(line).length).toBeLessThanOrEqual(length);
      expect(inertLine(line, length)).toBe(line);
    }),
  );
});

test("says something even when little is known, and names what was held back", () => {
  const subjectOf = (topic: string, payload: JsonObject): string =>
    composeLetter({ topic, payload }, { baseUrl: "https://x.example", confirmToken: null }, String).subject;
  expect(subjectOf("delivered", {})).toBe("Delivered");
  expect(subjectOf("unknown", {})).toBe("News");
  expect(subjectOf("unknown", { title: "Hello" })).toBe("News: Hello");
  const bundle = [{ topic: "due", payload: { title: "Two" } }];
  const told = (bundleCount: number) =>
    composeLetter(
      { topic: "due", payload: { title: "One", bundle, bundleCount } },
      { baseUrl: "https://x.example", confirmToken: null },
      String,
    ).others;
  expect([told(1), told(3)]).toEqual([["Overdue: Two"], ["Overdue: Two", "and 2 more"]]);
});
