import { type ErasureBody, erasureBody, erasurePreview } from "../../contract/people-contract.ts";
import { commandAnswer } from "../../contract/fields.ts";
import { isErasureSteward } from "../../core/oversight/decide-erasure.ts";
import { Failure } from "../../core/shared/failure.ts";
import { erasureView } from "../../engine/oversight/erasure-view.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { personOf } from "./people-routes.ts";
import { answerOf, command, reading } from "./references.ts";

/** Erasing what is personal of somebody, and holding it for the law. */
export const erasureRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/people/{reference}/erasure",
    summary: "What an erasure takes, what stands in its way, and what would go on naming the person",
    answer: erasurePreview,
    run: async (use, { member, reference }) => {
      if (!isErasureSteward(member.person))
        throw new Failure("forbidden", "erasure.wrong-role", {
          message: "Only administrators and directors decide what becomes of somebody's data.",
        });
      const person = await personOf(use, member, reference);
      return reading(use, member, async (reader) => ({
        schema: "xvc.erasure/1" as const,
        ...(await erasureView(reader, person, member.person.id)),
      }));
    },
  }),
  act("erase", "Ask for the erasure of a removed person, or agree to it: their key is destroyed"),
  act("keep", "Take a wish for an erasure back, or turn it down"),
  act("hold", "Put a legal hold on somebody's personal data"),
  act("release", "Ask for the end of a legal hold, or agree to it"),
];

const act = (verb: "erase" | "keep" | "hold" | "release", summary: string): Endpoint =>
  endpoint({
    method: "post",
    path: `/api/people/{reference}/${verb}`,
    summary,
    body: erasureBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const person = await personOf(use, call.member, call.reference);
      const answer = await command(use, call, { projectId: null, command: commandOf(verb, person.id, call.body) });
      call.forgetMembers();
      // The name is what was just erased.
      return answerOf(answer, { label: answer["state"] === "erased" ? person.id : person.name });
    },
  });

function commandOf(verb: "erase" | "keep" | "hold" | "release", personId: string, { reason, confirmation }: ErasureBody) {
  return verb === "keep"
    ? ({ kind: "keep-person", personId, reason } as const)
    : ({ kind: `${verb}-person`, personId, reason, confirmation } as const);
}
