import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { shareInterval } from "../../../core/shared/intervals.ts";
import type { Json, JsonObject } from "../../../core/shared/json.ts";
import { cohenKappa } from "./agreement.ts";
import { clusterUtterances } from "./clusters.ts";
import { stopWords } from "./stop-words.ts";
import { researchUsers } from "./user-research.ts";
import { splitSource } from "./utterances.ts";

// Much is computed here; a machine that does much else is slow, and only a failure takes this long.
vi.setConfig({ testTimeout: 60_000 });

interface Quote {
  readonly id: string;
  readonly source: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly participant: string;
}
interface Theme {
  readonly n: number;
  readonly share: { readonly value: number; readonly low: number; readonly high: number };
  readonly participants: number;
  readonly quotes: readonly Quote[];
}
interface Told {
  readonly counts: { readonly participants: number; readonly utterances: number };
  readonly themes: readonly (Theme & { readonly code: string })[];
  readonly uncoded: number;
  readonly clusters: {
    readonly silhouette: number | null;
    readonly items: readonly (Theme & { readonly terms: readonly string[]; readonly centre: Quote })[];
  };
  readonly agreement: { readonly codes: readonly { readonly code: string; readonly kappa: number | null; readonly n: number }[] };
  readonly utterances: {
    readonly total: number;
    readonly next: number | null;
    readonly items: readonly (Quote & { readonly codes: readonly string[] })[];
  };
}

function told(specification: JsonObject, files: readonly { readonly name: string; readonly text: string }[] = []): Told {
  const answer = researchUsers({ specification, files });
  if (answer.kind === "refused") throw new Error(JSON.stringify(answer.problems));
  return answer.result as unknown as Told; // the shape under test
}
const refusal = (specification: JsonObject): string => {
  const answer = researchUsers({ specification, files: [] });
  return answer.kind === "refused" ? answer.problems.map(({ path, message }) => `${path}: ${message}`).join("\n") : "";
};

const interviews = {
  "anna.txt":
    "Interviewer: How do you pay?\nAnna: The invoice upload is slow. I wait a minute for every invoice upload!\nAnna: Search works.",
  "ben.txt": "Interviewer: And you?\nBen: Invoice upload fails on my phone. The search is fine… really.\nInterviewer: Slow, you say?",
};
const files = Object.entries(interviews).map(([name, text]) => ({ name, text }));
const study = { speakers: true, leaveOut: ["Interviewer"] };

test("themes of a code book say how many, who, and their own words", () => {
  const result = told(
    {
      ...study,
      codes: [
        { code: "slowness", phrases: ["slow*", "wait"] },
        { code: "upload", phrases: ["invoice upload"] },
      ],
    },
    files,
  );
  expect(result.counts).toMatchObject({ sources: 2, participants: 2, utterances: 5 });
  const [slowness, upload] = result.themes;
  // The interviewer's own "Slow" is not counted.
  expect(slowness).toMatchObject({ code: "slowness", n: 2, participants: 1 });
  expect(upload).toMatchObject({ n: 3, participants: 2, share: { value: 0.6 } });
  expect(upload?.share.low).toBeCloseTo(shareInterval(3, 5).low, 6);
  expect(upload?.quotes.map(({ participant, text }) => [participant, text])).toEqual([
    ["Anna", "The invoice upload is slow."],
    ["Ben", "Invoice upload fails on my phone."],
    ["Anna", "I wait a minute for every invoice upload!"],
  ]);
  expect(result.uncoded).toBe(2);
});

test("without a code book, phrases that several utterances hold are proposed", () => {
  expect(told(study, files).themes.map(({ code }) => code)).toContain("invoice upload");
});

test("utterances that speak of the same lie in one cluster, and the silhouette says how clearly", () => {
  const topics = ["The invoice upload is slow today", "Search finds nothing useful", "Password reset mail never arrives"];
  const sources = topics.flatMap((topic, index) =>
    Array.from({ length: 6 }, (_, round) => ({ id: `t${index}-${round}`, text: `${topic} again case${index}${round}.` })),
  );
  const { clusters } = told({ sources });
  expect(clusters.items.map(({ n }) => n)).toEqual([6, 6, 6]);
  expect(clusters.silhouette).toBeGreaterThan(0.5);
  expect(clusters.items[0]?.terms).toEqual(expect.arrayContaining(["invoice", "upload"]));
  expect(told({ sources, clusters: 2 }).clusters.items).toHaveLength(2);
});

