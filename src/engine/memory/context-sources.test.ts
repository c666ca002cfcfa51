import { expect, test } from "vitest";
import { packLimits } from "../../core/memory/context-pack.ts";
import { type Candidate, weighed } from "./context-sources.ts";

const candidate = (id: string, pinned: boolean): Candidate => ({
  id,
  kind: "decision",
  title: id,
  text: "pump",
  pinned,
  base: 0,
  reason: "because",
});

test("what binds is looked at however much else there is, and what binds is no measure for the words of the rest", () => {
  const many = Array.from({ length: packLimits.pieces + 5 }, (_, at) => candidate(`other ${at}`, false));
  const pieces = weighed([...many, { ...candidate("binding", true), text: "pump valve pump valve" }], "pump valve");
  expect([pieces.length, pieces.filter(({ pinned }) => pinned).map(({ id }) => id)]).toEqual([packLimits.pieces, ["binding"]]);
  expect(Math.max(...pieces.filter(({ pinned }) => !pinned).map(({ relevance }) => relevance))).toBe(1);
});
