import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";

test("epics and sprints are opened, filled, shown and ended from the command line", async () => {
  const { run, world } = await openCliWorld();
  const { label } = await world.filed("Write the page");
  await world.asToken("POST", `/api/requests/${label}/plan`, { body: { document: world.plan } });
  const done = async (...words: readonly string[]): Promise<string> => {
    const { exit, out, err } = await run(...words);
    expect([words, exit, err]).toEqual([words, 0, ""]);
    return out;
  };
  expect(await done("epic", "list")).toContain("no epics");
  expect(await done("epic", "create", "Self service", "--goal", "Customers need nobody.", "--due", "2031-06-30")).toBe("ENG-E1 open\n");
  await done("epic", "link", label, "ENG-E1");
  expect(await done("epic", "show", "ENG-E1")).toContain("Write the page");
  expect(await done("epic", "list")).toMatch(/ENG-E1\s+open\s+0 of 1/u);
  await done("epic", "link", label, "none");
  expect((await run("epic", "finish", "ENG-E1", "--reason", "done", "--expect", "9")).exit).toBe(4);
  expect(await done("epic", "finish", "ENG-E1", "--reason", "done")).toBe("ENG-E1 done\n");
  expect(await done("sprint", "create", "Portal", "--from", "2031-06-02", "--to", "2031-06-16", "--hours", "120")).toBe(
    "ENG-S1 planning\n",
  );
  expect((await run("sprint", "create", "Portal", "--from", "soon", "--to", "2031-06-16", "--hours", "1")).exit).toBe(2);
  await done("sprint", "plan", `${label}/draft`, "ENG-S1");
  expect(await done("sprint", "show", "ENG-S1")).toContain(`${label}/draft`);
  await done("sprint", "start", "ENG-S1");
  expect(await done("sprint", "list", "--state", "active")).toMatch(/ENG-S1\s+active\s+120/u);
  expect((await run("sprint", "cancel", "ENG-S1")).exit).toBe(2);
  expect(await done("sprint", "complete", "ENG-S1", "--reason", "over")).toBe("ENG-S1 completed\n");
});
