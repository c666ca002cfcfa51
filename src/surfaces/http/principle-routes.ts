import { principleKind } from "../../core/oversight/principle.ts";
import { Failure } from "../../core/shared/failure.ts";
import { principlesView } from "../../engine/oversight/principle-view.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import { principleBody, principleRevisionBody, principlesDocument } from "../../contract/principle-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, reading } from "./references.ts";

/** What the organization stands for; written by people alone. */
export const principleRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/principles",
    summary: "The organization's principles, earlier wordings among them",
    past: true,
    answer: principlesDocument,
    run: (use, { member }) => reading(use, member, (reader) => principlesView(reader, member.person.id)),
  }),
  endpoint({
    method: "post",
    path: "/api/principles",
    summary: "Write a principle",
    body: principleBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { statement, explanation = "" } = call.body;
      return answerOf(await command(use, call, { projectId: null, command: { kind: "add-principle", statement, explanation } }));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/principles/{reference}/revise",
    summary: "Put a new wording in the place of a principle",
    body: principleRevisionBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const principleId = await principleOf(use, call.member, call.reference);
      const { statement, explanation = "", reason = "" } = call.body;
      const sent = { kind: "revise-principle", principleId, statement, explanation, reason } as const;
      return answerOf(await command(use, call, { projectId: null, command: sent }));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/principles/{reference}/withdraw",
    summary: "Take a principle out of force",
    body: reasonBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const principleId = await principleOf(use, call.member, call.reference);
      const sent = { kind: "withdraw-principle", principleId, reason: call.body.reason ?? "" } as const;
      return answerOf(await command(use, call, { projectId: null, command: sent }));
    },
  }),
];

/** The principle that an id or `P-2` stands for. @throws {Failure} `principle.not-found` */
async function principleOf(use: HttpDependencies, member: Member, reference: string): Promise<string> {
  const number = Number(/^P-(\d{1,6})$/iu.exec(reference)?.[1] ?? "0");
  const found = await reading(use, member, async (reader) =>
    number > 0
      ? (await reader.find(principleKind, { where: { number }, limit: 1 }))[0]
      : /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(reference)
        ? reader.get(principleKind, reference)
        : undefined,
  );
  if (found !== undefined) return found.id;
  throw new Failure("not-found", "principle.not-found", {
    message: `There is no principle ${reference.slice(0, 60)}. xvc principle list shows them.`,
  });
}
