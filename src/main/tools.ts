import { builtInTools } from "../engine/gate/built-in-tools.ts";
import { computedTools } from "../engine/gate/computed-tools.ts";
import { declaredTools } from "../engine/gate/declared-tools.ts";
import { toolRegistry } from "../engine/gate/tool-door.ts";
import type { GatedTool } from "../engine/ports/gated-tool.ts";
import type { HttpDependencies } from "../surfaces/http/http-dependencies.ts";
import { visionTools } from "../divisions/engineering/vision-tools.ts";
import { threadComputing } from "./compute-in-thread.ts";
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

/** The same for people to look at: declarations, without a way to call them. */
export function shownTools(system: System): HttpDependencies["tools"] {
  const declared = declaredTools(openTools(system), system.digest);
  return { declared: () => declared };
}
