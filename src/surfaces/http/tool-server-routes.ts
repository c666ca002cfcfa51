import { effectKindFrom } from "../../core/gate/effect-treatment.ts";
import { outsideDeclaration, outsideToolKind } from "../../core/gate/outside-tool.ts";
import { type ToolServer, toolServerKind } from "../../core/gate/tool-server.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { outsideToolBody, toolServerBody, toolServersDocument } from "../../contract/gate-contract.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import { keepServerToken } from "../../engine/gate/outside-tools.ts";
import { toolServersView } from "../../engine/gate/tool-servers-view.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, reading } from "./references.ts";

/** Servers outside that bring tools, and letting their tools be called. */
export const toolServerRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/tool-servers",
    summary: "Servers that bring tools, with everything they offer, allowed or not",
    answer: toolServersDocument,
    run: (use, { member }) => reading(use, member, (reader) => toolServersView(reader, member.person)),
  }),
  endpoint({
    method: "post",
    path: "/api/tool-servers",
    summary: "Register a server that brings tools, and look at what it offers; none of it does anything by that",
    body: toolServerBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { token, ...terms } = call.body;
      const id = use.ids.next();
      const hasToken = token !== undefined;
      const added = await command(use, call, { projectId: null, command: { kind: "add-tool-server", id, hasToken, ...terms } });
      const serverId = typeof added["id"] === "string" ? added["id"] : id;
      if (token !== undefined) await keepServerToken(use.reach, { organizationId: asId(call.member.organization.id), serverId, token });
      await use.tools.look(serverId);
      return answerOf(added, { label: terms.name });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/tool-servers/{reference}/look",
    summary: "Look at what a server offers now; what has changed does nothing until a person agrees to it again",
    body: reasonBody,
    answer: commandAnswer,
    run: async (use, call) => {
      if (!call.member.person.roles.some((role) => role === "administrator" || role === "director"))
        throw new Failure("forbidden", "tool-server.wrong-role", { message: "Servers are looked at by an administrator or director." });
      const server = await serverOf(use, call);
      return answerOf(await use.tools.look(server.id));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/tool-servers/{reference}/remove",
    summary: "Remove a server; its tools do nothing any more and its token is destroyed",
    body: reasonBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const server = await serverOf(use, call);
      const removed = await command(use, call, { projectId: null, command: { kind: "remove-tool-server", serverId: server.id } });
      await use.reach.reachStore.forgetSecret(asId(call.member.organization.id), server.id);
      return answerOf(removed);
    },
  }),
  allowTool(),
];

const isId = (reference: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(reference);

/** A server by its id or name. @throws {Failure} `tool-server.not-found` */
async function serverOf(
  use: HttpDependencies,
  { member, reference }: { readonly member: Member; readonly reference: string },
): Promise<ToolServer> {
  const found = await reading(use, member, async (reader) =>
    isId(reference)
      ? reader.get(toolServerKind, reference)
      : (await reader.find(toolServerKind, { where: { name: reference, state: "connected" }, limit: 1 }))[0],
  );
  if (found !== undefined) return found;
  throw new Failure("not-found", "tool-server.not-found", {
    message: `There is no server ${reference}. Settings > Tools and xvc gate servers list those there are.`,
  });
}

function allowTool(): Endpoint {
  return endpoint({
    method: "post",
    path: "/api/outside-tools/{reference}/allow",
    summary: "Say what a tool of a server does to the world, and let it be called under the gate",
    body: outsideToolBody,
    answer: commandAnswer,
    run: async (use, call) => answerOf(await allow(use, call)),
  });
}

async function allow(use: HttpDependencies, call: Call<unknown, typeof outsideToolBody._output>) {
  const { member, reference } = call;
  const { givenSha256, reason, effectKind, ...others } = call.body;
  const tool = isId(reference) ? await reading(use, member, (reader) => reader.get(outsideToolKind, reference)) : undefined;
  const server = tool === undefined ? undefined : await reading(use, member, (reader) => reader.get(toolServerKind, tool.serverId));
  if (tool === undefined || server === undefined)
    throw new Failure("not-found", "outside-tool.not-found", { message: "There is no such tool; xvc gate servers lists those there are." });
  const said = { ...others, effectKind: effectKindFrom(effectKind) };
  const definitionSha256 = use.tools.hash(outsideDeclaration({ ...tool, said }, server.name));
  return command(use, call, {
    projectId: null,
    command: { kind: "allow-outside-tool", outsideToolId: tool.id, givenSha256, said, definitionSha256, reason },
  });
}
