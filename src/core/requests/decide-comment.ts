import { answerProblem, isActive } from "../oversight/authority.ts";
import { isAddressed } from "../oversight/addressed.ts";
import { type InboxItem, type ItemChoice, inboxItemKind } from "../oversight/inbox-item.ts";
import { closeItem, openItem, withdrawItem } from "../oversight/open-item.ts";
import type { Person } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type PersonId, asId } from "../shared/ids.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import { type Comment, type CommentSubject, commentKind, commentLimits } from "./comment.ts";
import type { AnswerItem } from "./decide-request-answer.ts";
import type { WorkRequest } from "./request.ts";

export interface PostComment {
  readonly kind: "post-comment";
  readonly requestId: string;
  readonly subjectKind: CommentSubject;
  readonly subjectId: string;
  readonly text: string;
  /** People who are told, by id. */
  readonly mentions: readonly string[];
}

export interface EditComment {
  readonly kind: "edit-comment";
  readonly commentId: string;
  /** The version that the editor read. */
  readonly expectedVersion: number;
  readonly text: string;
  readonly mentions: readonly string[];
}

export interface RemoveComment {
  readonly kind: "remove-comment";
  readonly commentId: string;
  readonly expectedVersion: number;
}

/** Where a comment goes: its request, and how many comments its subject has. */
export interface CommentPlace {
  readonly request: WorkRequest;
  readonly count: number;
}

export interface PostSlice extends CommentPlace {
  readonly person: Person | undefined;
  /** The plan or task belongs to the request, or is the request itself. */
  readonly subjectIsThere: boolean;
  /** Rows of the mentioned, those that exist and may enter the project. */
  readonly mentioned: readonly Person[];
}

export interface ChangeSlice {
  readonly comment: Comment;
  readonly person: Person | undefined;
  readonly mentioned: readonly Person[];
  readonly request: WorkRequest;
  /** Every mention that the comment has caused, answered ones among them. */
  readonly items: readonly InboxItem[];
}

/** Adds a comment and tells whom it mentions. */
export function decideComment(slice: PostSlice, command: PostComment, context: DecideContext): Decided {
  const { person, request } = slice;
  if (!maySpeak(person)) return silent;
  if (!slice.subjectIsThere)
    return refuse("not-found", "comment.subject-missing", `There is no such ${command.subjectKind} in this request; reload the page.`);
  const problem = textProblem(command, slice.mentioned) ?? fullProblem(slice);
  if (problem !== null) return problem;
  const step = beginStep(context);
  const comment = post(step, person, { ...command, requestId: request.id, requestTitle: request.title });
  return step.draft.accept({ id: comment.id, state: comment.state, version: comment.version });
}

/** Changes a comment's text by its author, who has to have read its latest version. */
export function decideCommentEdit(slice: ChangeSlice, command: EditComment, context: DecideContext): Decided {
  const { comment, person } = slice;
  if (!maySpeak(person)) return silent;
  if (comment.authorId !== asId<"person">(person.id)) return refuse("forbidden", "comment.not-yours", "Only its author edits a comment.");
  const problem = goneProblem(comment) ?? raceProblem(comment, command) ?? textProblem(command, slice.mentioned);
  if (problem !== null) return problem;
  const step = beginStep(context);
  const { draft } = step;
  const mentions = unique(command.mentions);
  const added = mentions.filter((id) => !comment.mentions.includes(id));
  const edited = draft.change(commentKind, comment, { text: command.text.trim(), mentions, editedAtMs: context.nowMs });
  draft.record(commentKind, comment, "comment.edited", { ...about(comment), mentions: added });
  for (const item of slice.items) {
    draft.change(inboxItemKind, item, { detail: edited.text });
    if (isWaiting(item) && !mentions.some((id) => isAddressed(item, id))) withdrawItem(draft, item, "the comment names them no more");
  }
  tell(step, { comment: edited, to: added, title: slice.request.title });
  return draft.accept({ id: comment.id, state: "posted", version: edited.version });
}

