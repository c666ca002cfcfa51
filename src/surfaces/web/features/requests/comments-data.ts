import { queryOptions } from "@tanstack/react-query";
import type { CommentDocument, CommentsDocument } from "../../../../contract/comment-contract.ts";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import { findMentioned } from "../../../../core/oversight/find-mentioned.ts";
import { api, call } from "../../api.ts";

/** A plan or task that is talked about; absent: the request itself. */
export interface About {
  readonly kind: "plan" | "task";
  readonly id: string;
}

export interface Mentionable {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

export const peopleQuery = queryOptions({ queryKey: ["people"], queryFn: api.people, staleTime: 60_000 });

/** Comments that one view shows; the contract allows no longer page. */
const pageRows = 200;

export const commentsQuery = (reference: string, about: About | undefined) =>
  queryOptions({
    queryKey: ["comments", reference, about?.id ?? ""],
    queryFn: async (): Promise<CommentsDocument> => {
      const place = `/api/requests/${encodeURIComponent(reference)}/comments?limit=${pageRows}${about === undefined ? "" : `&kind=${about.kind}&subject=${about.id}`}`;
      const first = await call<CommentsDocument>("GET", place);
      const items: CommentDocument[] = [...first.items];
      // A subject has at most 1,000 comments: five pages.
      for (let cursor = first.nextCursor; cursor !== null;) {
        const next = await call<CommentsDocument>("GET", `${place}&cursor=${encodeURIComponent(cursor)}`);
        items.push(...next.items);
        cursor = next.nextCursor;
      }
      return { ...first, items, nextCursor: null };
    },
  });

interface Said {
  readonly text: string;
  readonly mentions: readonly string[];
}

export const postComment = (reference: string, about: About | undefined, said: Said) =>
  call<CommandAnswer>("POST", `/api/requests/${encodeURIComponent(reference)}/comments`, about === undefined ? said : { ...said, about });

export const editComment = (id: string, version: number, said: Said) =>
  call<CommandAnswer>("POST", `/api/comments/${id}/edit`, { ...said, version });

export const removeComment = (id: string, version: number) => call<CommandAnswer>("POST", `/api/comments/${id}/remove`, { version });

/** The people whom a text names with `@`; a handle that several share stands for those who were picked. */
export function mentionedIn(text: string, people: readonly Mentionable[], picked: ReadonlySet<string>): readonly string[] {
  const found = new Set<string>();
  for (const [, word = ""] of text.matchAll(/(?<![\p{Letter}\p{Number}])@([\p{Letter}\p{Number}._+-]+(?:@[\p{Letter}\p{Number}.-]+)?)/gu)) {
    const named = findMentioned(people, word.replace(/[.-]+$/u, ""));
    for (const person of named.length === 1 ? named : named.filter((one) => picked.has(one.id))) found.add(person.id);
  }
  return [...found];
}
