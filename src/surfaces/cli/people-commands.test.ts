import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";
import type { JsonObject } from "../../core/shared/json.ts";

const json = (text: string): JsonObject => JSON.parse(text) as JsonObject; // printed by the command

test("people are invited, given roles, renamed and removed by words alone", async () => {
  const { run, world } = await openCliWorld();
  const invited = await run("people", "invite", "Kim Berg", "--role", "contributor", "--email", "kim@example.org");
  expect(invited).toMatchObject({ exit: 0, out: expect.stringMatching(/\/invitation\?token=[\w-]+\n$/u) as string });
  expect(invited.err).toContain("once");
  expect(await run("people", "role", "kim berg", "lead", "contributor")).toMatchObject({ exit: 0, out: "Kim Berg\n" });
  expect(await run("people", "rename", "kim@example.org", "Kim B.")).toMatchObject({ exit: 0 });
  const listed = json((await run("people", "list", "--json")).out);
  expect(listed).toMatchObject({
    schema: "xvc.people/1",
    items: [
      { id: world.personId, state: "active" },
      { name: "Kim B.", email: "kim@example.org", roles: ["lead", "contributor"], state: "invited" },
    ],
  });
  expect(await run("people", "link", "Kim B.")).toMatchObject({ exit: 0, out: expect.stringContaining("/invitation?token=") as string });
  expect(await run("login", "--person", "Kim B.")).toMatchObject({ exit: 0, out: expect.stringContaining("/sign-in?token=") as string });
  expect(await run("people", "remove", "Kim B.", "--reason", "left")).toMatchObject({ exit: 0, out: "Kim B. removed\n" });
  expect(await run("people", "remove", "Kim B.")).toMatchObject({ exit: 3, err: expect.stringContaining("person.not-found") as string });
  expect((await run("people", "role", "Dana", "contributor")).err).toContain("person.own-roles");
});

test("somebody who left is held, released and erased by words alone", async () => {
  const { run } = await openCliWorld();
  await run("people", "add", "Kim Berg", "--role", "contributor");
  await run("people", "remove", "Kim Berg");
  const preview = await run("people", "erase", "Kim Berg", "--preview");
  expect(preview.out).toContain("Possible: an administrator asks for it.");
  const shortId = /short id (\S{8})/u.exec(preview.out)?.[1] ?? "";
  expect(await run("people", "hold", "Kim Berg", "--reason", "a lawsuit")).toMatchObject({
    exit: 0,
    out: expect.stringContaining("held") as string,
  });
  expect((await run("people", "erase", "Kim Berg", "--reason", "asked", "--confirm", shortId)).err).toContain("erasure.legal-hold");
  expect(await run("people", "release", "Kim Berg", "--reason", "over", "--confirm", shortId)).toMatchObject({ exit: 0 });
  expect((await run("people", "erase", "Kim Berg", "--reason", "asked")).err).toContain(shortId);
  expect(await run("people", "erase", "Kim Berg", "--reason", "asked", "--confirm", shortId)).toMatchObject({
    exit: 0,
    out: expect.stringMatching(/ erased\n$/u) as string,
  });
  expect((await run("people", "list")).out).not.toContain("Kim");
});

test("a team is made and changed, and a project is opened to it", async () => {
  const { run } = await openCliWorld();
  await run("people", "add", "Ola", "--role", "lead");
  expect(await run("team", "create", "Backend", "--member", "Dana", "--lead", "Ola")).toMatchObject({ exit: 0, out: "Backend\n" });
  expect((await run("team", "list")).out).toMatch(/Backend\s+Ola\s+Dana, Ola/u);
  expect(await run("project", "create", "OPS", "Operations", "--team", "Backend")).toMatchObject({ exit: 0, out: "OPS\n" });
  expect(await run("project", "access", "OPS")).toMatchObject({ exit: 0, out: "team Backend\n" });
  expect((await run("project", "list")).out).toMatch(/OPS\s+Operations/u);
  expect(await run("team", "set", "Backend", "--lead", "Ola")).toMatchObject({ exit: 0 });
  expect((await run("project", "list")).out).not.toContain("OPS"); // Dana is in no team that it names
  expect(await run("project", "access", "OPS", "--everyone")).toMatchObject({ exit: 0, out: "everyone\n" });
  expect((await run("project", "access", "OPS", "--everyone", "--person", "Ola")).exit).toBe(2);
  expect(await run("team", "remove", "Backend")).toMatchObject({ exit: 0, out: "Backend removed\n" });
  expect(await run("project", "archive", "OPS")).toMatchObject({ exit: 0, out: "OPS archived\n" });
});
