import type { VendorWindow } from "../../core/gate/provider-pace.ts";

type Headers = { readonly [name: string]: string | undefined };

/** A whole number of 0 or more, in bounds; anything else was not told. */
function countOf(headers: Headers, ...names: readonly string[]): number | null {
  for (const name of names) {
    const said = headers[name]?.trim() ?? "";
    if (/^\d{1,12}$/u.test(said)) return Number(said);
  }
  return null;
}

/**
 * What a vendor's answer tells about its limits; null: nothing. A limit is taken as one of a minute, as the vendors document theirs; a
 * vendor that counts otherwise is held to no less than it says is left. Sources: OpenAI, "Rate limits in headers"; Anthropic, "Response headers".
 */
export function vendorWindow(headers: Headers | undefined): VendorWindow | null {
  if (headers === undefined) return null;
  const window = {
    requestsPerMinute: atLeastOne(countOf(headers, "anthropic-ratelimit-requests-limit", "x-ratelimit-limit-requests")),
    tokensPerMinute: atLeastOne(countOf(headers, "anthropic-ratelimit-tokens-limit", "x-ratelimit-limit-tokens")),
    requestsLeft: countOf(headers, "anthropic-ratelimit-requests-remaining", "x-ratelimit-remaining-requests"),
    tokensLeft: countOf(headers, "anthropic-ratelimit-tokens-remaining", "x-ratelimit-remaining-tokens"),
  };
  return Object.values(window).some((value) => value !== null) ? window : null;
}

const atLeastOne = (limit: number | null): number | null => (limit === 0 ? null : limit);
