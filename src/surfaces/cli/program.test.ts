import { expect, test } from "vitest";
import { asId } from "../../core/shared/ids.ts";
import { openCliWorld } from "../../../test/support/cli-world.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitOf } from "./follow-request.ts";
import { jsonText, printable, table } from "./output.ts";
import { isPlainName } from "./save-deliverable.ts";

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

test("a request is filed, planned, approved and worked on by words alone", async () => {
  const { run, world } = await openCliWorld({ files: { "/plan.json": JSON.stringify(plan), "/draft.md": "# Draft" } });
  const filed = await run("request", "submit", "Write the page", "--deadline", "2030-01-31", "--budget", "12.50");
  expect(filed).toMatchObject({ exit: 0, out: "ENG-1\n" });
  const next = await world.filed("Another");
  expect((await run("plan", "propose", next.label, "/plan.json")).out).toBe("ENG-2 plan 1 proposed\n");
  expect(await run("plan", "approve", next.label)).toMatchObject({ exit: 5, out: "", err: expect.stringContaining("ENG-2") as string });
  expect(await run("inbox", "answer", next.label, "approve", "--confirm", "ENG-2")).toMatchObject({ exit: 0, out: "ENG-2 approve\n" });
  expect(await run("task", "claim", "ENG-2/draft")).toMatchObject({ exit: 0, out: "ENG-2/draft running\n" });
  expect((await run("task", "submit", "ENG-2/draft", "--output", "draft.md=/draft.md", "--minutes", "5")).exit).toBe(0);
  const shown = await run("request", "show", "ENG-2", "--json");
  expect(JSON.parse(shown.out)).toMatchObject({ schema: "xvc.progress/1", request: "ENG-2", tasks: [{ task: "draft" }] });
  const exported = await run("plan", "export", "ENG-2");
  expect(JSON.parse(exported.out)).toMatchObject({ schema: "xvc.plan/1", decomposition: [{ task: "draft" }] });
});

test("what is printed as JSON carries its schema, one document or one per line", async () => {
  const { run, world } = await openCliWorld();
  await world.filed("One");
  await world.filed("Two");
  for (const words of [
    ["request", "list"],
    ["inbox", "list"],
    ["task", "list"],
    ["people", "list"],
    ["project", "list"],
    ["playbook", "list"],
    ["persona", "list"],
    ["status"],
    ["config", "list"],
    ["doctor"],
    ["login"],
  ]) {
    const { exit, out } = await run(...words, "--json", "-q");
    expect([words, exit, (JSON.parse(out) as JsonObject)["schema"]]).toEqual([words, 0, expect.stringMatching(/^xvc\.[a-z-]+\/1$/u)]);
  }
  const lines = (await run("request", "list", "--jsonl")).out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as JsonObject);
  expect(lines).toMatchObject([
    { schema: "xvc.requests/1", label: "ENG-2" },
    { schema: "xvc.requests/1", label: "ENG-1" },
  ]);
});

test("waiting ends with 8 when only a person can carry on, and says what waits", async () => {
  const { run, world } = await openCliWorld();
  const { label } = await world.filed();
  await world.asToken("POST", `/api/requests/${label}/plan`, { body: { document: plan } });
  const { exit, out, err } = await run("request", "wait", label);
  expect(exit).toBe(8);
  expect(out).toContain("awaiting-approval");
  expect(err).toContain("waits for a person");
  expect(err).toMatch(/xvc inbox answer [0-9a-f-]{36} approve\|changes\|reject/u);
  expect(world.surface.streams()).toBe(0);
});

test("waiting over a real socket ends as it should and leaves no stream open", async () => {
  const { run, world, close } = await openCliWorld({ overSocket: true });
  const { label } = await world.filed();
  const waiting = run("request", "wait", label, "-q");
  await run("request", "pause", label);
  expect(await waiting).toMatchObject({ exit: 8, err: "" });
  await expect.poll(() => world.surface.streams()).toBe(0);
  await close();
});

test("waiting follows to the end: a cancelled request is work that failed", async () => {
  const { run, world } = await openCliWorld();
  const { label } = await world.filed();
  const waiting = run("request", "wait", label, "-q");
  await run("request", "cancel", label, "--reason", "not needed");
  expect(await waiting).toMatchObject({ exit: 1, err: "" });
});

