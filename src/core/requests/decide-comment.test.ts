import { expect, test } from "vitest";
import { openCoreWorld, person, type CoreWorld } from "../../../test/support/core-world.ts";
import { inboxItemKind } from "../oversight/inbox-item.ts";
import type { Role } from "../oversight/person.ts";
import { commentKind, commentLimits } from "./comment.ts";
import { answerCommand, decideMentionSeen } from "./decide-comment.ts";

const crew: readonly (readonly Role[])[] = [["lead"], ["contributor"], ["agent"], ["auditor"]];

/** A request with founder, lead, contributor, agent and auditor around it. */
async function around() {
  const world = await openCoreWorld(crew);
  const [founder = "", lead = "", contributor = "", agent = "", auditor = ""] = world.people;
  const opened = await world.tell(person(founder), {
    kind: "submit-request",
    id: null,
    draft: {
      title: "Write it",
      text: "Write it",
      urgency: "normal",
      budgetMicro: null,
      deadlineAtMs: null,
      playbook: null,
      inputs: [],
      approveBeforehand: false,
      script: null,
    },
  });
  const requestId = opened.kind === "ok" ? (opened.answer["id"] as string) : "";
  return { world, founder, lead, contributor, agent, auditor, requestId };
}

const post = (
  world: CoreWorld,
  author: string,
  requestId: string,
  ...[text, mentions = []]: [text: string, mentions?: readonly string[]]
) => world.tell(person(author), { kind: "post-comment", requestId, subjectKind: "request", subjectId: requestId, text, mentions });

const mentionsOf = async (world: CoreWorld) => (await world.rows(inboxItemKind)).filter((item) => item.kind === "mention");

test("a mention reaches exactly the mentioned, once, and never the author", async () => {
  const { world, founder, lead, contributor, requestId } = await around();
  await post(world, founder, requestId, "Look, both of you", [lead, lead, contributor, founder]);
  const items = await mentionsOf(world);
  expect(items.map((item) => item.personIds)).toEqual([[lead], [contributor]]);
  expect(items.every((item) => item.roles.length === 0 && item.risk === "low")).toBe(true);
  const [first] = items;
  const answer = (by: string) =>
    world.tell(person(by), {
      kind: "answer-item",
      itemId: first?.id ?? "",
      choice: "seen",
      value: null,
      reason: "",
      inputs: [],
      confirmation: null,
    });
  expect(await answer(contributor)).toMatchObject({ kind: "refused", code: "inbox.not-yours" });
  expect(await answer(founder)).toMatchObject({ kind: "refused", code: "inbox.not-yours" });
  expect(await answer(lead)).toMatchObject({ kind: "ok" });
});

test("a reply is a comment beside the first and tells its author", async () => {
  const { world, founder, lead, requestId } = await around();
  await post(world, founder, requestId, "What do you think?", [lead]);
  const [item] = await mentionsOf(world);
  const told = { kind: "answer-item", itemId: item?.id ?? "", choice: "reply", reason: "", inputs: [], confirmation: null } as const;
  expect(await world.tell(person(lead), { ...told, value: "x".repeat(commentLimits.textLength + 1) })).toMatchObject({
    code: "comment.too-long",
  });
  await world.tell(person(lead), { ...told, value: "I like it." });
  const comments = await world.rows(commentKind);
  expect(comments.map((comment) => [comment.authorId, comment.text])).toEqual([
    [founder, "What do you think?"],
    [lead, "I like it."],
  ]);
  expect((await mentionsOf(world)).map((one) => [one.personIds?.[0], one.state])).toEqual([
    [lead, "answered"],
    [founder, "open"],
  ]);
});

test("agents comment, auditors do not, and nobody in the name of a removed or unknown person", async () => {
  const { world, agent, auditor, requestId } = await around();
  expect(await post(world, agent, requestId, "Done soon.")).toMatchObject({ kind: "ok" });
  expect(await post(world, auditor, requestId, "Hm.")).toMatchObject({ kind: "refused", failure: "forbidden" });
  expect(await post(world, agent, requestId, "Hello", [world.newId()])).toMatchObject({ code: "comment.unknown-mention" });
});

test("of two edits that read the same version the second is told both sides", async () => {
  const { world, founder, lead, requestId } = await around();
  const posted = await post(world, founder, requestId, "First", [lead]);
  const commentId = posted.kind === "ok" ? (posted.answer["id"] as string) : "";
  const edit = (text: string, expectedVersion: number, mentions: readonly string[] = []) =>
    world.tell(person(founder), { kind: "edit-comment", commentId, expectedVersion, text, mentions });
  expect(await edit("Second", 1)).toMatchObject({ kind: "ok", answer: { version: 2 } });
  expect(await edit("Third", 1)).toMatchObject({ kind: "refused", code: "comment.changed", failure: "conflict" });
  expect((await world.rows(commentKind))[0]).toMatchObject({ text: "Second", version: 2 });
  expect((await mentionsOf(world)).map((item) => item.state)).toEqual(["withdrawn"]);
  expect(await world.tell(person(lead), { kind: "edit-comment", commentId, expectedVersion: 2, text: "Mine", mentions: [] })).toMatchObject(
    {
      code: "comment.not-yours",
    },
  );
});

