import { expect, test } from "vitest";
import { redactName } from "./redact-name.ts";

const kim = { name: "Kim Berg", email: "kim.berg@example.org" };

test("the whole name and the address go, whatever their case and spaces, and nothing that only looks like them", () => {
  expect(redactName("Ask Kim Berg, @KIM  BERG or kim.berg@example.org.", kim)).toBe("Ask [erased], [erased] or [erased].");
  const others = "Kim Bergman, Joakim Berg, Berg, Kim and kimXberg@example.org";
  expect(redactName(others, kim)).toBe(others);
});

test("a name with signs of a pattern is a name, and nobody's address leaves the text alone", () => {
  expect(redactName("by A. (B) $& and Axx (B) $&", { name: "A. (B) $&", email: null })).toBe("by [erased] and Axx (B) $&");
  expect(redactName("nothing here", { name: " ", email: null })).toBe("nothing here");
});
