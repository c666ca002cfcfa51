import type { ContentStore } from "../../src/engine/ports/content.ts";
import type { GatedTool } from "../../src/engine/ports/gated-tool.ts";
import { builtInTools } from "../../src/engine/gate/built-in-tools.ts";
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