test("removing takes the text away everywhere and leaves the fact", async () => {
  const { world, founder, lead, contributor, requestId } = await around();
  const posted = await post(world, lead, requestId, "A secret slipped in", [contributor]);
  const commentId = posted.kind === "ok" ? (posted.answer["id"] as string) : "";
  const remove = (by: string) => world.tell(person(by), { kind: "remove-comment", commentId, expectedVersion: 1 });
  expect(await remove(contributor)).toMatchObject({ code: "comment.not-yours" });
  expect(await remove(founder)).toMatchObject({ kind: "ok", answer: { state: "removed" } });
  expect(await remove(founder)).toMatchObject({ code: "comment.removed" });
  expect((await world.rows(commentKind))[0]).toMatchObject({ state: "removed", text: "", authorId: lead });
  const [item] = await mentionsOf(world);
  expect(item).toMatchObject({ state: "withdrawn" });
  expect(JSON.stringify(item)).not.toContain("secret");
});

test("a mention names only who may read it, and a reply tells its first author only while they may", async () => {
  const { world, founder, lead, contributor, requestId } = await around();
  await post(world, contributor, requestId, "What about it?", [lead]);
  const { organizationId, projectIds } = world.scope;
  const access = { kind: "named", personIds: [founder, lead], teamIds: [] } as const;
  await world.engine.apply(
    { organizationId, projectId: null, actor: person(founder), key: "close it" },
    { kind: "change-project", projectId: projectIds[0] ?? "", name: null, access },
  );
  expect(await post(world, founder, requestId, "Look", [lead, contributor])).toMatchObject({ code: "comment.unknown-mention" });
  const [item] = await mentionsOf(world);
  const reply = { kind: "answer-item", itemId: item?.id ?? "", choice: "reply", value: "This.", reason: "", inputs: [] } as const;
  expect(await world.tell(person(lead), { ...reply, confirmation: null })).toMatchObject({ kind: "ok" });
  expect((await mentionsOf(world)).map((one) => one.personIds)).toEqual([[lead]]);
  expect((await world.rows(commentKind)).map((comment) => comment.mentions)).toEqual([[lead], []]);
});

test("a mention outlives the work it was made in", async () => {
  const { world, founder, lead, requestId } = await around();
  await post(world, founder, requestId, "See this before it goes", [lead]);
  await world.tell(person(founder), { kind: "cancel-request", requestId, reason: "not needed" });
  expect((await mentionsOf(world)).map((item) => item.state)).toEqual(["open"]);
});

test("limits refuse with the reason and cut nothing", async () => {
  const { world, founder, requestId } = await around();
  expect(await post(world, founder, requestId, "   ")).toMatchObject({ code: "comment.empty" });
  expect(await post(world, founder, requestId, "x".repeat(10_001))).toMatchObject({ code: "comment.too-long" });
  const many = Array.from({ length: 21 }, () => world.newId());
  expect(await post(world, founder, requestId, "all", many)).toMatchObject({ code: "comment.too-many-mentions" });
  const elsewhere = { kind: "post-comment", requestId, subjectKind: "task", subjectId: world.newId(), text: "x", mentions: [] } as const;
  expect(await world.tell(person(founder), elsewhere)).toMatchObject({ code: "comment.subject-missing" });
  for (let count = 0; count < commentLimits.perSubject; count++) await post(world, founder, requestId, "x");
  expect(await post(world, founder, requestId, "one more")).toMatchObject({ code: "comment.too-many", failure: "exhausted" });
}, 30_000); // five hundred comments on a busy machine

test("whoever is named marks the mention seen, an auditor as well; nobody else does, and nothing but a mention is only seen", async () => {
  const { world, founder, lead, auditor, requestId } = await around();
  await post(world, founder, requestId, "Look", [auditor]);
  const [item] = await mentionsOf(world);
  const itemId = item?.id ?? "";
  const answered = { kind: "answer-item", itemId, choice: "seen", value: null, reason: "", inputs: [], confirmation: null } as const;
  expect(await world.tell(person(auditor), { ...answered, choice: "reply", value: "Hello" })).toMatchObject({
    code: "permission.wrong-role",
  });
  expect(answerCommand({ id: itemId, kind: "mention" }, answered)).toEqual({ kind: "see-mention", itemId });
  expect(answerCommand({ id: itemId, kind: "mention" }, { ...answered, choice: "reply" })).toMatchObject({ kind: "answer-item" });
  expect(await world.tell(person(lead), { kind: "see-mention", itemId })).toMatchObject({ code: "inbox.not-yours" });
  expect(await world.tell(person(auditor), { kind: "see-mention", itemId })).toMatchObject({ kind: "ok", answer: { state: "answered" } });
  expect((await mentionsOf(world))[0]).toMatchObject({ state: "answered", answer: { choice: "seen", by: auditor } });
  expect(await world.tell(person(auditor), { kind: "see-mention", itemId })).toMatchObject({ code: "inbox.already-closed" });
  if (item === undefined) throw new Error("no mention");
  const asked = decideMentionSeen(
    { item: { ...item, kind: "question" }, person: undefined },
    { kind: "see-mention", itemId },
    { nowMs: 1, actor: person(auditor), newId: () => world.newId() },
  );
  expect(asked).toMatchObject({ code: "inbox.not-a-mention" });
});
