import { z } from "zod";
import { countField, idField, instantField, listOf, performerDocument } from "./fields.ts";

const commentText = z.string().max(10_000);
export const commentSubjectField = z.enum(["request", "plan", "task"]);
export type CommentSubjectField = z.infer<typeof commentSubjectField>;

export const commentDocument = z.object({
  id: idField,
  state: z.enum(["posted", "removed"]),
  author: performerDocument,
  /** As it was written, never markup; empty once removed. */
  text: commentText,
  mentions: listOf(performerDocument, 20),
  postedAtMs: instantField,
  editedAtMs: instantField.nullable(),
  version: countField,
  mayEdit: z.boolean(),
  mayRemove: z.boolean(),
});
export type CommentDocument = z.infer<typeof commentDocument>;

export const commentsDocument = z.object({
  schema: z.literal("xvc.comments/1"),
  requestId: idField,
  subjectKind: commentSubjectField,
  subjectId: idField,
  items: listOf(commentDocument, 200),
  nextCursor: z.string().max(200).nullable(),
  mayPost: z.boolean(),
});
export type CommentsDocument = z.infer<typeof commentsDocument>;

const mentionsField = listOf(idField, 20).optional();

/** `POST /api/requests/:id/comments`; `about` names the plan or task, absent: the request itself. */
export const commentBody = z.strictObject({
  text: z.string().trim().min(1, "is empty: write what you want to say").max(10_000),
  mentions: mentionsField,
  about: z.strictObject({ kind: z.enum(["plan", "task"]), id: idField }).optional(),
});
export type CommentBody = z.infer<typeof commentBody>;

/** `version` is the one that was read; a lost race is told with both sides. */
export const commentEditBody = z.strictObject({
  version: countField.optional(),
  text: z.string().trim().min(1, "is empty: write what you want to say").max(10_000),
  mentions: mentionsField,
});
export type CommentEditBody = z.infer<typeof commentEditBody>;

export const commentRemoveBody = z.strictObject({ version: countField.optional() });
export type CommentRemoveBody = z.infer<typeof commentRemoveBody>;