test("kappa of a published table: 20 and 15 agree, 10 and 5 do not, 0.4 (Cohen's kappa, worked example)", () => {
  const pairs = [
    [20, true, true],
    [5, true, false],
    [10, false, true],
    [15, false, false],
  ] as const;
  const all = pairs.flatMap(([count, one, other]) => Array.from({ length: count }, () => [one, other] as const));
  expect(cohenKappa(all)).toMatchObject({ n: 50, observed: 0.7, expected: 0.5 });
  expect(cohenKappa(all).kappa).toBeCloseTo(0.4, 12);
  expect(cohenKappa([[true, true]]).kappa).toBeNull();
});

test("two codings are compared utterance by utterance", () => {
  const sources = [{ id: "s", text: "One.\nTwo.\nThree.\nFour." }];
  const first = { "s#1": ["a"], "s#2": ["a"], "s#3": [], "s#4": ["b"] };
  const { agreement } = told({
    sources,
    codings: [
      { coder: "kim", codes: first },
      { coder: "lee", codes: { ...first, "s#2": [] } },
    ],
  });
  expect(agreement.codes).toMatchObject([
    { code: "a", n: 4, kappa: 0.5 },
    { code: "b", n: 4, kappa: 1 },
  ]);
});

test.each([
  [{}, "Nothing is supplied"],
  [{ sources: [{ id: "a", text: "..." }] }, "nothing that anybody said"],
  [
    {
      sources: [
        { id: "a", text: "x" },
        { id: "a", text: "y" },
      ],
    },
    "one id",
  ],
  [{ sources: [{ id: "a", text: "x" }], codes: [{ code: "c", phrases: [] }] }, "codes[0].phrases"],
  [
    {
      sources: [{ id: "a", text: "x" }],
      codings: [
        { coder: "k", codes: { "a#9": [] } },
        { coder: "l", codes: {} },
      ],
    },
    "no utterance of this id",
  ],
] as const)("%# is refused, saying why", (specification, words) => {
  expect(refusal(specification as unknown as JsonObject)).toContain(words);
});

const saying = fc.string({
  unit: fc.constantFrom("a", "b", "slow ", "pay ", ". ", "!", "\n", "é", "’", "Kim: ", "\t", "🙂", "the ", "…"),
  maxLength: 60,
});

test("no quote is ever shown that does not stand in its source, at the place named", () => {
  fc.assert(
    fc.property(fc.array(saying, { minLength: 1, maxLength: 6 }), fc.boolean(), (texts, speakers) => {
      const sources = texts.map((text, index) => ({ id: `s${index}`, text: `${text}x` }));
      const result = told({ sources, speakers, codes: [{ code: "any", phrases: ["a*", "b*", "slow", "x"] }] });
      const quotes = [
        ...result.themes.flatMap((theme) => theme.quotes),
        ...result.clusters.items.flatMap(({ quotes: own, centre }) => [...own, centre]),
        ...result.utterances.items,
      ];
      for (const { source, start, end, text } of quotes) expect(sources.find(({ id }) => id === source)?.text.slice(start, end)).toBe(text);
      expect(result.themes.every(({ n, quotes: own }) => n === 0 || own.length > 0)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test("clusters hold each utterance once, whatever is said", () => {
  fc.assert(
    fc.property(fc.array(saying, { maxLength: 25 }), (texts) => {
      const utterances = texts.flatMap((text, index) =>
        splitSource({ id: `s${index}`, participant: "p", text }, { speakers: false, leftOut: new Set() }),
      );
      const { clusters, apart } = clusterUtterances(utterances, stopWords["en"] ?? new Set(), null);
      const all = [...apart, ...clusters.flatMap(({ members }) => members)].toSorted((left, right) => left - right);
      expect(all).toEqual(utterances.map((_, index) => index));
    }),
    { numRuns: 150 },
  );
});

test("a thousand utterances are grouped in a few seconds, and told in pages", () => {
  const words = ["invoice", "search", "login", "price", "upload", "phone", "mail", "report"];
  const text = Array.from(
    { length: 1_000 },
    (_, index) => `The ${words[index % 8]} and ${words[(index * 3) % 8]} number ${index % 17}.`,
  ).join("\n");
  const result = told({ sources: [{ id: "s", text }], from: 900 });
  expect(result.utterances).toMatchObject({ total: 1_000, next: null });
  expect(result.utterances.items).toHaveLength(100);
  expect((result.clusters.items as unknown as readonly Json[]).length).toBeGreaterThan(1);
});
