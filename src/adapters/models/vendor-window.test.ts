import { expect, test } from "vitest";
import { vendorWindow } from "./vendor-window.ts";

test("reads the limits that vendors tell, and believes nothing that is no number", () => {
  expect(vendorWindow({ "anthropic-ratelimit-requests-limit": "50", "anthropic-ratelimit-tokens-remaining": "39000" })).toEqual({
    requestsPerMinute: 50,
    tokensPerMinute: null,
    requestsLeft: null,
    tokensLeft: 39_000,
  });
  expect(vendorWindow({ "x-ratelimit-limit-tokens": "150000", "x-ratelimit-remaining-requests": "0" })).toEqual({
    requestsPerMinute: null,
    tokensPerMinute: 150_000,
    requestsLeft: 0,
    tokensLeft: null,
  });
  for (const bad of ["-1", "1e9", "NaN", "", "9999999999999", "many"])
    expect(vendorWindow({ "x-ratelimit-limit-requests": bad })).toBeNull();
  expect(vendorWindow({ "x-ratelimit-limit-requests": "0" })).toBeNull();
  expect(vendorWindow(undefined)).toBeNull();
});
