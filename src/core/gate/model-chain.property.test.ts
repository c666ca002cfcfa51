import fc from "fast-check";
import { expect, test } from "vitest";
import type { ModelLink } from "../personas/model-link.ts";
import { linkText, readLink } from "../personas/model-link.ts";
import { type TriedLink, chainFor, fallRuleOf, fallRules, openLinks } from "./model-chain.ts";
import { type Provider, mayServe } from "./provider.ts";

const provider = (at: number, of: { readonly local: boolean; readonly allowed: boolean; readonly state: Provider["state"] }): Provider => ({
  id: `id-${at}`,
  version: 1,
  eventCount: 0,
  name: `p${at}`,
  state: of.state,
  vendor: "openai-compatible",
  baseUrl: "http://127.0.0.1:1/v1",
  models: ["a", "b"],
  local: of.local,
  windows: { requestsPerMinute: null, tokensPerMinute: null },
  rank: at,
  projectIds: of.allowed ? ["here"] : ["elsewhere"],
  keyFrom: "none",
  lastTest: null,
});

const someProviders = fc
  .array(
    fc.record({
      local: fc.boolean(),
      allowed: fc.boolean(),
      state: fc.constantFrom("active" as const, "paused" as const, "removed" as const),
    }),
    {
      maxLength: 6,
    },
  )
  .map((all) => all.map((of, at) => provider(at, of)));
const someLinks = fc.array(
  fc.record({ provider: fc.constantFrom("p0", "p1", "p2", "p5", "gone"), model: fc.constantFrom("a", "b", "none") }),
  { maxLength: 10 },
);
const someTurns = fc.array(
  fc.record({
    state: fc.constantFrom("answered", "failed", "lost"),
    providerId: fc.constantFrom("id-0", "id-1", "id-2"),
    model: fc.constantFrom("a", "b"),
    until: fc.option(fc.integer({ min: 0, max: 200 }), { nil: null }),
  }),
  { maxLength: 12 },
);
const turnOf = ({
  state,
  providerId,
  model,
  until,
}: {
  state: string;
  providerId: string;
  model: string;
  until: number | null;
}): TriedLink => ({
  state,
  providerId,
  model,
  failure:
    state === "answered" ? null : { code: until === null ? "model.content-refused" : "model.unavailable", message: "m", untilMs: until },
});

test("no chain ever leads to a provider that the project may not be sent to, and what is left out says why", () => {
  fc.assert(
    fc.property(fc.record({ persona: someLinks, project: someLinks, organization: someLinks }), someProviders, (said, providers) => {
      const chain = chainFor(said, providers, "here");
      for (const { provider: one, model } of chain.links) expect(mayServe(one, "here") && one.models.includes(model)).toBe(true);
      for (const { message } of chain.shut) expect(message).not.toBe("");
      const narrowest = [said.persona, said.project, said.organization].find(({ length }) => length > 0);
      expect(chain.links.length + chain.shut.length).toBe(narrowest?.length ?? chain.length);
      const places = chain.links.map(({ place }) => place);
      expect(places).toEqual(places.toSorted((left, right) => left - right));
    }),
    { numRuns: 500 },
  );
});

test("what rests is passed over while another is there, is asked again when none is, and what never helps is not asked", () => {
  fc.assert(
    fc.property(someProviders, someTurns, fc.integer({ min: 0, max: 250 }), (providers, tried, nowMs) => {
      const said = providers.flatMap(({ name }): ModelLink[] => [
        { provider: name, model: "a" },
        { provider: name, model: "b" },
      ]);
      const chain = chainFor({ persona: said.slice(0, 10), project: [], organization: [] }, providers, "here");
      const turns = tried.map(turnOf);
      const { ask, over } = openLinks(chain, turns, nowMs);
      expect(ask.length + over.length).toBe(chain.links.length);
      const lastOf = (link: { readonly provider: Provider; readonly model: string }) =>
        turns.findLast((turn) => turn.providerId === link.provider.id && turn.model === link.model);
      // What refused for good is never asked again.
      for (const link of ask) expect(lastOf(link)?.state === "failed" && lastOf(link)?.failure?.untilMs === null).toBe(false);
      expect(ask.length > 0 || over.every((one) => one.untilMs === null)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("every failure falls under one rule, and a link is read as it is written", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (kind, code) => fallRules.includes(fallRuleOf({ kind, code }))),
    { numRuns: 200 },
  );
  expect(fallRuleOf({ kind: "invalid", code: "constructor" })).toBe("not-usable");
  const link = { provider: "gateway", model: "vendor/large:8b" };
  expect(readLink(linkText(link))).toEqual(link);
  expect(["", "house", "/m", "house/"].map(readLink)).toEqual([null, null, null, null]);
});