test("the exit code follows from what can still happen", () => {
  const task = (status: string, executor: string) => ({ task: "a", status, executor });
  expect(exitOf({ state: "delivered" })).toBe(0);
  expect(exitOf({ state: "planning" })).toBeNull();
  expect(exitOf({ state: "needs-input", inbox: [{ id: "1" }] })).toBe(8);
  expect(exitOf({ state: "active", inbox: [{ id: "1" }], tasks: [task("running", "rules")] })).toBeNull();
  expect(exitOf({ state: "active", inbox: [{ id: "1" }], tasks: [task("in-review", "rules")] })).toBe(8);
  expect(exitOf({ state: "active", inbox: [], tasks: [task("ready", "human")] })).toBe(8);
  expect(exitOf({ state: "active", inbox: [], tasks: [{ ...task("running", "human"), checking: true }] })).toBeNull();
  expect(exitOf({ state: "active", inbox: [], tasks: [task("running", "human")] })).toBe(8);
  expect(exitOf({ state: "active", inbox: [], tasks: [task("passed", "rules")] })).toBeNull();
});

test("a plan that was decided with the submission is followed past its proposal, any other waits for a person", () => {
  const proposed = {
    state: "awaiting-approval",
    summary: { approveBeforehand: true, budgetMicro: 1_000, rehearsal: false },
    plan: { origin: { kind: "playbook", edited: false, proven: false }, alwaysReview: [], costMicro: 900, forecast: null },
    inbox: [{ id: "1", mayAnswer: true }],
  };
  expect(exitOf(proposed)).toBeNull();
  expect(exitOf({ ...proposed, summary: { approveBeforehand: false, budgetMicro: 1_000 } })).toBe(8);
  expect(exitOf({ ...proposed, summary: { approveBeforehand: true, budgetMicro: 800 } })).toBe(8);
  expect(exitOf({ ...proposed, plan: { ...proposed.plan, origin: { kind: "person", edited: false } } })).toBe(8);
  expect(exitOf({ ...proposed, inbox: [{ id: "1", mayAnswer: false }] })).toBe(8);
  const reviewed = { ...proposed, plan: { ...proposed.plan, alwaysReview: ["security"] } };
  expect(exitOf(reviewed)).toBe(8);
  expect(exitOf({ ...reviewed, summary: { ...proposed.summary, rehearsal: true } })).toBeNull();
  expect(exitOf({ ...reviewed, plan: { ...reviewed.plan, origin: { ...proposed.plan.origin, proven: true } } })).toBeNull();
});

const hostileTitle = "\u001B]0;owned\u0007\u001B[2JTidy\u202E the room";

test("text from outside cannot move the terminal", async () => {
  const { run } = await openCliWorld({ isTerminal: true });
  await run("request", "submit", hostileTitle);
  for (const words of [
    ["request", "list"],
    ["request", "show", "ENG-1"],
    ["request", "list", "--json"],
    ["request", "list", "--jsonl"],
  ]) {
    const { out, err } = await run(...words);
    expect(out).toContain("Tidy");
    // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
    expect(out + err).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E]/u);
  }
  expect(printable("a\u001B[31mb\u009B2Jc\r\nd\te")).toBe("ab2Jc\nd\te");
  expect(JSON.parse(jsonText({ a: "\u009B\u202E" }))).toEqual({ a: "\u009B\u202E" });
  expect(table({ isTerminal: false }, ["A", "B"], [["x\ty\nz", null]])).toBe("x y z\t-\n");
});

test("a deliverable with a hostile name saves nothing at all", async () => {
  for (const name of ["../../../etc/cron.d/x", "/etc/passwd", "..", "a\\b", "nul\0", "~root", "C:evil"])
    expect([name, isPlainName(name)]).toEqual([name, false]);
  const deliverable = {
    schema: "xvc.deliverable/1",
    files: [
      { name: "report.md", sha256: "a" },
      { name: "../evil.md", sha256: "b" },
    ],
  };
  const client: Client = {
    get: async () => deliverable,
    post: async () => ({}),
    download: async () => new Uint8Array(),
    async *events() {},
  };
  const { run, files } = await openCliWorld({ client });
  expect(await run("deliverable", "save", "ENG-1", "--out", "/out")).toMatchObject({ exit: 2, out: "" });
  expect(files.size).toBe(0);
});

test("saved files are not replaced unasked", async () => {
  const client: Client = {
    get: async () => ({ files: [{ name: "report.md", sha256: "a" }] }),
    post: async () => ({}),
    download: async () => new TextEncoder().encode("new"),
    async *events() {},
  };
  const { run, files } = await openCliWorld({ client, files: { "/out/report.md": "old" } });
  expect(await run("deliverable", "save", "ENG-1", "--out", "/out")).toMatchObject({ exit: 4, out: "" });
  expect(new TextDecoder().decode(files.get("/out/report.md"))).toBe("old");
  expect(await run("deliverable", "save", "ENG-1", "--out", "/out", "--yes")).toMatchObject({ exit: 0, out: "/out/report.md\n" });
  expect(new TextDecoder().decode(files.get("/out/report.md"))).toBe("new");
});

