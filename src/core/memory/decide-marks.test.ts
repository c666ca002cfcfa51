import { expect, test } from "vitest";
import type { ProjectId } from "../shared/ids.ts";
import type { Decided } from "../shared/transition.ts";
import { type Relate, decideRelation } from "./decide-relation.ts";
import { type MarkTag, decideTag } from "./decide-tag.ts";
import { type Relation, relationLimits } from "./relation.ts";
import type { FoundSubject } from "./subject.ts";
import { type Tag, tagLimits } from "./tag.ts";

const context = { actor: { kind: "person", id: "me" }, nowMs: 1_000, newId: () => "new" } as const;
const projectId = "p" as ProjectId;
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const madeOf = (decided: Decided) =>
  decided.kind === "refused"
    ? decided.code
    : [decided.transition.answer["state"], decided.transition.changes.map(({ before }) => before === undefined)];
const here: FoundSubject = { state: null, requestId: null };
const deleted: FoundSubject = { state: "deleted", requestId: null };

const relate = (
  command: Partial<Relate>,
  slice: {
    readonly from?: FoundSubject | undefined;
    readonly to?: FoundSubject | undefined;
    readonly relation?: Relation;
    readonly count?: number;
  } = {},
): Decided =>
  decideRelation(
    { projectId, from: here, to: here, relation: undefined, count: 0, ...slice },
    { kind: "add-relation", from: { kind: "entity", id: "a" }, role: "supplies", to: { kind: "entity", id: "b" }, ...command },
    context,
  );
const relation = (state: Relation["state"]): Relation => ({
  id: "r",
  version: 1,
  eventCount: 1,
  projectId,
  fromKind: "entity",
  fromId: "a",
  role: "supplies",
  toKind: "entity",
  toId: "b",
  state,
});

test("a relation is there once, goes and comes back in the same row", () => {
  expect(madeOf(relate({}))).toEqual(["present", [true]]);
  expect(madeOf(relate({}, { relation: relation("present") }))).toEqual(["present", []]);
  expect(madeOf(relate({}, { relation: relation("removed") }))).toEqual(["present", [false]]);
  expect(madeOf(relate({ kind: "remove-relation" }, { relation: relation("present") }))).toEqual(["removed", [false]]);
  expect(madeOf(relate({ kind: "remove-relation" }))).toEqual(["removed", []]);
});

test("a relation stands in the story of the request that one of its ends is part of", () => {
  const told = (slice: object) => {
    const decided = relate({}, slice);
    return decided.kind === "refused" ? decided.code : decided.transition.events.map(({ data }) => data["requestId"]);
  };
  expect(told({})).toEqual([undefined]);
  expect(told({ from: { ...here, requestId: "r1" }, to: { ...here, requestId: "r2" } })).toEqual(["r1"]);
  expect(told({ to: { ...here, requestId: "r2" } })).toEqual(["r2"]);
});

test("a relation needs two things that are there and a plain role, and stops at its bound", () => {
  expect(codeOf(relate({ to: { kind: "entity", id: "a" } }))).toBe("relation.to-itself");
  expect(codeOf(relate({}, { from: undefined }))).toBe("memory.no-such-subject");
  expect(codeOf(relate({ kind: "remove-relation" }, { to: undefined }))).toBe("memory.no-such-subject");
  expect(codeOf(relate({}, { to: deleted }))).toBe("memory.subject-gone");
  expect(codeOf(relate({ kind: "remove-relation" }, { to: deleted, relation: relation("present") }))).toBe("accepted");
  for (const role of ["", "Supplies", "a b", "x".repeat(relationLimits.roleLength + 1)])
    expect(codeOf(relate({ role }))).toBe("relation.bad-role");
  expect(codeOf(relate({}, { count: relationLimits.perSubject }))).toBe("relation.too-many");
});

const mark = (
  command: Partial<MarkTag>,
  slice: { readonly subject?: FoundSubject | undefined; readonly tag?: Tag; readonly count?: number } = {},
) =>
  decideTag(
    { projectId, subject: here, tag: undefined, count: 0, ...slice },
    { kind: "add-tag", subject: { kind: "entity", id: "a" }, key: "area", value: "north", ...command },
    context,
  );
const tag = (state: Tag["state"]): Tag => ({
  id: "t",
  version: 1,
  eventCount: 1,
  projectId,
  subjectKind: "entity",
  subjectId: "a",
  key: "area",
  value: "north",
  state,
});

test("a tag is there once, goes and comes back in the same row", () => {
  expect(madeOf(mark({}))).toEqual(["present", [true]]);
  expect(madeOf(mark({}, { tag: tag("present"), subject: { ...here, requestId: "r" } }))).toEqual(["present", []]);
  expect(madeOf(mark({}, { tag: tag("removed") }))).toEqual(["present", [false]]);
  expect(madeOf(mark({ kind: "remove-tag" }, { tag: tag("present") }))).toEqual(["removed", [false]]);
  expect(madeOf(mark({ kind: "remove-tag" }))).toEqual(["removed", []]);
});

test("a tag stands in the story of the request that its subject is part of", () => {
  const told = mark({}, { subject: { ...here, requestId: "r" } });
  expect(told).toMatchObject({ transition: { events: [{ data: { requestId: "r", key: "area" } }] } });
});

test("a tag needs something that is there, a plain key and one line, and stops at its bound", () => {
  expect(codeOf(mark({}, { subject: undefined }))).toBe("memory.no-such-subject");
  expect(codeOf(mark({}, { subject: { ...here, state: "purged" } }))).toBe("memory.subject-gone");
  expect(codeOf(mark({ subject: { kind: "request", id: "a" } }, { subject: deleted }))).toBe("accepted");
  for (const key of ["", "Area", "x".repeat(tagLimits.keyLength + 1)]) expect(codeOf(mark({ key }))).toBe("tag.bad-key");
  for (const value of [" north", "a\nb", "x".repeat(tagLimits.valueLength + 1)]) expect(codeOf(mark({ value }))).toBe("tag.bad-value");
  expect(codeOf(mark({}, { count: tagLimits.perSubject }))).toBe("tag.too-many");
});
