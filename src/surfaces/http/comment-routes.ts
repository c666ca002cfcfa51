import { z } from "zod";
import { commentKind } from "../../core/requests/comment.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asThen, commentsView, removedAmong } from "../../engine/requests/comment-view.ts";
import { commentBody, commentEditBody, commentRemoveBody, commentSubjectField, commentsDocument } from "../../contract/comment-contract.ts";
import { commandAnswer, idField, pageQuery } from "../../contract/fields.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies } from "./http-dependencies.ts";
import { answerOf, command, labelOf, reading, requestOf } from "./references.ts";

const defaultPage = 100;

/** Comments on requests, plans and tasks. */
export const commentRoutes = (): readonly Endpoint[] => [...saidRoutes(), ...changeRoutes()];

const saidRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/requests/{reference}/comments",
    summary: "What was said about a request, plan or task, oldest first",
    query: pageQuery.extend({ kind: commentSubjectField.optional(), subject: idField.optional() }),
    answer: commentsDocument,
    past: true,
    run: async (use, { member, reference, query }) => {
      const request = await requestOf(use, member, reference);
      const asked = {
        requestId: request.id,
        subjectKind: query.kind ?? "request",
        subjectId: query.subject ?? request.id,
        viewer: member.person,
        limit: query.limit ?? defaultPage,
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      };
      const view = await reading(use, member, (reader) => commentsView(reader, asked));
      if (use.present === undefined) return view;
      const ids = view.items.map(({ id }) => id);
      return asThen(view, await reading(use.present, member, (reader) => removedAmong(reader, ids)));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/requests/{reference}/comments",
    summary: "Comment on a request, plan or task",
    body: commentBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const request = await requestOf(use, call.member, call.reference);
      const { text, mentions = [], about } = call.body;
      const sent = await command(use, call, {
        projectId: request.projectId,
        command: {
          kind: "post-comment",
          requestId: request.id,
          subjectKind: about?.kind ?? "request",
          subjectId: about?.id ?? request.id,
          text,
          mentions: [...mentions],
        },
      });
      return answerOf(sent, { label: labelOf(call.member, request) });
    },
  }),
];

const changeRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/comments/{reference}/edit",
    summary: "Edit your comment",
    body: commentEditBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { projectId } = await placeOf(use, call);
      const { text, mentions = [] } = call.body;
      const expectedVersion = versionOf(call, call.body.version);
      return answerOf(
        await command(use, call, {
          projectId,
          command: { kind: "edit-comment", commentId: call.reference, expectedVersion, text, mentions: [...mentions] },
        }),
      );
    },
  }),
  endpoint({
    method: "post",
    path: "/api/comments/{reference}/remove",
    summary: "Remove a comment; that it was there stays",
    body: commentRemoveBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { projectId } = await placeOf(use, call);
      const expectedVersion = versionOf(call, call.body.version);
      return answerOf(
        await command(use, call, { projectId, command: { kind: "remove-comment", commentId: call.reference, expectedVersion } }),
      );
    },
  }),
];

/** The request that the comment is about, if the caller may see it. @throws {Failure} `comment.not-found` */
async function placeOf(use: HttpDependencies, { member, reference }: Call<unknown, unknown>) {
  const comment = z.safeParse(idField, reference).success
    ? await reading(use, member, (reader) => reader.get(commentKind, reference))
    : undefined;
  if (comment === undefined)
    throw new Failure("not-found", "comment.not-found", { message: "There is no such comment, or it is not yours to see." });
  return requestOf(use, member, comment.requestId);
}

/** The version that was read: a field of the body, or `If-Match`. @throws {Failure} `comment.version-missing` */
function versionOf({ header }: Call<unknown, unknown>, stated: number | undefined): number {
  const matched = /^(?:W\/)?"?(\d{1,9})"?$/u.exec(header("if-match") ?? "")?.[1];
  const version = stated ?? (matched === undefined ? undefined : Number(matched));
  if (version !== undefined) return version;
  throw new Failure("invalid", "comment.version-missing", {
    message: "Say which version of the comment you read: `version` in the body, or If-Match.",
  });
}
