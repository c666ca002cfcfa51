import type { GivenTool } from "../../core/gate/outside-tool.ts";
import type { ToolServerTransport } from "../../core/gate/tool-server.ts";
import type { JsonObject } from "../../core/shared/json.ts";

/** A server as it is reached; the token stays within the adapter that sends it. */
export interface ServerAddress {
  readonly transport: ToolServerTransport;
  readonly token: string | null;
}

/** One call that the gate has let through. */
export interface ServerCall {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly timeLimitMs: number;
  /** Looks at the tool as the server describes it in this very session; throws where it is another one than was agreed to. */
  readonly check: (tools: readonly GivenTool[]) => void;
}

/** Servers outside that bring tools. What they say is text from outside, and what they answer is data from outside. */
export interface ToolServers {
  /**
   * Everything that a server offers, at most `serverLimits.tools`.
   *
   * @throws {Failure} `tool-server.unreachable` (unavailable), `tool-server.bad-answer` (invalid), `sandbox.unavailable`
   */
  list(address: ServerAddress, signal: AbortSignal): Promise<readonly GivenTool[]>;
  /**
   * @throws {Failure} `tool-server.unreachable` (unavailable: it is unknown whether it acted), `tool-server.not-sent` (conflict: it did
   *   not get the call), `tool-server.said-no` (invalid)
   */
  call(address: ServerAddress, call: ServerCall, signal: AbortSignal): Promise<JsonObject>;
}
