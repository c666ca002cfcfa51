import { type GivenTool, type OutsideTool, outsideDeclaration, outsideProblems, outsideToolKind } from "../../core/gate/outside-tool.ts";
import { type ToolServer, serverLimits, toolServerKind } from "../../core/gate/tool-server.ts";
import { toolLimits } from "../../core/gate/tool-declaration.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { OrganizationId } from "../../core/shared/ids.ts";
import { type Json, type JsonObject, canonicalJson } from "../../core/shared/json.ts";
import type { Clock, Ids } from "../ports/clock.ts";
import type { Digest } from "../ports/content.ts";
import type { GatedTool, LetThrough } from "../ports/gated-tool.ts";
import type { ReachParts } from "../ports/messenger.ts";
import type { Reader, Scope } from "../ports/store.ts";
import type { ServerAddress, ToolServers } from "../ports/tool-servers.ts";
import type { Caller } from "../shared/caller.ts";
import type { Command } from "../shared/commands.ts";

/** For what a server's token is sealed: it opens nothing else. */
export const serverTokenPurpose = (serverId: string): string => `tool-server:${serverId}`;

type SecretParts = Pick<ReachParts, "vault" | "reachStore">;

interface ServerSecret {
  readonly organizationId: OrganizationId;
  readonly serverId: string;
}

/** The token of a server, out of the vault; null: none is kept. */
export async function findServerToken(
  { vault, reachStore }: SecretParts,
  { organizationId, serverId }: ServerSecret,
): Promise<string | null> {
  const sealed = await reachStore.readSecret(organizationId, serverId);
  return sealed === undefined ? null : vault.open(serverTokenPurpose(serverId), sealed);
}

/** Seals a server's token; it is shown to nobody again. */
export async function keepServerToken(
  { vault, reachStore }: SecretParts,
  { organizationId, serverId, token }: ServerSecret & { readonly token: string },
): Promise<void> {
  await reachStore.keepSecret(organizationId, serverId, vault.seal(serverTokenPurpose(serverId), token));
}

export interface OutsideToolParts {
  readonly organizationId: OrganizationId;
  readonly read: <Result>(scope: Scope, work: (reader: Reader) => Promise<Result>) => Promise<Result>;
  readonly apply: (caller: Caller, command: Command) => Promise<JsonObject>;
  readonly servers: ToolServers;
  readonly findToken: (serverId: string) => Promise<string | null>;
  readonly ids: Pick<Ids, "next">;
  readonly clock: Pick<Clock, "deadline">;
  readonly digest: Digest;
}

/** Tools of servers outside, behind the same door as all others. */
export interface OutsideTools {
  /** Every tool that a server offers now; what nobody has allowed is known and does nothing. */
  list(): Promise<readonly GatedTool[]>;
  /** Looks at what a server offers and takes it in. A server that cannot be reached is noted as that, and is no failure here. */
  look(serverId: string): Promise<JsonObject>;
}

/** How long a look may take, milliseconds. */
const lookMs = 20_000;

const plain = (given: GivenTool): Json => ({ ...given });

export const givenHash = (given: GivenTool, digest: Digest): string => digest(canonicalJson(plain(given)));

export function outsideTools(parts: OutsideToolParts): OutsideTools {
  const scope: Scope = { organizationId: parts.organizationId, projectIds: [] };
  return {
    async list() {
      const { tools, servers } = await parts.read(scope, readOutside);
      return tools.flatMap((tool) => {
        const server = servers.get(tool.serverId);
        const isFit = server !== undefined && tool.state !== "gone" && outsideProblems(tool, server.name).length === 0;
        return isFit ? [gatedTool(parts, server, tool)] : [];
      });
    },
    async look(serverId) {
      const server = await parts.read(scope, (reader) => reader.get(toolServerKind, serverId));
      if (server === undefined || server.state === "removed")
        throw new Failure("not-found", "tool-server.not-found", {
          message: "There is no such server; Settings > Tools lists those there are.",
        });
      return noteLook(parts, server);
    },
  };
}

/** Connected servers by id, and what is known of their tools. */
export async function readOutside(reader: Reader) {
  const found = await reader.find(toolServerKind, { where: { state: "connected" }, limit: serverLimits.servers });
  const servers = new Map<string, ToolServer>(found.map((server) => [server.id, server]));
  const tools = await reader.find(outsideToolKind, { limit: toolLimits.tools });
  return { servers, tools: tools.filter(({ serverId }) => servers.has(serverId)) };
}

async function addressOf({ findToken }: OutsideToolParts, { id, transport, hasToken }: ToolServer): Promise<ServerAddress> {
  return { transport, token: hasToken ? await findToken(id) : null };
}

async function noteLook(parts: OutsideToolParts, server: ToolServer): Promise<JsonObject> {
  try {
    const given = await parts.servers.list(await addressOf(parts, server), parts.clock.deadline(lookMs));
    return await note(parts, server, given);
  } catch (error) {
    if (!(error instanceof Failure) || error.code.startsWith("store.")) throw error;
    return note(parts, server, error.message);
  }
}

/** `found` is a text where nothing could be found. */
function note({ apply, ids, digest, organizationId }: OutsideToolParts, server: ToolServer, found: readonly GivenTool[] | string) {
  const caller: Caller = {
    organizationId,
    projectId: null,
    actor: { kind: "system", id: "worker" },
    key: `tool-server:${server.id}:${ids.next()}`,
  };
  const tools = typeof found === "string" ? null : found.map((given) => ({ given, givenSha256: givenHash(given, digest) }));
  const detail = typeof found === "string" ? found : `${found.length} tools`;
  return apply(caller, { kind: "note-outside-tools", serverId: server.id, detail, tools });
}

function gatedTool(parts: OutsideToolParts, server: ToolServer, tool: OutsideTool): GatedTool {
  return { declaration: outsideDeclaration(tool, server.name), run: (call, signal) => runTool(parts, { server, tool, call }, signal) };
}

interface Running {
  readonly server: ToolServer;
  readonly tool: OutsideTool;
  readonly call: LetThrough;
}

/** The words of the tool are looked at again in the session of the call: what is described otherwise by now is not called. */
async function runTool(parts: OutsideToolParts, { server, tool, call }: Running, signal: AbortSignal): Promise<JsonObject> {
  let now: readonly GivenTool[] | null = null;
  const check = (tools: readonly GivenTool[]): void => {
    const same = tools.find(({ name }) => name === tool.given.name);
    if (same !== undefined && givenHash(same, parts.digest) === tool.givenSha256) return;
    now = tools;
    throw new Failure("conflict", "tool.definition-changed", {
      message: `${server.name} describes ${tool.given.name} otherwise than a person agreed to. It was not called; somebody has to look at it under Settings > Tools.`,
    });
  };
  const sent = { tool: tool.given.name, arguments: call.arguments, timeLimitMs: tool.said.timeLimitMs, check };
  try {
    return await parts.servers.call(await addressOf(parts, server), sent, signal);
  } catch (error) {
    if (now !== null) await note(parts, server, now);
    throw error;
  }
}