/** Takes a comment's text away; that somebody said something, and when, stays. By its author or an administrator. */
export function decideCommentRemoval(slice: ChangeSlice, command: RemoveComment, context: DecideContext): Decided {
  const { comment, person } = slice;
  if (!maySpeak(person)) return silent;
  if (comment.authorId !== asId<"person">(person.id) && !person.roles.includes("administrator"))
    return refuse("forbidden", "comment.not-yours", "Only its author or an administrator removes a comment.");
  const problem = goneProblem(comment) ?? raceProblem(comment, command);
  if (problem !== null) return problem;
  const { draft } = beginStep(context);
  const removed = draft.change(commentKind, comment, { state: "removed", text: "", mentions: [], editedAtMs: context.nowMs });
  draft.record(commentKind, comment, "comment.removed", { ...about(comment), by: context.actor.id });
  for (const item of slice.items) {
    draft.change(inboxItemKind, item, { detail: "The comment was removed." });
    if (isWaiting(item)) withdrawItem(draft, item, "the comment was removed");
  }
  return draft.accept({ id: comment.id, state: "removed", version: removed.version });
}

/** Answers a mention: seen, or a reply, which is a comment of its own that tells the first author. */
export function decideMentionAnswer(
  slice: CommentPlace & {
    readonly item: InboxItem;
    readonly comment: Comment;
    readonly person: Person | undefined;
    /** The first author; nobody when they may not enter the project any more. */
    readonly mentioned: readonly Person[];
  },
  command: AnswerItem,
  context: DecideContext,
): Decided {
  const { item, comment, person } = slice;
  const problem = answerProblem(item, command);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (!isActive(person) || !isAddressed(item, person.id)) return notNamed;
  const step = beginStep(context);
  closeItem(step, item, { ...command, soloWaiver: false });
  if (command.choice === "reply") {
    if (!maySpeak(person)) return silent;
    const { requestId, subjectKind, subjectId } = comment;
    const reply = {
      requestId,
      subjectKind,
      subjectId,
      text: typeof command.value === "string" ? command.value : "",
      mentions: slice.mentioned.filter(isActive).map((author) => author.id),
      requestTitle: slice.request.title,
    };
    const refused = textProblem(reply, null) ?? fullProblem(slice);
    if (refused !== null) return refused;
    post(step, person, reply);
  }
  return step.draft.accept({ id: item.id, state: "answered" });
}

/** Marks a mention seen, by the one whom it names: whoever may read what was said may say that they did. */
export interface SeeMention {
  readonly kind: "see-mention";
  readonly itemId: string;
}

/** How an answer to an item is sent: a mention that is only seen needs no right to answer. */
export const answerCommand = (
  { id, kind }: Pick<InboxItem, "id" | "kind">,
  answer: Omit<AnswerItem, "kind" | "itemId">,
): AnswerItem | SeeMention =>
  kind === "mention" && answer.choice === "seen" ? { kind: "see-mention", itemId: id } : { kind: "answer-item", itemId: id, ...answer };

/** Settles the mention in the one's own inbox; nothing else changes. */
export function decideMentionSeen(
  { item, person }: { readonly item: InboxItem; readonly person: Person | undefined },
  _command: SeeMention,
  context: DecideContext,
): Decided {
  if (item.kind !== "mention") return refuse("conflict", "inbox.not-a-mention", "This asks for an answer; it is not only to be seen.");
  const answer = { choice: "seen", value: null, reason: "", inputs: [] };
  const problem = answerProblem(item, answer);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (!isActive(person) || !isAddressed(item, person.id)) return notNamed;
  const step = beginStep(context);
  closeItem(step, item, { ...answer, soloWaiver: false });
  return step.draft.accept({ id: item.id, state: "answered" });
}

const notNamed = refuse("forbidden", "inbox.not-yours", "This was said to somebody else; only they can answer it.");

/** Auditors read; everybody else who is a member may speak. */
export const maySpeak = (person: Person | undefined): person is Person =>
  isActive(person) && person.roles.some((role) => role !== "auditor");

const silent = refuse("forbidden", "comment.not-allowed", "Only active members comment; an auditor reads and says nothing here.");

