import { expect, test } from "vitest";
import type { Person } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import type { Decided } from "../shared/transition.ts";
import { decideRemoveView, decideSaveView, maxViews } from "./decide-saved-view.ts";
import type { SavedView } from "./saved-view.ts";

const context: DecideContext = { actor: { kind: "person", id: "kim" }, nowMs: 100, newId: () => "new" };
const kim: Person = { id: "kim", version: 1, eventCount: 1, name: "Kim", email: null, roles: ["contributor"], state: "active" };
const view = (name: string, fields: Partial<SavedView> = {}): SavedView => ({
  id: name,
  version: 1,
  eventCount: 1,
  personId: asId("kim"),
  page: "requests",
  state: "active",
  name,
  search: "",
  shared: false,
  ...fields,
});
const outcome = (decided: Decided): string => (decided.kind === "refused" ? decided.code : JSON.stringify(decided.transition.answer));
const save = { kind: "save-view", page: "requests", name: "Mine", search: "state=paused", shared: false } as const;
const saving = (
  fields: Partial<Parameters<typeof decideSaveView>[1]>,
  views: readonly SavedView[] = [],
  person: Person | undefined = kim,
) => outcome(decideSaveView({ person, views }, { ...save, ...fields }, context));

test("a view is saved under a name, and saved again it is replaced", () => {
  expect(saving({})).toBe('{"id":"new"}');
  expect(saving({ name: " Mine " }, [view("Mine")])).toBe('{"id":"Mine"}');
  expect(saving({ page: "tasks" }, [view("Mine")])).toBe('{"id":"new"}');
  const full = Array.from({ length: maxViews }, (_, place) => view(String(place)));
  expect(saving({}, full)).toBe("view.too-many");
  expect(saving({ name: "7" }, full)).toBe('{"id":"7"}');
});

test("only an active member keeps views, with a short name of a page of ours", () => {
  expect(saving({}, [], { ...kim, state: "invited" })).toBe("view.not-a-member");
  for (const bad of [{ name: " " }, { name: "x".repeat(101) }, { search: "x".repeat(2_001) }, { page: "../x" }])
    expect(saving(bad)).toBe("view.invalid");
});

test("a view is removed once, by its owner", () => {
  const removing = (on: SavedView, person: Person | undefined = kim) =>
    outcome(decideRemoveView({ person, view: on }, { kind: "remove-view", viewId: on.id }, context));
  expect(removing(view("Mine"))).toBe('{"id":"Mine"}');
  expect(removing(view("Mine", { state: "removed" }))).toBe("view.removed");
  expect(removing(view("Mine", { personId: asId("dana") }))).toBe("view.not-yours");
  expect(removing(view("Mine"), { ...kim, state: "removed" })).toBe("view.not-yours");
});
