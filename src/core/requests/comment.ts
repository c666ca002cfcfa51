/** What somebody said about a request, plan or task. posted -> removed (the text goes, the fact stays). */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { PersonId, RequestId } from "../shared/ids.ts";

export type CommentSubject = "request" | "plan" | "task";

export interface Comment extends Entity {
  readonly requestId: RequestId;
  readonly subjectKind: CommentSubject;
  readonly subjectId: string;
  readonly authorId: PersonId;
  readonly state: "posted" | "removed";
  readonly text: string;
  readonly mentions: readonly PersonId[];
  readonly postedAtMs: number;
  readonly editedAtMs: number | null;
}

export const commentKind = projectKind<Comment>("comment");

/** Upper bounds; what exceeds them is refused, never cut. `perSubject` counts removed comments as well. */
export const commentLimits = { textLength: 10_000, mentions: 20, perSubject: 1_000 } as const;