const isWaiting = (item: InboxItem): boolean => item.state === "open" || item.state === "delegated";

const unique = (ids: readonly string[]): readonly PersonId[] => [...new Set(ids)].map((id) => asId<"person">(id));

const about = ({ requestId, subjectKind, subjectId }: Pick<Comment, "requestId" | "subjectKind" | "subjectId">) => ({
  requestId,
  subjectKind,
  subjectId,
});

const fullProblem = ({ count }: CommentPlace): Refusal | null =>
  count < commentLimits.perSubject
    ? null
    : refuse(
        "exhausted",
        "comment.too-many",
        `This has ${commentLimits.perSubject} comments, which is the most. Put what is left to say into a file or a new request.`,
      );

const goneProblem = (comment: Comment): Refusal | null =>
  comment.state === "removed" ? refuse("conflict", "comment.removed", "This comment was removed; write a new one.") : null;

/** A lost race shows both sides: what stands there now, and the version to read before trying again. */
function raceProblem(comment: Comment, command: { readonly expectedVersion: number; readonly text?: string }): Refusal | null {
  if (comment.version === command.expectedVersion) return null;
  return refuse("conflict", "comment.changed", "This comment was changed since you read it. Compare the two and send again.", {
    current: { text: comment.text, mentions: [...comment.mentions], version: comment.version },
    yours: { text: command.text ?? null, version: command.expectedVersion },
  });
}

/** `known` null: the mentioned need no looking up. */
function textProblem(
  { text, mentions }: { readonly text: string; readonly mentions: readonly string[] },
  known: readonly Person[] | null,
): Refusal | null {
  if (text.trim() === "") return refuse("invalid", "comment.empty", "The comment is empty; write what you want to say.");
  if (text.length > commentLimits.textLength)
    return refuse(
      "invalid",
      "comment.too-long",
      `A comment has at most ${commentLimits.textLength} characters; attach a longer text as a file.`,
    );
  if (unique(mentions).length > commentLimits.mentions)
    return refuse("invalid", "comment.too-many-mentions", `A comment mentions at most ${commentLimits.mentions} people.`);
  if (known === null || unique(mentions).every((id) => known.some((person) => person.id === id && isActive(person)))) return null;
  return refuse(
    "invalid",
    "comment.unknown-mention",
    "Somebody who is mentioned is no active member who may enter this project; take the name out.",
  );
}

function post(step: Step, author: Person, said: Omit<PostComment, "kind"> & { readonly requestTitle: string }): Comment {
  const { draft, context } = step;
  const comment = draft.create(commentKind, {
    id: context.newId(),
    requestId: asId<"request">(said.requestId),
    subjectKind: said.subjectKind,
    subjectId: said.subjectId,
    authorId: asId<"person">(author.id),
    state: "posted",
    text: said.text.trim(),
    mentions: unique(said.mentions),
    postedAtMs: context.nowMs,
    editedAtMs: null,
  });
  draft.record(commentKind, comment, "comment.posted", { ...about(comment), mentions: comment.mentions });
  tell(step, { comment, to: comment.mentions, title: said.requestTitle });
  return comment;
}

const mentionChoices: readonly ItemChoice[] = [
  { id: "seen", label: "Seen", needs: "nothing" },
  { id: "reply", label: "Reply", needs: "text" },
];

/** Opens one item for each of the mentioned but the author. */
function tell(step: Step, said: { readonly comment: Comment; readonly to: readonly PersonId[]; readonly title: string }): void {
  const { comment } = said;
  for (const id of said.to) {
    if (id === comment.authorId) continue;
    openItem(step, {
      kind: "mention",
      requestId: comment.requestId,
      subjectKind: "comment",
      subjectId: comment.id,
      // Without the text and the author's name: what an event repeats could not be removed or erased any more.
      title: `You were mentioned in "${said.title}"`,
      detail: comment.text,
      ruleId: "comments.mention",
      choices: mentionChoices,
      personIds: [id],
      evidence: { commentId: comment.id, authorId: comment.authorId, about: comment.subjectKind, aboutId: comment.subjectId },
    });
  }
}
