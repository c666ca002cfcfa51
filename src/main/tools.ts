import { builtInTools } from "../engine/gate/built-in-tools.ts";
import { computedTools } from "../engine/gate/computed-tools.ts";
import { declaredTools, definitionHash } from "../engine/gate/declared-tools.ts";
import { type OutsideTools, findServerToken, outsideTools } from "../engine/gate/outside-tools.ts";
import { toolRegistry } from "../engine/gate/tool-door.ts";
import type { GatedTool } from "../engine/ports/gated-tool.ts";
import type { HttpDependencies } from "../surfaces/http/http-dependencies.ts";
import { visionTools } from "../divisions/engineering/vision-tools.ts";
import { threadComputing } from "./compute-in-thread.ts";
import { mcpToolServers } from "../adapters/tools/mcp-servers.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { firstOrganizationId } from "./first-run.ts";
import type { System } from "./open-system.ts";
import { type WorkToolParts, workTools } from "./work-tools.ts";

/** What the tools of an installation are made of. */
type ToolParts = Pick<System, "reach"> & WorkToolParts;

/** Every tool of this installation. Only the door of an attempt may hold it. */
export const openTools = (parts: ToolParts): readonly GatedTool[] => {
  const { content, reach, crash } = parts;
  return toolRegistry([
    ...builtInTools({ content, egress: reach.egress, crash }),
    ...computedTools({ content, crash, computing: threadComputing }, visionTools),
    ...workTools(parts),
  ]);
};

/** Tools of servers outside, as they are kept for the one organization of this installation. */
export const openOutsideTools = ({ engine, sandbox, models, reach, ids, digest, installation }: System): OutsideTools =>
  outsideTools({
    organizationId: firstOrganizationId,
    read: (scope, work) => engine.read(scope, work),
    apply: (caller, command) => engine.apply(caller, command),
    servers: mcpToolServers({ sandbox, egress: models.egress, version: installation.version }),
    findToken: (serverId) => findServerToken(reach.parts, { organizationId: firstOrganizationId, serverId }),
    ids,
    clock: systemClock,
    digest,
  });

/** All of them for people to look at: declarations, without a way to call them. */
export function shownTools(system: System): HttpDependencies["tools"] {
  const own = declaredTools(openTools(system), system.digest);
  const outside = openOutsideTools(system);
  return {
    declared: async () => [...own, ...declaredTools(await outside.list(), system.digest)],
    hash: (declaration) => definitionHash(declaration, system.digest),
    look: (serverId) => outside.look(serverId),
  };
}
