import {
  type AddToolServer,
  type AllowOutsideTool,
  type NoteOutsideTools,
  type RemoveToolServer,
  decideNewServer,
  decideServerRemoved,
  decideToolAllowed,
  decideToolsNoted,
} from "../../core/gate/decide-tool-server.ts";
import { outsideToolKind } from "../../core/gate/outside-tool.ts";
import { toolPinKind } from "../../core/gate/tool-pin.ts";
import { serverLimits, toolServerKind } from "../../core/gate/tool-server.ts";
import { organizationKindOf } from "../../core/oversight/person.ts";
import type { Transaction } from "../ports/store.ts";
import { handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne, readOne } from "../shared/load-slice.ts";

/** Tools that were ever known of one server; more are not kept. */
const maxKnown = serverLimits.tools * 5;

const addToolServerHandler = handler({
  async load(transaction, _command: AddToolServer, context) {
    // One after the other, so that no two servers have one name.
    await lockOne(transaction, organizationKindOf, context.caller.organizationId);
    return {
      person: await loadPerson(transaction, context),
      held: await transaction.find(toolServerKind, { where: { state: "connected" }, limit: serverLimits.servers }),
    };
  },
  decide: decideNewServer,
});

async function lockServer(transaction: Transaction, serverId: string) {
  const server = await lockOne(transaction, toolServerKind, serverId);
  const found = await transaction.find(outsideToolKind, { where: { serverId }, limit: maxKnown });
  const tools = await transaction.lock(
    outsideToolKind,
    found.map(({ id }) => id),
  );
  return { server, tools };
}

const removeToolServerHandler = handler({
  load: async (transaction, command: RemoveToolServer, context) => ({
    person: await loadPerson(transaction, context),
    ...(await lockServer(transaction, command.serverId)),
  }),
  decide: decideServerRemoved,
});

const noteOutsideToolsHandler = handler({
  load: (transaction, command: NoteOutsideTools) => lockServer(transaction, command.serverId),
  decide: decideToolsNoted,
});

const allowOutsideToolHandler = handler({
  async load(transaction, command: AllowOutsideTool, context) {
    const person = await loadPerson(transaction, context);
    const known = await readOne(transaction, outsideToolKind, command.outsideToolId);
    const server = await lockOne(transaction, toolServerKind, known.serverId);
    const tool = await lockOne(transaction, outsideToolKind, known.id);
    const [pin] = await transaction.find(toolPinKind, { where: { tool: tool.name }, limit: 1 });
    return { person, server, tool, pin: pin === undefined ? undefined : await lockOne(transaction, toolPinKind, pin.id) };
  },
  decide: decideToolAllowed,
});

export const toolServerHandlers = {
  "add-tool-server": addToolServerHandler,
  "remove-tool-server": removeToolServerHandler,
  "note-outside-tools": noteOutsideToolsHandler,
  "allow-outside-tool": allowOutsideToolHandler,
} as const;
