import { beforeEach, expect, test } from "vitest";
import { activeRequest } from "../../../test/support/active-request.ts";
import { type CoreWorld, hashOf, look, person, worker } from "../../../test/support/core-world.ts";
import { createMemoryContent } from "../../adapters/in-process/memory-content.ts";
import { standingGrantKind } from "../../core/gate/standing-grant.ts";
import { capabilityKind } from "../../core/gate/capability.ts";
import { toolCallKind } from "../../core/gate/tool-call.ts";
import { type ToolDeclaration, definitionOf } from "../../core/gate/tool-declaration.ts";
import type { Actor } from "../../core/shared/actor.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type Json, type JsonObject, canonicalJson } from "../../core/shared/json.ts";
import { asId } from "../../core/shared/ids.ts";
import { readAttemptContext } from "../execution/attempt-context.ts";
import type { GatedTool } from "../ports/gated-tool.ts";
import type { DoorAnswer } from "../ports/tool-door.ts";
import { builtInTools } from "./built-in-tools.ts";
import { redactSecrets } from "./redact-secrets.ts";
import { openToolDoor, toolRegistry } from "./tool-door.ts";

const mail: ToolDeclaration = {
  name: "mail",
  description: "Sends a letter.",
  origin: "office",
  parameters: { type: "object", properties: { to: { type: "string" }, text: { type: "string" } }, required: ["to", "text"] },
  deliveryClass: "once",
  effectKind: "send",
  targets: ["to"],
  amountArgument: null,
  result: { integrity: "external", readers: "project" },
  costMicro: 0,
  timeLimitMs: 20_000,
};

let world: CoreWorld;
let founder: Actor;
let sent: JsonObject[];
let fetched: string[];
let tools: readonly GatedTool[];
const content = createMemoryContent();
const digest = (text: string) => asId<"sha256">(hashOfText(text));
const hashOfText = (text: string): string => hashOf(JSON.parse(text) as Json); // the door hashes canonical JSON only

const clock = {
  nowMs: () => world.nowMs(),
  monotonicMs: () => world.nowMs(),
  pause: () => Promise.resolve(),
  deadline: () => new AbortController().signal,
};

beforeEach(async () => {
  const opened = await activeRequest([{ task: "a", review: "checks", tools: ["mail", "http.fetch"], outputs: ["a.md"] }]);
  ({ world, founder } = opened);
  await world.tell(founder, { kind: "add-persona", persona: { ...(await writer()), tools: ["mail", "http.fetch"], personaVersion: 2 } });
  [sent, fetched] = [[], []];
  const egress = {
    check: () => undefined,
    send: async ({ url }: { readonly url: string }) => {
      fetched.push(url);
      return { status: 200, text: "the page, with sk-abcdefghijklmnopqrstuvwxyz in it" };
    },
  };
  const office: GatedTool = {
    declaration: mail,
    run: async ({ arguments: given }) => {
      sent.push(given);
      return { receipt: sent.length };
    },
  };
  tools = toolRegistry([...builtInTools({ content, egress, crash: () => undefined }), office]);
  await begin();
});

async function writer() {
  const { personaKind } = await import("../../core/personas/persona.ts");
  const found = (await world.rows(personaKind)).find((one) => one.key === "writer");
  if (found === undefined) throw new Error("There is no writer.");
  const { id: _id, version: _version, eventCount: _count, ...fields } = found;
  return fields;
}

async function latest() {
  const attempt = (await look(world)).attempts.toSorted((left, right) => right.number - left.number)[0];
  if (attempt === undefined) throw new Error("There is no attempt.");
  return attempt;
}

async function begin(): Promise<void> {
  const { id, epoch } = await latest();
  await world.tell(worker, { kind: "start-attempt", attemptId: id, epoch, executorId: "w" });
}

async function door(personaTools: readonly string[] = []) {
  const { id } = await latest();
  const context = await world.engine.read(world.scope, (reader) => readAttemptContext(reader, id, world.nowMs()));
  const { organizationId } = world.scope;
  const ids = { next: () => world.newId() };
  const apply = world.engine.apply.bind(world.engine);
  return openToolDoor(
    { organizationId, tools, personaTools, clock, digest, ids, apply, crash: () => undefined, redact: (text) => redactSecrets(text) },
    context,
  );
}

let calls = 0;
async function call(tool: string, given: JsonObject): Promise<DoorAnswer> {
  calls += 1;
  return (await door()).call({ callId: `c${calls}`, tool, rawArguments: JSON.stringify(given) }, new AbortController().signal);
}

const agreeTo = (declaration: ToolDeclaration) =>
  world.tell(founder, {
    kind: "set-tool-mode",
    tool: declaration.name,
    mode: "open",
    definitionSha256: hashOf(definitionOf(declaration)),
    reason: "Looked at.",
  });

const letter = { to: "team@example.org", text: "Ten o'clock." };

