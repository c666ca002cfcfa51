import type { DecideContext } from "../shared/decide-context.ts";
import type { ProjectId } from "../shared/ids.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import type { FoundSubject, Subject } from "./subject.ts";
import { type Tag, tagKind, tagLimits, tagText } from "./tag.ts";

/** Puts one value of one key on a subject, or takes it off; every other tag of the subject stays as it is. */
export interface MarkTag {
  readonly kind: "add-tag" | "remove-tag";
  readonly subject: Subject;
  readonly key: string;
  readonly value: string;
}

export interface TagSlice {
  readonly projectId: ProjectId;
  /** Undefined: there is no such thing here. */
  readonly subject: FoundSubject | undefined;
  /** The row of this subject, key and value, whatever its state. */
  readonly tag: Tag | undefined;
  /** Tags that the subject has now. */
  readonly count: number;
}

/** Tags of a subject are a set: putting one on twice, or taking off what is not there, is the same as once and changes nothing. */
export function decideTag(slice: TagSlice, command: MarkTag, context: DecideContext): Decided {
  const problem = subjectProblem(slice.subject, command.subject) ?? textProblem(command);
  if (problem !== null) return problem;
  const { draft } = beginStep(context);
  const { tag } = slice;
  const isPresent = tag?.state === "present";
  if (isPresent === (command.kind === "add-tag")) return answer(draft, { id: tag?.id ?? "", command });
  if (isPresent) {
    draft.change(tagKind, tag, { state: "removed" });
    draft.record(tagKind, tag, "tag.removed", aboutOf(slice, command));
    return answer(draft, { id: tag.id, command });
  }
  if (slice.count >= tagLimits.perSubject)
    return refuse("exhausted", "tag.too-many", `This has ${tagLimits.perSubject} tags, which is the most; take one off first.`);
  const put = tag === undefined ? create(draft, { slice, command, id: context.newId() }) : draft.change(tagKind, tag, { state: "present" });
  draft.record(tagKind, put, "tag.added", aboutOf(slice, command));
  return answer(draft, { id: put.id, command });
}

type Draft = ReturnType<typeof beginStep>["draft"];

const create = (draft: Draft, made: { readonly slice: TagSlice; readonly command: MarkTag; readonly id: string }): Tag =>
  draft.create(tagKind, {
    id: made.id,
    projectId: made.slice.projectId,
    subjectKind: made.command.subject.kind,
    subjectId: made.command.subject.id,
    key: made.command.key,
    value: made.command.value,
    state: "present",
  });

const answer = (draft: Draft, { id, command }: { readonly id: string; readonly command: MarkTag }): Decided =>
  draft.accept({ id, state: command.kind === "add-tag" ? "present" : "removed", label: tagText(command) });

function aboutOf({ subject }: TagSlice, { subject: about, key, value }: MarkTag) {
  const requestId = subject?.requestId ?? null;
  return { subjectKind: about.kind, subjectId: about.id, key, value, ...(requestId === null ? {} : { requestId }) };
}

/** What tags and relations are about is there, and is not on its way out. */
export function subjectProblem(found: FoundSubject | undefined, { kind, id }: Subject): Refusal | null {
  if (found === undefined)
    return refuse("not-found", "memory.no-such-subject", `There is no ${kind.slice(0, 40)} with the id ${id.slice(0, 60)} here.`);
  return kind === "entity" && (found.state === "deleted" || found.state === "purged")
    ? refuse("conflict", "memory.subject-gone", `This entity is ${found.state}; restore it before you put anything on it.`)
    : null;
}

function textProblem({ key, value }: MarkTag): Refusal | null {
  const { keyLength, valueLength } = tagLimits;
  if (!/^[a-z0-9][a-z0-9._-]*$/u.test(key) || key.length > keyLength)
    return refuse("invalid", "tag.bad-key", `The key of a tag is lower case letters, digits, dots and dashes, at most ${keyLength}: area.`);
  return value.length > valueLength || value !== value.trim() || /\p{Cc}/u.test(value)
    ? refuse("invalid", "tag.bad-value", `The value of a tag is one line of at most ${valueLength} characters without blanks around it.`)
    : null;
}
