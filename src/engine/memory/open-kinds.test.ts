import { expect, test } from "vitest";
import { Failure } from "../../core/shared/failure.ts";
import { entityTables } from "../ports/entity-tables.ts";
import { kindFor, kindsFor } from "./open-kinds.ts";

test("members read what pages show them; what people keep for themselves and bookkeeping stays with overseers", () => {
  const member = kindsFor(["contributor", "director", "agent"]);
  expect(member).toEqual(expect.arrayContaining(["request", "task", "policy", "decision"]));
  for (const kind of ["person", "saved_view", "channel", "notice", "clock", "comment", "inbox_item", "calendar"])
    expect([kind, member.includes(kind)]).toEqual([kind, false]);
  const overseer = kindsFor(["auditor"]);
  for (const { kind } of entityTables.filter((table) => table.kind.scope === "project")) expect(overseer).toContain(kind.name);
  for (const kind of ["saved_view", "channel", "calendar"]) expect([kind, overseer.includes(kind)]).toEqual([kind, false]);
  expect(kindFor("inbox-item", ["administrator"]).name).toBe("inbox_item");
  expect(() => kindFor("inbox-item", ["contributor"])).toThrow(Failure);
  expect(() => kindFor("spaceship", ["administrator"])).toThrow(Failure);
});
