import { expect, test } from "vitest";
import type { InboxItem } from "../oversight/inbox-item.ts";
import type { Person, Role } from "../oversight/person.ts";
import type { Decided } from "../shared/transition.ts";
import { type Comment, commentLimits } from "./comment.ts";
import { decideComment, decideCommentEdit, decideCommentRemoval, decideMentionAnswer } from "./decide-comment.ts";
import type { WorkRequest } from "./request.ts";

const context = { actor: { kind: "person", id: "ann" }, nowMs: 1_000, newId: () => "new" } as const;
const member = (id: string, role: Role = "contributor", state: Person["state"] = "active"): Person =>
  ({ id, state, roles: [role] }) as unknown as Person; // what is looked at
const [ann, bob] = [member("ann"), member("bob")];
const left = member("bob", "contributor", "left" as Person["state"]);
const request = { id: "r", title: "Portal" } as WorkRequest; // as above
const comment = {
  id: "c",
  version: 4,
  eventCount: 1,
  requestId: "r",
  subjectKind: "request",
  subjectId: "r",
  authorId: "ann",
  state: "posted",
  text: "Look.",
  mentions: ["bob"],
} as unknown as Comment; // as above
const mention = {
  id: "i",
  version: 1,
  eventCount: 1,
  kind: "mention",
  state: "open",
  requestId: "r",
  personIds: ["bob"],
  roles: [],
  excludedPersonIds: [],
  choices: [
    { id: "seen", label: "Seen", needs: "nothing" },
    { id: "reply", label: "Reply", needs: "text" },
  ],
  clock: null,
  dueAtMs: null,
  evidence: {},
} as unknown as InboxItem; // as above
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const long = "x".repeat(commentLimits.textLength + 1);

test("who may speak says something, not too long, to active members, about something that is there", () => {
  const post = (command: object = {}, slice: object = {}): Decided =>
    decideComment(
      { person: ann, request, count: 0, subjectIsThere: true, mentioned: [bob], ...slice },
      { kind: "post-comment", requestId: "r", subjectKind: "task", subjectId: "t", text: " Look. ", mentions: ["bob", "bob"], ...command },
      context,
    );
  expect(post()).toMatchObject({
    transition: { changes: [{ after: { text: "Look.", mentions: ["bob"] } }, { after: { kind: "mention" } }] },
  });
  for (const person of [undefined, member("ann", "auditor"), left]) expect(codeOf(post({}, { person }))).not.toBe("accepted");
  expect(codeOf(post({}, { subjectIsThere: false }))).toBe("comment.subject-missing");
  expect(codeOf(post({ text: " " }))).toBe("comment.empty");
  expect(codeOf(post({ text: long }))).toBe("comment.too-long");
  const crowd = Array.from({ length: commentLimits.mentions + 1 }, (_, at) => `p${at}`);
  expect(codeOf(post({ mentions: crowd }))).toBe("comment.too-many-mentions");
  for (const mentioned of [[], [left]]) expect(codeOf(post({}, { mentioned }))).toBe("comment.unknown-mention");
  expect(codeOf(post({}, { count: commentLimits.perSubject }))).toBe("comment.too-many");
});

test("its author edits a comment over its latest version, and whoever is named no more is not asked any more", () => {
  const edit = (command: object = {}, slice: object = {}): Decided =>
    decideCommentEdit(
      { comment, person: ann, mentioned: [bob], request, items: [mention], ...slice },
      { kind: "edit-comment", commentId: "c", expectedVersion: 4, text: "Look here.", mentions: ["bob"], ...command },
      context,
    );
  expect(edit()).toMatchObject({
    transition: { changes: [{ after: { text: "Look here." } }, { after: { detail: "Look here.", state: "open" } }] },
  });
  expect(edit({ mentions: [] })).toMatchObject({ transition: { changes: [{}, { after: { state: "withdrawn" } }] } });
  const answered = { ...mention, state: "answered" } as InboxItem;
  expect(edit({ mentions: [] }, { items: [answered] })).toMatchObject({ transition: { changes: [{}, { after: { state: "answered" } }] } });
  expect(codeOf(edit({}, { person: undefined }))).not.toBe("accepted");
  expect(codeOf(edit({}, { person: bob }))).toBe("comment.not-yours");
  expect(codeOf(edit({}, { comment: { ...comment, state: "removed" } }))).toBe("comment.removed");
  expect(edit({ expectedVersion: 3 })).toMatchObject({ code: "comment.changed", details: { yours: { text: "Look here.", version: 3 } } });
  expect(codeOf(edit({ text: "" }))).toBe("comment.empty");
});

test("a comment is removed by its author or an administrator, and nobody is asked about it any more", () => {
  const remove = (slice: object = {}, expectedVersion = 4): Decided =>
    decideCommentRemoval(
      { comment, person: ann, mentioned: [], request, items: [mention, { ...mention, id: "j", state: "answered" }], ...slice },
      { kind: "remove-comment", commentId: "c", expectedVersion },
      context,
    );
  expect(remove()).toMatchObject({
    transition: {
      changes: [{ after: { state: "removed", text: "" } }, { after: { state: "withdrawn" } }, { after: { state: "answered" } }],
    },
  });
  expect(codeOf(remove({ person: member("root", "administrator") }))).toBe("accepted");
  expect(codeOf(remove({ person: bob }))).toBe("comment.not-yours");
  expect(codeOf(remove({ person: undefined }))).not.toBe("accepted");
  expect(codeOf(remove({ comment: { ...comment, state: "removed" } }))).toBe("comment.removed");
  expect(remove({}, 3)).toMatchObject({ code: "comment.changed", details: { yours: { text: null } } });
});

test("the mentioned answer with a look or a reply, which tells the first author while they are here", () => {
  const answer = (command: object = {}, slice: object = {}): Decided =>
    decideMentionAnswer(
      { item: mention, comment, person: bob, mentioned: [ann], request, count: 1, ...slice },
      { kind: "answer-item", itemId: "i", choice: "reply", value: "I did.", reason: "", inputs: [], confirmation: null, ...command },
      context,
    );
  expect(codeOf(answer({ choice: "seen", value: null }))).toBe("accepted");
  const reply = (decided: Decided) => (decided.kind === "refused" ? decided.code : decided.transition.changes.map(({ kind }) => kind.name));
  expect(reply(answer())).toEqual(["inbox_item", "comment", "inbox_item"]);
  expect(reply(answer({}, { mentioned: [member("ann", "contributor", "left" as Person["state"])] }))).toEqual(["inbox_item", "comment"]);
  expect(codeOf(answer({}, { item: { ...mention, state: "answered" } }))).not.toBe("accepted");
  for (const person of [undefined, left, member("eve")]) expect(codeOf(answer({}, { person }))).not.toBe("accepted");
  expect(codeOf(answer({}, { person: member("bob", "auditor") }))).not.toBe("accepted");
  expect(codeOf(answer({ value: null }))).toBe("inbox.text-missing");
  const lax = { ...mention, choices: [{ id: "reply", label: "Reply", needs: "nothing" }] } as unknown as InboxItem; // as above
  expect(codeOf(answer({ value: null }, { item: lax }))).toBe("comment.empty");
  expect(codeOf(answer({}, { count: commentLimits.perSubject }))).toBe("comment.too-many");
});
