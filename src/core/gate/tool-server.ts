/** A server outside that brings tools, reached by the Model Context Protocol. connected -> removed */
import { type Entity, organizationKind } from "../shared/entity.ts";

export type ToolServerTransport =
  /** A program of this machine, run in the sandbox: without network, without this machine's files. */
  | { readonly kind: "stdio"; readonly command: readonly string[] }
  /** A service, through the guarded egress; `house`: declared by a person to be on this machine. */
  | { readonly kind: "http"; readonly url: string; readonly reach: "outside" | "house" };

/** What the last look at a server has shown. */
export interface ServerLook {
  readonly atMs: number;
  readonly ok: boolean;
  readonly detail: string;
}

export interface ToolServer extends Entity {
  /** Before the dot of each of its tools' names. */
  readonly name: string;
  readonly state: "connected" | "removed";
  readonly transport: ToolServerTransport;
  /** A token is sealed in the vault under the server's id. */
  readonly hasToken: boolean;
  readonly addedBy: string;
  readonly addedAtMs: number;
  readonly reason: string;
  readonly lastLook: ServerLook | null;
}

export const toolServerKind = organizationKind<ToolServer>("tool_server");

export const serverLimits = { servers: 50, tools: 200, words: 50, wordChars: 1_000, urlChars: 2_000, schemaChars: 50_000 } as const;
