import type { Context } from "hono";
import { answerCommand } from "../../core/requests/decide-comment.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { confirmView, readConfirmLink } from "../../engine/oversight/confirm-view.ts";
import { confirmBody } from "../../contract/channel-contract.ts";
import { originCheck, readJsonBody } from "./guard.ts";
import type { HttpDependencies } from "./http-dependencies.ts";

/*
 * A mailed link. Looking at it changes nothing, however often a mail program or a scanner does; only a POST with a choice
 * acts, once, since it closes the item. The token stands for one person and one item, for a week.
 */

const linkOf = (use: HttpDependencies, context: Context) => readConfirmLink(use.reach.vault, context.req.param("token") ?? "");

/** `GET /api/confirm/<token>`: what would be answered, built from stored rows. */
export async function lookAtLink(use: HttpDependencies, context: Context): Promise<Response> {
  const link = linkOf(use, context);
  const { view } = await use.engine.read(link.scope, (reader) => confirmView(reader, link, use.clock.nowMs()));
  return context.json(view);
}

/** `POST /api/confirm/<token>`: the answer, in the name of the person the link was mailed to. */
export async function answerByLink(use: HttpDependencies, context: Context): Promise<Response> {
  originCheck(context, use.hosts());
  const link = linkOf(use, context);
  const { choice, reason = "", value = null } = confirmBody.parse(await readJsonBody(context));
  const { view, personId, item } = await use.engine.read(link.scope, (reader) => confirmView(reader, link, use.clock.nowMs()));
  if (view.signInReason !== null) throw new Failure("forbidden", "confirm.sign-in-needed", { message: view.signInReason });
  if (!view.choices.some(({ id }) => id === choice) && view.state === "open")
    throw new Failure("invalid", "inbox.unknown-choice", { message: "This is no answer here; choose one that the page shows." });
  const answer = await use.engine.apply(
    {
      organizationId: link.scope.organizationId,
      projectId: asId(link.projectId),
      actor: { kind: "person", id: personId },
      key: `confirm:${link.noticeId}:${use.ids.next()}`,
    },
    answerCommand(item, { choice, value, reason, inputs: [], confirmation: null }),
  );
  return context.json({ schema: "xvc.answer/1", id: item.id, ...(typeof answer["state"] === "string" ? { state: answer["state"] } : {}) });
}