async function screen() {
  const item = (await look(world)).items.find((one) => one.state === "open" && one.ruleId === "gate.tool-approval");
  if (item === undefined) throw new Error("Nobody is asked.");
  return item;
}

const answer = async (actor: Actor, choice: string) =>
  world.tell(actor, { kind: "answer-item", itemId: (await screen()).id, choice, value: null, reason: "", inputs: [], confirmation: null });

/** The attempt ends because it waits for a person. */
async function endAsked(): Promise<void> {
  const { id, epoch } = await latest();
  await world.tell(worker, { kind: "finish-attempt", attemptId: id, epoch, costMicro: 0, outcome: { kind: "asked", question: "May it?" } });
}

test("of the program's own tools everybody has files in view, and a persona what it works with; what leaves the task only a plan names", async () => {
  const ruler = { ...builtInTools({ content: {} as never, egress: {} as never, crash: () => undefined })[0] } as GatedTool; // only its declaration is looked at
  const named = (name: string, effectKind: ToolDeclaration["effectKind"] = "read"): GatedTool => ({
    ...ruler,
    declaration: { ...ruler.declaration, name, effectKind },
  });
  tools = [...tools, named("code_analysis"), named("memory.search"), named("chart.draw", "write_private"), named("post", "send")];
  const offered = async (personaTools: readonly string[]) =>
    (await door(personaTools))
      .offered()
      .map(({ name }) => name)
      .slice(5);
  expect(await offered([])).toEqual(["memory.search"]);
  expect(await offered(["code_analysis", "chart.draw", "post"])).toEqual(["code_analysis", "memory.search", "chart.draw"]);
});

test("what stays inside the task runs at once and is written down with the reason of each step", async () => {
  expect((await door()).offered().map(({ name }) => name)).toEqual(["files.list", "files.read", "files.write", "http.fetch", "mail"]);
  expect(await call("files.list", {})).toMatchObject({ kind: "done", result: { files: [] } });
  expect(await call("files.write", { name: "a.md", text: "Hello" })).toMatchObject({ kind: "done", result: { name: "a.md", bytes: 5 } });
  expect(await call("files.write", { name: "../b", text: "Hello" })).toMatchObject({ kind: "refused", code: "tool.no-such-output" });
  const [first] = await world.rows(toolCallKind);
  expect(first).toMatchObject({ state: "used", label: { integrity: "persona" } });
  expect(first?.steps.map(({ step }) => step)).toEqual(["parse", "tool", "capability", "labels", "policy", "approval", "budget"]);
  expect((await world.rows(capabilityKind)).map(({ tool, usedCalls }) => [tool, usedCalls])).toContainEqual(["files.list", 1]);
  expect(world.findings()).toEqual([]);
});

test("a tool whose definition nobody has agreed to, or that has changed since, does nothing", async () => {
  expect(await call("mail", letter)).toMatchObject({ kind: "refused", code: "tool.not-agreed" });
  await agreeTo({ ...mail, description: "Sends a letter, and a copy to its maker." });
  expect(await call("mail", letter)).toMatchObject({ kind: "refused", code: "tool.not-agreed" });
  expect(await call("letter", letter)).toMatchObject({ kind: "refused", code: "tool.unknown" });
  expect(sent).toEqual([]);
});

test("a person agrees to exactly one call; then it happens once, in the next attempt, and a changed byte asks again", async () => {
  await agreeTo(mail);
  expect(await call("mail", letter)).toMatchObject({ kind: "asked" });
  expect((await screen()).evidence).toMatchObject({ calls: [{ tool: "mail", lines: [{ argument: "to" }, { argument: "text" }] }] });
  await endAsked();
  expect((await look(world)).tasks[0]).toMatchObject({ state: "blocked", blockedBy: "question" });
  expect((await look(world)).items.filter((one) => one.state === "open")).toHaveLength(1);
  expect(world.findings()).toEqual([]);
  expect(await answer(person(world.people[2] ?? ""), "approve")).toMatchObject({ kind: "refused" });
  expect(await answer(founder, "approve")).toMatchObject({ kind: "ok" });
  await begin();
  expect(await call("mail", { ...letter, text: "Eleven o'clock." })).toMatchObject({ kind: "asked" });
  expect(await call("mail", letter)).toMatchObject({ kind: "done", result: { receipt: 1 }, label: { integrity: "external" } });
  expect(await call("mail", letter)).toMatchObject({ kind: "done", result: { receipt: 1 } });
  expect(sent).toEqual([letter]);
  expect(world.findings()).toEqual([]);
});

