import { expect, test } from "vitest";
import type { JsonObject } from "../../core/shared/json.ts";
import { openCliWorld } from "../../../test/support/cli-world.ts";

const plan = {
  decomposition: [
    {
      task: "draft",
      title: "Draft it",
      persona: "contributor",
      dependencies: [],
      outputs: ["draft.md"],
      executor: "human",
      acceptance: [{ id: "a1", statement: "It is there.", check: { kind: "output", output: "draft.md" } }],
    },
  ],
};

test("a decision is listed, shown whole and found by its words", async () => {
  const { run, world } = await openCliWorld({ files: { "/plan.json": JSON.stringify(plan) } });
  expect((await run("memory", "decisions")).out).toBe("Nothing was decided yet.\n");
  const { label } = await world.filed("Write the page");
  await run("plan", "propose", label, "/plan.json");
  await run("inbox", "answer", label, "approve", "--confirm", label);
  const listed = JSON.parse((await run("memory", "decisions", "--request", label, "--json")).out) as JsonObject;
  const [first] = listed["items"] as readonly (JsonObject & { readonly id: string })[]; // rows by their contract
  expect(first).toMatchObject({ choice: "approve", requestLabel: label, decider: { name: "Dana" } });
  const shown = await run("memory", "decision", first?.id ?? "");
  expect(shown.out).toContain("choice: approve\n");
  expect(shown.out).toContain("by: Dana\n");
  expect((await run("memory", "search", "WRITE THE")).out).toMatch(new RegExp(`request\\s+${label}\\s+Write the page`, "u"));
  expect((await run("memory", "search", "nowhere to be found")).out).toBe("Nothing was found.\n");
  expect((await run("memory", "decision", "0190f3a2-0000-7000-8000-000000000001")).exit).toBe(3);
});

test("a decision is proposed, made, judged and superseded from the command line", async () => {
  const { run, world } = await openCliWorld({
    files: { "/decision.json": JSON.stringify({ question: "Who hosts?", options: [{ label: "We" }] }) },
  });
  const { label } = await world.filed("Keep the orders");
  const question = "Which database keeps the orders?";
  const options = ["--option", "PostgreSQL | + transactions | - one more server", "--option", "Files"];
  const choice = ["--choice", "postgresql", "--reason", "Orders must not be lost.", "--topic", "database", "--request", label];
  const sure = ["--confidence", "0.8", "--wrong-if", "It is often down.", "--link", "comparison=https://example.org/c"];
  const made = await run("memory", "record", question, ...options, ...choice, ...sure, "--review", "2099-06-30", "--json");
  expect([made.exit, made.err]).toEqual([0, ""]);
  const { id } = JSON.parse(made.out) as { readonly id: string };
  const shown = (await run("memory", "decision", id)).out;
  for (const line of [
    "options: PostgreSQL | Files",
    "choice: postgresql",
    "confidence: 80 %; wrong if: It is often down.",
    "authority: role:administrator, by deciders@1",
    "looked at again: 2099-06-30",
    "links: comparison https://example.org/c",
  ])
    expect(shown).toContain(line);
  expect((await run("memory", "outcome", id, "mixed", "--reason", "Down twice.")).exit).toBe(0);
  expect((await run("memory", "decision", id)).out).toContain("outcome: mixed: Down twice.\n");
  const later = await run(
    "memory",
    "record",
    question,
    ...options,
    "--choice",
    "Files",
    "--reason",
    "Simpler.",
    "--supersedes",
    id,
    "--json",
  );
  expect(later.exit).toBe(0);
  expect((await run("memory", "decision", id)).out).toContain(`superseded by: ${(JSON.parse(later.out) as { readonly id: string }).id}`);

  const proposed = JSON.parse((await run("memory", "record", "--file", "/decision.json", "--json")).out) as { readonly id: string };
  expect((await run("memory", "decide", proposed.id, "We", "--reason", "Cheap.")).out).toBe(`${proposed.id} made\n`);
  expect((await run("memory", "decide", proposed.id, "We", "--reason", "Cheap.")).exit).toBe(4);
  expect((await run("memory", "record", "Q?", "--option", "A | what", "--choice", "A")).err).toContain("is no option");
  expect((await run("memory", "record", "Q?", "--option", "A", "--confidence", "2")).exit).toBe(2);
});

test("what was believed and decided about something on a date is one question, with what changed since", async () => {
  const { run, world } = await openCliWorld();
  const seats = ["memory", "learn", "Acme", "price per seat"] as const;
  const learned = await run(...seats, "10", "--from", "2020-01-01", "--source", "price list");
  expect([learned.exit, learned.err]).toEqual([0, ""]);
  const id = learned.out.trim();
  const options = ["--option", "Yes", "--choice", "Yes", "--reason", "Cheap."];
  expect((await run("memory", "record", "Do we buy seats of Acme?", ...options, "--from", "2020-02-01")).exit).toBe(0);
  const thenMs = world.clock.nowMs();
  world.clock.advance(86_400_000);
  expect((await run("memory", "correct", id, "15", "--from", "2020-03-01", "--to", "2020-06-01", "--source", "invoice")).exit).toBe(0);
  expect((await run(...seats, "12", "--from", "2021-01-01", "--source", "price list of 2021")).exit).toBe(0);
  const periods = (await run("memory", "fact", id)).out.split("\n").map((line) => line.split("\t").slice(0, 3).join(" "));
  expect(periods.slice(0, 5).map((line) => line.slice(-2).trim())).toEqual(["me", "10", "15", "10", "12"]);
  expect((await run("memory", "facts", "seat", "--valid", "2020-04-01")).out).toMatch(/^Acme\tprice per seat\t15\t/u);
  const asked = ["memory", "beliefs", "acme", "--at", String(thenMs), "--valid", "2020-04-01"] as const;
  const { out, err } = await run(...asked);
  expect(err).toBe("");
  expect(out).toMatch(/Acme: price per seat\t10\t15\t12\tcorrected since/u);
  expect(out).toMatch(/Do we buy seats of Acme\?\tyes\tin-force\tin-force\t$/mu);
  expect((await run("memory", "beliefs", "nothing of it")).out).toContain("Nothing is on record about it.");
  const { label } = await world.filed("Buy the seats");
  expect((await run("memory", "beliefs", `request:${label}`)).out).toContain(`About request ${label}`);
  expect((await run("memory", "learn", "Acme", "seats", "3", "--source", "x", "--from", "no day")).exit).toBe(2);
});
