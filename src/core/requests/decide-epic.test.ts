import { expect, test } from "vitest";
import type { Person } from "../oversight/person.ts";
import type { Decided } from "../shared/transition.ts";
import { type ChangeEpic, type MoveEpic, decideEpicChange, decideEpicMove, decideEpicOfRequest, decideNewEpic } from "./decide-epic.ts";
import { type Epic, epicLimits } from "./epic.ts";
import type { WorkRequest } from "./request.ts";

const context = { actor: { kind: "person", id: "me" }, nowMs: 1_000, newId: () => "epic-2" } as const;
const owner = { id: "own", state: "active" } as unknown as Person; // what authority looks at
const gone = { ...owner, state: "left" } as unknown as Person; // as above
const epic = {
  id: "epic-1",
  version: 2,
  eventCount: 1,
  projectId: "p",
  number: 1,
  state: "open",
  title: "Portal",
  goal: "Customers help themselves.",
  ownerId: "own",
  dueAtMs: null,
  reason: "",
  openedAtMs: 1,
} as unknown as Epic; // brands of ids
const request = { id: "r", version: 1, eventCount: 1, state: "active", epicId: null } as unknown as WorkRequest; // the rest is not looked at
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const afterOf = (decided: Decided) => (decided.kind === "refused" ? decided.code : decided.transition.changes.map(({ after }) => after));

test("an epic has an active owner, a title and room", () => {
  const create = (command: object = {}, slice: object = {}): Decided =>
    decideNewEpic(
      { projectId: epic.projectId, owner, open: 0, nextNumber: 2, ...slice },
      { kind: "create-epic", title: " Portal ", goal: " Help. ", ownerId: null, dueAtMs: 5, ...command },
      context,
    );
  expect(afterOf(create())).toMatchObject([{ number: 2, title: "Portal", goal: "Help.", ownerId: "own", dueAtMs: 5, state: "open" }]);
  for (const nobody of [undefined, gone]) expect(codeOf(create({}, { owner: nobody }))).toBe("person.not-found");
  for (const fields of [{ title: " " }, { title: "x".repeat(epicLimits.titleLength + 1) }, { goal: "x".repeat(epicLimits.goalLength + 1) }])
    expect(codeOf(create(fields))).toBe("epic.bad-title");
  expect(codeOf(create({}, { open: epicLimits.open }))).toBe("epic.too-many");
});

test("an open epic is changed by who read its latest version; what is not named stays", () => {
  const change = (fields: Partial<ChangeEpic> = {}, now: Partial<Epic> = {}, next: Person | undefined = owner): Decided =>
    decideEpicChange(
      { epic: { ...epic, ...now }, owner: next },
      { kind: "change-epic", epicId: epic.id, expectedVersion: 2, ...fields },
      context,
    );
  expect(afterOf(change())).toMatchObject([{ title: epic.title, goal: epic.goal, ownerId: "own", dueAtMs: null }]);
  const all = { title: " New ", goal: " Other. ", ownerId: "next", dueAtMs: 9 };
  expect(afterOf(change(all))).toMatchObject([{ title: "New", goal: "Other.", ownerId: "next", dueAtMs: 9 }]);
  expect(codeOf(change({ expectedVersion: 1 }))).toBe("epic.changed-since");
  expect(codeOf(change({}, { state: "done" }))).toBe("epic.not-open");
  expect(codeOf(change({ title: "" }))).toBe("epic.bad-title");
  expect(codeOf(change({ ownerId: "next" }, {}, gone))).toBe("person.not-found");
  expect(codeOf(change({ title: "New" }, {}, gone))).toBe("accepted");
});

test("an epic ends and opens again with a reason", () => {
  const move = (kind: MoveEpic["kind"], state: Epic["state"] = "open", more: object = {}): Decided =>
    decideEpicMove({ epic: { ...epic, state } }, { kind, epicId: epic.id, expectedVersion: 2, reason: " So. ", ...more }, context);
  expect(afterOf(move("finish-epic"))).toMatchObject([{ state: "done", reason: "So." }]);
  expect(afterOf(move("cancel-epic"))).toMatchObject([{ state: "cancelled" }]);
  expect(afterOf(move("reopen-epic", "done"))).toMatchObject([{ state: "open" }]);
  expect(codeOf(move("reopen-epic"))).toBe("epic.wrong-state");
  expect(codeOf(move("finish-epic", "open", { expectedVersion: 1 }))).toBe("epic.changed-since");
  for (const reason of [" ", "x".repeat(epicLimits.reasonLength + 1)])
    expect(codeOf(move("finish-epic", "open", { reason }))).toBe("epic.reason-missing");
});

test("a request is part of one open epic of its project at a time", () => {
  const put = (epicId: string | null, of: WorkRequest = request, slice: { readonly epic?: Epic; readonly count?: number } = {}): Decided =>
    decideEpicOfRequest(
      { request: of, epic: slice.epic, count: slice.count ?? 0 },
      { kind: "set-epic", requestId: of.id, epicId },
      context,
    );
  expect(afterOf(put(epic.id, request, { epic }))).toMatchObject([{ epicId: epic.id }]);
  const inside = { ...request, epicId: epic.id } as unknown as WorkRequest; // as above
  expect(afterOf(put(null, inside))).toMatchObject([{ epicId: null }]);
  const older = { ...request, epicId: undefined } as unknown as WorkRequest; // as rows were before there were epics
  for (const same of [put(epic.id, inside, { epic }), put(null, older)]) expect(afterOf(same)).toEqual([]);
  expect(codeOf(put("none"))).toBe("epic.not-found");
  expect(codeOf(put(epic.id, request, { epic, count: epicLimits.requests }))).toBe("epic.too-many-requests");
  expect(codeOf(put(epic.id, request, { epic: { ...epic, state: "done" } }))).toBe("epic.not-open");
});
