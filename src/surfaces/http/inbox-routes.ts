import { z } from "zod";
import type { RequestInput } from "../../core/requests/request.ts";
import { answerCommand } from "../../core/requests/decide-comment.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import { asId } from "../../core/shared/ids.ts";
import { answerTogether } from "../../engine/oversight/answer-together.ts";
import type { Command } from "../../engine/shared/commands.ts";
import { inboxItemDetailView, inboxPageView } from "../../engine/oversight/inbox-view.ts";
import { commandAnswer, pageQuery } from "../../contract/fields.ts";
import {
  type ItemAnswerBody,
  askBackBody,
  askBackReplyBody,
  inboxItemDetail,
  inboxPage,
  itemAnswerBody,
  itemAnswersBody,
  itemAnswersDocument,
  itemDelegateBody,
  itemLaterBody,
  itemStateField,
} from "../../contract/inbox-contract.ts";
import { requestInputDocument } from "../../contract/content-contract.ts";
import { requireOwnContent } from "./content-routes.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies } from "./http-dependencies.ts";
import { answerOf, command, itemOf, lookingOf, reading, requestOf, scopeOf } from "./references.ts";
import { mayNamePaths, pathsAreLocal } from "./request-routes.ts";

/** As many as make an answer of less than 30 kB. */
const defaultRows = 36;

/** The inbox: approvals, questions, escalations, verdicts. */
export const inboxRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/inbox",
    summary: "What waits for people, newest first",
    past: true,
    query: pageQuery.extend({
      state: itemStateField.optional(),
      request: z.string().max(100).optional(),
      for: z.enum(["me", "all"]).optional(),
    }),
    answer: inboxPage,
    run: async (use, { member, query }) => {
      const request = query.request === undefined ? undefined : await requestOf(use, member, query.request);
      const asked = {
        limit: query.limit ?? defaultRows,
        forViewer: query.for === "me",
        ...(query.state === undefined ? {} : { state: query.state }),
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
        ...(request === undefined ? {} : { requestId: request.id }),
      };
      return reading(use, member, (reader) => inboxPageView(reader, asked, lookingOf(use, member)));
    },
  }),
  endpoint({
    method: "get",
    path: "/api/inbox/{reference}",
    summary: "One item with its evidence",
    past: true,
    answer: inboxItemDetail,
    run: (use, { member, reference }) => reading(use, member, (reader) => inboxItemDetailView(reader, reference, lookingOf(use, member))),
  }),
  endpoint({
    method: "post",
    path: "/api/inbox/{reference}/answer",
    summary: "Answer an item",
    body: itemAnswerBody,
    answer: commandAnswer,
    run: answer,
  }),
  endpoint({
    method: "post",
    path: "/api/inbox/{reference}/delegate",
    summary: "Hand an item to another person",
    body: itemDelegateBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { row: item, projectId, label } = await itemOf(use, call.member, call.reference);
      const sent = await command(use, call, {
        projectId,
        command: { kind: "delegate-item", itemId: item.id, personId: call.body.personId, reason: call.body.reason ?? "" },
      });
      return answerOf(sent, { label });
    },
  }),
  ...clockEndpoints(),
];

/** What people do instead of answering, and one answer for several. */
const clockEndpoints = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/inbox/{reference}/ask-back",
    summary: "Ask somebody about an item; its clock stands still until the reply",
    body: askBackBody,
    answer: commandAnswer,
    run: (use, call) =>
      sendOnItem(use, call, (itemId) => ({
        kind: "ask-back",
        itemId,
        ofPersonId: call.body.personId ?? null,
        question: call.body.question,
      })),
  }),
  endpoint({
    method: "post",
    path: "/api/inbox/{reference}/reply",
    summary: "Reply to what was asked about an item; its clock goes on",
    body: askBackReplyBody,
    answer: commandAnswer,
    run: (use, call) => sendOnItem(use, call, (itemId) => ({ kind: "reply-item", itemId, reply: call.body.reply })),
  }),
  endpoint({
    method: "post",
    path: "/api/inbox/{reference}/later",
    summary: "Keep an item out of your own list until then; its clock does not change",
    body: itemLaterBody,
    answer: commandAnswer,
    run: (use, call) => sendOnItem(use, call, (itemId) => ({ kind: "put-off-item", itemId, untilMs: call.body.untilMs })),
  }),
  endpoint({
    method: "post",
    path: "/api/inbox/answers",
    summary: "One answer for several items of low risk that ask by the same rule",
    body: itemAnswersBody,
    answer: itemAnswersDocument,
    run: async (use, { member, key, body }) => ({
      schema: "xvc.inbox-answers/1" as const,
      results: await answerTogether(use.engine, {
        scope: scopeOf(member),
        personId: asId(member.person.id),
        key,
        itemIds: body.itemIds,
        choice: body.choice,
        reason: body.reason ?? "",
      }),
    }),
  }),
];

async function sendOnItem<Body>(use: HttpDependencies, call: Call<unknown, Body>, commandFor: (itemId: string) => Command) {
  const { row: item, projectId, label } = await itemOf(use, call.member, call.reference);
  return answerOf(await command(use, call, { projectId, command: commandFor(item.id) }), { label });
}

async function answer(use: HttpDependencies, call: Call<unknown, ItemAnswerBody>) {
  const { row: item, projectId, label } = await itemOf(use, call.member, call.reference);
  const needs = item.choices.find((choice) => choice.id === call.body.choice)?.needs;
  const value = call.body.value ?? null;
  const inputs = needs === "input" ? [await inputOf(use, call, value)] : [];
  const sent = await command(use, call, {
    projectId,
    command: answerCommand(item, {
      choice: call.body.choice,
      value: needs === "input" ? null : value,
      reason: call.body.reason ?? "",
      inputs,
      confirmation: call.body.confirm ?? null,
    }),
  });
  return answerOf(sent, { label });
}

/** An input as an answer: a path of this machine, or something taken in before. */
async function inputOf(use: HttpDependencies, call: Call<unknown, unknown>, value: Json): Promise<RequestInput> {
  const path = typeof value === "string" ? value : undefined;
  if (path !== undefined) {
    if (!mayNamePaths(use, call.member)) throw pathsAreLocal();
    return use.intake.takePath(path, { includeWorktree: false, name: null });
  }
  const taken = requestInputDocument.safeParse(value);
  if (!taken.success)
    throw new Failure("invalid", "inbox.input-missing", {
      message: "This answer hands something in: a path on the server's machine, or an uploaded input.",
    });
  await requireOwnContent(
    use,
    call.member,
    taken.data.artifacts.map(({ sha256 }) => ({ name: taken.data.name, sha256 })),
  );
  return taken.data as RequestInput; // the same fields; only the brand of the hash is missing
}
