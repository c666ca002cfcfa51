import { expect, test } from "vitest";
import type { JsonObject } from "../../core/shared/json.ts";
import { textAt } from "./output.ts";
import { openCliWorld } from "../../../test/support/cli-world.ts";

test("a row is shown as of an instant, version by version, and between two instants", async () => {
  const { run, world } = await openCliWorld();
  const { label, id } = await world.filed("Write the page");
  world.clock.advance(10);
  const filedMs = world.clock.nowMs();
  world.clock.advance(1_000);
  await world.asToken("POST", `/api/requests/${label}/pause`, { body: { reason: "Holiday" } });
  world.clock.advance(1_000);
  const then = await run("memory", "as-of", "request", label, "--at", String(filedMs));
  expect([then.exit, then.err]).toEqual([0, ""]);
  expect(then.out).toMatch(/^request .* version 2 of .* by xVC\n/u);
  expect(then.out).toContain('  state: "planning"\n');
  expect((await run("memory", "as-of", "request", label)).out).toContain('  state: "paused"\n');
  expect((await run("memory", "as-of", "request", label, "--at", "2001-01-01")).exit).toBe(3);
  expect((await run("memory", "as-of", "request", label, "--at", "one day")).err).toContain("is no instant");
  const history = await run("memory", "history", "request", label);
  expect(history.out).toMatch(/3\s.*Dana\s+.*state/u);
  expect(history.out).toMatch(/1\s.*Dana\s+created\n/u);
  const changed = JSON.parse((await run("memory", "diff", "request", id, "--from", String(filedMs), "--json")).out) as JsonObject;
  expect(changed).toMatchObject({ from: { version: 2, atMs: filedMs }, to: { version: 3, atMs: null } });
  expect(changed["changes"]).toContainEqual({ path: "state", kind: "changed", before: "planning", after: "paused", lines: null });
  const told = await run("memory", "diff", "request", label, "--from", String(filedMs), "--to", String(world.clock.nowMs()));
  expect(told.out).toContain('state (changed)\n  - "planning"\n  + "paused"\n');
  const same = await run("memory", "diff", "request", label, "--from", String(filedMs), "--to", String(filedMs));
  expect(same.out).toContain("nothing changed");
});

test("what was written since is listed once each, on from a cursor, and kinds that are not open stay with overseers", async () => {
  const { run, world } = await openCliWorld();
  const sinceMs = world.clock.nowMs();
  world.clock.advance(10);
  await world.filed("First");
  await world.filed("Second");
  const all = JSON.parse((await run("memory", "changes", "--since", String(sinceMs), "--kind", "request", "--json")).out) as JsonObject;
  expect(all["items"]).toMatchObject([
    { kind: "request", operation: "created", title: "First", version: 1, actor: { name: "Dana" } },
    { kind: "request", operation: "changed", title: "First", version: 2, actor: { name: "xVC" } },
    { kind: "request", operation: "created", title: "Second" },
    { kind: "request", operation: "changed", title: "Second" },
  ]);
  const next = textAt(all, "nextCursor");
  expect((await run("memory", "changes", "--kind", "request", "--cursor", next)).out).toBe("Nothing was written since.\n");
  await world.filed("Third");
  const further = await run("memory", "changes", "--kind", "request", "--cursor", next);
  expect(further.out).toMatch(/request\s+created\s+Third\s+analysing\s+Dana/u);
  expect(further.out).not.toContain("Second");
  expect((await run("memory", "changes", "--kind", "spaceship")).err).toContain('There is no kind "spaceship"');
  expect((await run("memory", "history", "inbox-item", "0190f3a2-0000-7000-8000-000000000001")).exit).toBe(3);
});
