import { type ErasureBody, erasureBody, erasurePreview } from "../../contract/people-contract.ts";
import { commandAnswer } from "../../contract/fields.ts";
import { type Comment, commentKind } from "../../core/requests/comment.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { Person } from "../../core/oversight/person.ts";
import { redactName } from "../../core/oversight/redact-name.ts";
import { isErasureSteward } from "../../core/oversight/decide-erasure.ts";
import { Failure } from "../../core/shared/failure.ts";
import { erasureView } from "../../engine/oversight/erasure-view.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
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
      // Afterwards nobody knows any more what to look for.
      const own = verb === "erase" ? await ownWords(use, call.member, person) : [];
      const answer = await command(use, call, { projectId: null, command: commandOf(verb, person.id, call.body) });
      call.forgetMembers();
      if (answer["state"] !== "erased") return answerOf(answer, { label: person.name });
      return answerOf(answer, { label: person.id, ...(await redact(use, call, { person, own })) });
    },
  });

interface OwnWords {
  readonly projectId: string;
  readonly comment: Comment;
}

/** Present comments of the member that name the person: words that are the member's to change. */
async function ownWords(use: HttpDependencies, member: Member, person: Person): Promise<readonly OwnWords[]> {
  return reading(use, member, async (reader) => {
    const { mentions } = await erasureView(reader, person, member.person.id);
    const ids = mentions.filter(({ kind }) => kind === commentKind.name).map(({ id }) => id);
    const comments = (await reader.getMany(commentKind, ids)).filter(({ authorId }) => authorId === member.person.id);
    const requests = new Map(
      (await reader.getMany(requestKind, [...new Set(comments.map(({ requestId }) => requestId))])).map((one) => [one.id, one]),
    );
    return comments.flatMap((comment) => {
      const projectId = requests.get(comment.requestId)?.projectId;
      return projectId === undefined || redactName(comment.text, person) === comment.text ? [] : [{ projectId, comment }];
    });
  });
}

/** Takes the name out of the member's own comments, each as an edit of its own. What somebody changed meanwhile is said and stays. */
async function redact(
  use: HttpDependencies,
  call: Call<unknown, unknown>,
  { person, own }: { readonly person: Person; readonly own: readonly OwnWords[] },
): Promise<{ readonly message?: string }> {
  let changed = 0;
  for (const { projectId, comment } of own) {
    const edit = {
      kind: "edit-comment",
      commentId: comment.id,
      expectedVersion: comment.version,
      text: redactName(comment.text, person),
      mentions: comment.mentions.filter((id) => id !== person.id),
    } as const;
    try {
      await command(use, { member: call.member, key: `${call.key}:${comment.id}` }, { projectId, command: edit });
      changed += 1;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
  if (own.length === 0) return {};
  return { message: `The name was taken out of ${changed} of your ${own.length} comments that had it. Other texts stay as they are.` };
}

function commandOf(verb: "erase" | "keep" | "hold" | "release", personId: string, { reason, confirmation }: ErasureBody) {
  return verb === "keep"
    ? ({ kind: "keep-person", personId, reason } as const)
    : ({ kind: `${verb}-person`, personId, reason, confirmation } as const);
}