test("a plan file is judged without a server", async () => {
  const cyclic = {
    decomposition: [
      { task: "a", persona: "p", dependencies: ["b"] },
      { task: "b", persona: "p", dependencies: ["a"] },
    ],
  };
  const client: Client = {
    get: () => {
      throw new Error("asked the server");
    },
    post: () => {
      throw new Error("asked the server");
    },
    download: () => {
      throw new Error("asked the server");
    },
    events: () => {
      throw new Error("asked the server");
    },
  };
  const { run } = await openCliWorld({
    client,
    files: {
      "good.json": JSON.stringify(plan),
      "bad.json": JSON.stringify(cyclic),
      "list.md": "- [ ] Draft it\n- [ ] Edit it\n",
      "junk.json": "}{",
    },
  });
  expect(await run("plan", "check", "good.json")).toMatchObject({ exit: 0, out: expect.stringContaining("sound: 1 tasks") as string });
  expect(await run("plan", "check", "bad.json")).toMatchObject({ exit: 1, out: expect.stringContaining("not sound") as string });
  expect((await run("plan", "check", "list.md")).out).toContain("2 tasks");
  expect(await run("plan", "check", "junk.json")).toMatchObject({ exit: 2, out: "" });
});

test("a request goes to the project of the settings, unless one is named or it is a rehearsal", async () => {
  const { run, world } = await openCliWorld({ project: "OPS" });
  const id = asId<"project">(world.ids.next());
  await world.asPerson({ kind: "create-project", id, key: "OPS", name: "Operations", mode: "real", clockAtMs: null }, null);
  expect(await run("request", "submit", "Do it")).toMatchObject({ exit: 0, out: "OPS-1\n" });
  expect(await run("request", "submit", "Do it", "--project", "ENG")).toMatchObject({ exit: 0, out: "ENG-1\n" });
  expect(await run("request", "submit", "Do it", "--rehearsal")).toMatchObject({ exit: 3 });
});

test("a key is printed alone, listed without its secret, and revoked by its name", async () => {
  const { run, world } = await openCliWorld();
  const made = await run("key", "create", "ci", "--scope", "write", "--expires", "2030-01-31");
  expect([made.exit, made.out]).toEqual([0, expect.stringMatching(/^xvc_[\w-]+\n$/u)]);
  expect(made.err).toContain("Shown this once");
  const bearer = { headers: { authorization: `Bearer ${made.out.trim()}` } };
  expect((await world.call("GET", "/api/me", bearer)).status).toBe(200);
  const listed = await run("key", "list", "--json");
  expect(listed.out).toContain('"name": "ci"');
  expect(listed.out).not.toContain(made.out.trim());
  expect(await run("key", "revoke", "ci")).toMatchObject({ exit: 0, out: "ci revoked\n" });
  expect((await world.call("GET", "/api/me", bearer)).status).toBe(403);
  expect(await run("key", "revoke", "ci")).toMatchObject({ exit: 3 });
  expect(await run("key", "create", "x", "--scope", "local")).toMatchObject({ exit: 2 });
  expect(await run("key", "create", "board", "--project", "eng")).toMatchObject({ exit: 0 });
  expect((await run("key", "list")).out).toMatch(/^board\tread\tENG\t/mu);
  expect(await run("key", "create", "x", "--project", "NONE")).toMatchObject({ exit: 3 });
});

test("a word that is neither an item nor a request's label names no inbox item", async () => {
  const { run } = await openCliWorld();
  for (const words of [
    ["delegate", "nope", "Dana"],
    ["show", "nope"],
    ["answer", "nope", "approve"],
  ])
    expect(await run("inbox", ...words)).toMatchObject({
      exit: 3,
      out: "",
      err: expect.stringMatching(/no inbox item "nope".*xvc inbox list[\s\S]*why: inbox\.not-found/u) as string,
    });
});

test("what is too long or missing is told in plain words, with the limit and what to do", async () => {
  const { run } = await openCliWorld();
  const long = await run("project", "create", "OPS", "x".repeat(4_000));
  expect(long).toMatchObject({ exit: 2, out: "" });
  expect(long.err).toMatch(/name is longer than \d+ characters; shorten it/u);
  expect(long.err).not.toMatch(/Too big|expected string/u);
});

test("nothing is coloured and nothing asks back, so the usual flags are accepted and not offered", async () => {
  const { run } = await openCliWorld({ isTerminal: true });
  const plain = await run("inbox", "list");
  expect(await run("--no-color", "--no-input", "inbox", "list")).toEqual(plain);
  expect(plain.out).not.toContain("\u001b");
  expect((await run("--help")).out).not.toMatch(/--no-/u);
});
