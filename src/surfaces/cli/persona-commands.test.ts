import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";

const files = {
  "/own.json": JSON.stringify({ persona_library: { drafter: { worldview: "calm", specializations: ["writing"], tools: [] } } }),
  "/edited.json": JSON.stringify({
    worldview: "brisk",
    specializations: ["writing"],
    tools: [],
    skills: ["writing"],
    division: "engineering",
  }),
  "/skills/pdf-reader/SKILL.md": "---\nname: pdf-reader\ndescription: Reads forms.\nallowed-tools: Read Write\n---\nYou read forms.\n",
  "/skills/pdf-reader/scripts/run.py": "import os",
  "/skills/bad.md": "no head",
};

test("a persona is added, edited, compared, taken back, retired and written out", async () => {
  const cli = await openCliWorld({ files });
  const run = async (...words: readonly string[]): Promise<string> => {
    const ran = await cli.run("persona", ...words);
    expect([words, ran.err, ran.exit]).toEqual([words, ran.err, 0]);
    return ran.out;
  };
  await run("add", "/own.json");
  expect(await run("edit", "drafter", "/edited.json", "--reason", "shorter")).toContain("version 2");
  expect((await cli.run("persona", "edit", "drafter", "/edited.json", "--reason", "x", "--base", "1")).exit).toBe(4);
  expect(await run("diff", "drafter")).toMatch(/version 1 to 2\nworldview:\n {2}- calm\n {2}\+ brisk/u);
  expect(await run("rollback", "drafter", "1", "--reason", "calmer")).toContain("Version 3 says what version 1 said");
  expect(await run("retire", "drafter", "--reason", "no work")).toContain("no new work");
  const shown = await run("show", "drafter");
  expect(shown).toMatch(/retired.*worldview: calm.*Writing \(2\.A\.1\.c\).*version 3: retired.*version 3: worldview.*version 1: added/su);
  await run("restore", "drafter", "--reason", "work");
  expect(await run("list")).toContain("drafter");
  expect(await run("export", "drafter")).toContain('"worldview": "calm"');
  await run("export", "drafter", "--form", "skill", "--out", "/out");
  expect(new TextDecoder().decode(cli.files.get("/out/drafter/SKILL.md"))).toContain('description: "calm"');
  expect((await cli.run("persona", "show", "nobody")).exit).toBe(3);
});

test("a folder comes in as proposals, and is accepted with the tools that are named or rejected with a reason", async () => {
  const cli = await openCliWorld({ files });
  const imported = await cli.run("persona", "import", "/skills", "/own.json");
  expect([imported.exit, imported.err]).toEqual([0, ""]);
  expect(imported.out).toMatch(/2 proposed, 1 refused.*pdf-reader.*refused bad\.md/su);
  expect((await cli.run("persona", "import", "/skills/bad.md")).exit).toBe(1);
  const waiting = await cli.run("persona", "proposals");
  expect(waiting.out).toMatch(/pdf-reader\t.*new\tRead, Write.*stay behind/su);
  expect((await cli.run("persona", "accept", "pdf-reader", "--tools", "Bash")).exit).toBe(2);
  expect((await cli.run("persona", "accept", "pdf-reader", "--tools", "Read")).out).toContain("in the library, version 1");
  expect(JSON.parse((await cli.run("persona", "show", "pdf-reader", "--json")).out)).toMatchObject({
    persona_library: { "pdf-reader": { tools: ["Read"], worldviewText: "You read forms." } },
  });
  expect((await cli.run("persona", "reject", "drafter", "--reason", "we have one")).out).toContain("rejected");
  expect((await cli.run("persona", "reject", "drafter", "--reason", "again")).exit).toBe(3);
  expect((await cli.run("persona", "proposals")).out).toContain("No persona is proposed.");
});
