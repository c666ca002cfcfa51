import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { listAt, objectAt, textAt } from "./output.ts";

test("what a task's performer is told, and why, is read from the command line, within a budget and as it was", async () => {
  const { run, world } = await openCliWorld();
  const { label } = await world.filed("Write the page");
  const post = (path: string, body: object) => world.json(world.asToken("POST", path, { body }));
  await post(`/api/requests/${label}/plan`, { document: world.plan });
  const plan = objectAt(await world.json(world.asToken("GET", `/api/requests/${label}/plan`)), "plan");
  await post(`/api/plans/${textAt(plan, "id")}/approve`, { confirm: label });
  world.clock.advance(1_000);
  const then = String(world.clock.nowMs());
  world.clock.advance(1_000);
  const decision = {
    question: "Who signs?",
    options: [{ label: "\u001B[31mTwo" }],
    choice: "\u001B[31mTwo",
    rationale: "So agreed.",
    request: label,
  };
  await post("/api/decisions", decision);
  const read = async (...words: readonly string[]): Promise<string> => {
    const { exit, out, err } = await run("task", "context", `${label}/draft`, ...words);
    expect([words, exit, err]).toEqual([words, 0, ""]);
    return out;
  };
  const shown = await read();
  expect(shown).toMatch(
    /^ENG-1\/draft: about \d+ of 8000 tokens \(characters \/ 4\)\n {2}brief "Write the page" \(\d+ tokens, always told\)/u,
  );
  expect(shown).toContain('decision "Who signs?"');
  expect(shown).toContain("Nothing is kept of what was told when work began.");
  const text = await read("--text");
  expect(text).toContain("## decision: Who signs?\nDecided: Two\nSo agreed.");
  expect(text).not.toContain("\u001B");
  expect(await read("--at", then)).not.toContain("Who signs?");
  expect((await run("task", "context", `${label}/draft`, "--budget", "50")).exit).toBe(2);
  expect((await run("task", "context", `${label}/nowhere`)).exit).toBe(3);
  expect((await run("task", "claim", `${label}/draft`)).exit).toBe(0);
  expect(await read("--budget", "3000")).toMatch(/Attempt 1 was told about \d+ tokens when it began; the same would be told now\./u);
  const document = JSON.parse(await read("--json")) as JsonObject;
  expect([document["schema"], listAt(document, "rows").length]).toEqual([
    "xvc.context/1",
    listAt(document, "pieces").length + Number(document["leftOut"]),
  ]);
});
