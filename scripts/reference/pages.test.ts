import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "../suites/run-command.ts";
import { eventProblems, eventsIn } from "./events.ts";
import { referencePages } from "./pages.ts";
import { schemaPage, tablesOf } from "./schema.ts";
import { settingsPage } from "./settings.ts";

test("regenerating the reference changes nothing", async () => {
  const old = [...(await referencePages(root))].filter(
    ([file, page]) => readFileSync(path.join(root, "docs/reference", file), "utf8") !== page,
  );
  expect(old.map(([file]) => `docs/reference/${file}: run npm run docs`)).toEqual([]);
}, 60_000);

test("finds events that are recorded, moved to, and put together from a state", () => {
  const text = `
    const told = { epoch: 1, requestId };
    draft.record(kind, row, "lease.lost", told);
    moveTask(step, task, { to: "failed", event: why ? "task.failed" : "task.cancelled", data: { reason } });
    moveRequest(step, request, { to: "active", data: { planId } });
    draft.record(kind, row, \`effect.\${outcome}\`, { tool });`;
  expect(
    eventsIn({ file: "core/x.ts", text })
      .map(({ kind, fields }) => `${kind}: ${fields.join(" ")}`)
      .toSorted(),
  ).toEqual([
    "effect.done: tool",
    "effect.failed: tool",
    "effect.unknown: tool",
    "lease.lost: epoch requestId",
    "request.active: planId",
    "task.cancelled: requestId taskKey from reason",
    "task.failed: requestId taskKey from reason",
  ]);
});

test("an event without a line, and a line without an event, are problems", () => {
  const found = [{ kind: "a.new", fields: [], file: "core/a.ts" }];
  expect(eventProblems(found, { "a.gone": ["Gone.", "M99", []] })).toEqual([
    "a.new has no line in event-lines.json",
    "a.gone stands in event-lines.json and is recorded nowhere",
    "a.gone feeds M99, which is no metric",
  ]);
});

test("reads columns and constraints of a migration, and refuses a table nobody describes", () => {
  const text =
    "create table xvc.new_thing (\n  id uuid not null, -- the id\n  size numeric(10, 2) default 0,\n  primary key (id, size)\n) with (fillfactor = 80);\nalter table xvc.new_thing add column name text not null;";
  const tables = tablesOf([{ file: "0009-new.sql", text }]);
  expect(tables).toEqual([
    {
      file: "0009-new.sql",
      name: "xvc.new_thing",
      columns: [
        { name: "id", type: "uuid", rest: "not null" },
        { name: "size", type: "numeric(10, 2)", rest: "default 0" },
        { name: "name", type: "text", rest: "not null" },
      ],
      constraints: ["primary key (id, size)"],
    },
  ]);
  expect(() => schemaPage(tables)).toThrow("xvc.new_thing");
});

test("a variable that is read and not described is a problem", () => {
  expect(() => settingsPage(["XVC_SECRET_SWITCH"])).toThrow("XVC_SECRET_SWITCH is read and has no line");
});
