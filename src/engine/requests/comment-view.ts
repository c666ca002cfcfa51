import { type Comment, type CommentSubject, commentKind } from "../../core/requests/comment.ts";
import type { Person } from "../../core/oversight/person.ts";
import type { Reader } from "../ports/store.ts";
import { type NamedPerformer, namedPerson, readPeople } from "../oversight/people-view.ts";

export interface CommentView {
  readonly id: string;
  readonly state: Comment["state"];
  readonly author: NamedPerformer;
  /** Empty once removed. */
  readonly text: string;
  readonly mentions: readonly NamedPerformer[];
  readonly postedAtMs: number;
  readonly editedAtMs: number | null;
  /** What an edit has to name. */
  readonly version: number;
  readonly mayEdit: boolean;
  readonly mayRemove: boolean;
}

export interface CommentsView {
  readonly schema: "xvc.comments/1";
  readonly requestId: string;
  readonly subjectKind: CommentSubject;
  readonly subjectId: string;
  readonly items: readonly CommentView[];
  readonly nextCursor: string | null;
  /** Whether the reader may say something here. */
  readonly mayPost: boolean;
}

export interface CommentsQuery {
  readonly requestId: string;
  readonly subjectKind: CommentSubject;
  readonly subjectId: string;
  readonly viewer: Person;
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
}

/** What was said about one subject, oldest first. */
export async function commentsView(reader: Reader, query: CommentsQuery): Promise<CommentsView> {
  const { requestId, subjectKind, subjectId, viewer } = query;
  const rows = await reader.find(commentKind, {
    where: { subjectId },
    limit: query.limit + 1,
    ...(query.cursor === undefined ? {} : { afterId: query.cursor }),
  });
  const people = await readPeople(reader);
  const shown = rows.slice(0, query.limit);
  const mayPost = viewer.state === "active" && viewer.roles.some((role) => role !== "auditor");
  return {
    schema: "xvc.comments/1",
    requestId,
    subjectKind,
    subjectId,
    items: shown.map((comment): CommentView => {
      const { id, state, text, postedAtMs, editedAtMs, version } = comment;
      const live = mayPost && state === "posted";
      const own = comment.authorId === viewer.id;
      return {
        id,
        state,
        author: namedPerson(people, comment.authorId),
        text,
        mentions: comment.mentions.map((person) => namedPerson(people, person)),
        postedAtMs,
        editedAtMs,
        version,
        mayEdit: live && own,
        mayRemove: live && (own || viewer.roles.includes("administrator")),
      };
    }),
    nextCursor: rows.length > query.limit ? (shown.at(-1)?.id ?? null) : null,
    mayPost,
  };
}

/** Those of the comments that were removed; a comment that is gone altogether counts as removed. */
export async function removedAmong(reader: Reader, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await reader.getMany(commentKind, ids);
  const posted = new Set<string>(rows.filter(({ state }) => state === "posted").map(({ id }) => id));
  return new Set(ids.filter((id) => !posted.has(id)));
}

/** What was said as of an instant, to read alone; what was taken back since stays taken back. */
export const asThen = (view: CommentsView, removedSince: ReadonlySet<string>): CommentsView => ({
  ...view,
  mayPost: false,
  items: view.items.map((comment) => ({
    ...comment,
    ...(removedSince.has(comment.id) ? { state: "removed" as const, text: "", mentions: [] } : {}),
    mayEdit: false,
    mayRemove: false,
  })),
});
