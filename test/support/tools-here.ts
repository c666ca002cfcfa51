import type { ContentStore } from "../../src/engine/ports/content.ts";
import type { GatedTool } from "../../src/engine/ports/gated-tool.ts";
import { builtInTools } from "../../src/engine/gate/built-in-tools.ts";
import { guardedStream } from "../../src/adapters/egress/guarded-stream.ts";
import { runUnsandboxed } from "../../src/adapters/sandbox/run-sandboxed.ts";
import { mcpToolServers } from "../../src/adapters/tools/mcp-servers.ts";
import { type OutsideToolParts, type OutsideTools, findServerToken, outsideTools } from "../../src/engine/gate/outside-tools.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { ReachParts } from "../../src/engine/ports/messenger.ts";
import { paidTool } from "./gate-world.ts";

/** The tools of a test's installation: those of the program, and two that come from elsewhere. */
export const toolsHere = (content: ContentStore): readonly GatedTool[] => [
  ...builtInTools({
    content,
    egress: { check: () => undefined, send: () => Promise.reject(new Error("Nothing is reached here.")) },
    crash: () => undefined,
  }),
  { declaration: paidTool({ costMicro: 20_000 }), run: () => Promise.resolve({ receipt: 1 }) },
  {
    declaration: paidTool({
      name: "office.pay",
      description: "Pays an invoice.",
      effectKind: "money",
      amountArgument: "amountMicro",
      parameters: {
        type: "object",
        properties: { to: { type: "string" }, amountMicro: { type: "integer", minimum: 0 }, text: { type: "string" } },
        required: ["to", "amountMicro"],
      },
    }),
    run: () => Promise.resolve({ receipt: 1 }),
  },
];

/** Tools of servers outside as a server has them; programs are refused, since there is no sandbox. */
export const outsideToolsHere = ({
  engine,
  reach,
  ...parts
}: Pick<OutsideToolParts, "organizationId" | "ids" | "digest" | "clock"> & {
  readonly engine: Pick<Engine, "read" | "apply">;
  readonly reach: Pick<ReachParts, "vault" | "reachStore">;
}): OutsideTools =>
  outsideTools({
    ...parts,
    read: (scope, work) => engine.read(scope, work),
    apply: (caller, command) => engine.apply(caller, command),
    servers: mcpToolServers({
      sandbox: { probe: { available: false, reason: "Not in tests.", next: "Nothing." }, run: runUnsandboxed },
      egress: guardedStream({ allowed: [] }),
      version: "0.0.0",
    }),
    findToken: (serverId) => findServerToken(reach, { organizationId: parts.organizationId, serverId }),
  });
