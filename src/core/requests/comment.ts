/** What somebody said about a request, plan or task. posted -> removed (the text goes, the fact stays). */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { PersonId, RequestId } from "../shared/ids.ts";

export interface Comment extends Entity {
  readonly requestId: RequestId;
  readonly subjectKind: "request" | "plan" | "task";
  readonly subjectId: string;
  readonly authorId: PersonId;
  readonly state: "posted" | "removed";
  readonly text: string;
  readonly mentions: readonly PersonId[];
  readonly postedAtMs: number;
  readonly editedAtMs: number | null;
}

export const commentKind = projectKind<Comment>("comment");