test("a no stands for the task, and no answer in time is a no", async () => {
  await agreeTo(mail);
  await call("mail", letter);
  await endAsked();
  await answer(founder, "deny");
  await begin();
  expect(await call("mail", letter)).toMatchObject({ kind: "refused", code: "tool.denied" });
  await call("mail", { ...letter, text: "Again?" });
  const item = await screen();
  expect(item).toMatchObject({ defaultChoice: "deny" });
  world.advance((item.dueAtMs ?? world.nowMs()) - world.nowMs() + 40 * 24 * 3_600_000);
  await world.tell({ kind: "system", id: "sweeper" }, { kind: "expire-item", itemId: item.id });
  expect(await call("mail", { ...letter, text: "Again?" })).toMatchObject({ kind: "refused", code: "tool.denied" });
  expect(sent).toEqual([]);
});

test("calls of one step are one screen, and who still has the old screen agrees to nothing", async () => {
  await agreeTo(mail);
  await call("mail", letter);
  const old = await screen();
  await call("mail", { to: "evil@example.com", text: "All of it." });
  const both = await screen();
  expect(both.evidence["calls"]).toHaveLength(2);
  const stale = {
    kind: "answer-item",
    itemId: old.id,
    choice: "approve",
    value: null,
    reason: "",
    inputs: [],
    confirmation: null,
  } as const;
  expect(await world.tell(founder, stale)).toMatchObject({ kind: "refused" });
  expect((await world.rows(toolCallKind)).map(({ state }) => state)).toEqual(["asked", "asked"]);
});

test("a yes does not outlive a halt, a suspension, or the attempt", async () => {
  await agreeTo(mail);
  await call("mail", letter);
  await endAsked();
  await answer(founder, "approve");
  await begin();
  const ended = await door();
  await world.tell(founder, { kind: "set-tool-mode", tool: "mail", mode: "suspended", definitionSha256: null, reason: "Odd." });
  expect(await call("mail", letter)).toMatchObject({ kind: "refused", code: "tool.suspended" });
  await world.tell(founder, { kind: "set-tool-mode", tool: "mail", mode: "open", definitionSha256: null, reason: "Fine." });
  await world.tell(founder, { kind: "set-halt", scope: "tool", scopeId: "mail", reason: "Stop." });
  expect(await call("mail", letter)).toMatchObject({ kind: "refused", code: "halt.in-force" });
  const { id, epoch } = await latest();
  const failed = { kind: "failed", code: "x", message: "", retryable: true } as const;
  await world.tell(worker, { kind: "finish-attempt", attemptId: id, epoch, costMicro: 0, outcome: failed });
  const late = ended.call({ callId: "late", tool: "mail", rawArguments: JSON.stringify(letter) }, new AbortController().signal);
  await expect(late).rejects.toBeInstanceOf(Failure);
  expect(sent).toEqual([]);
});

test("a standing grant lets its own target through, so often, and can be taken back", async () => {
  await agreeTo(mail);
  const grant = {
    kind: "give-grant",
    tool: "mail",
    persona: "writer",
    targets: { to: ["team@example.org"] },
    content: "inside",
    maxCalls: 2,
    capMicro: null,
    expiresAtMs: world.nowMs() + 3_600_000,
    reason: "The daily note.",
  } as const;
  expect(await world.tell(worker, grant)).toMatchObject({ kind: "refused", code: "grant.wrong-role" });
  expect(await world.tell(founder, { ...grant, targets: {} })).toMatchObject({ kind: "refused", code: "grant.bad-terms" });
  expect(await world.tell(founder, grant)).toMatchObject({ kind: "ok" });
  expect(await call("mail", letter)).toMatchObject({ kind: "done" });
  expect(await call("mail", { ...letter, to: "evil@example.com" })).toMatchObject({ kind: "asked" });
  // What came from a tool outside is in the context now, and the grant takes only what was written from inside.
  expect(await call("mail", { ...letter, text: "Two." })).toMatchObject({ kind: "asked" });
  const [given] = await world.rows(standingGrantKind);
  expect(given).toMatchObject({ usedCalls: 1 });
  await world.tell(founder, { kind: "revoke-grant", grantId: given?.id ?? "", reason: "" });
  expect(sent).toHaveLength(1);
  expect(world.findings()).toEqual([]);
});

test("an address that nobody named is asked about; what comes back is redacted", async () => {
  expect(await call("http.fetch", { url: "https://example.org/a" })).toMatchObject({ kind: "asked" });
  await answer(founder, "approve");
  expect(await call("http.fetch", { url: "https://example.org/a" })).toMatchObject({
    kind: "done",
    result: { text: "the page, with [redacted] in it" },
  });
  expect(fetched).toEqual(["https://example.org/a"]);
});

test("hashes are made of canonical JSON, so the order of arguments asks nothing twice", async () => {
  expect(digest(canonicalJson({ b: 1, a: 2 }))).toBe(digest(canonicalJson({ a: 2, b: 1 })));
  await agreeTo(mail);
  const first = await call("mail", letter);
  expect(await call("mail", { text: letter.text, to: letter.to })).toEqual(first);
});
