import { builtInTools } from "../engine/gate/built-in-tools.ts";
import { declaredTools } from "../engine/gate/declared-tools.ts";
import { toolRegistry } from "../engine/gate/tool-door.ts";
import type { GatedTool } from "../engine/ports/gated-tool.ts";
import type { HttpDependencies } from "../surfaces/http/http-dependencies.ts";
import type { System } from "./open-system.ts";

/** Every tool of this installation. Only the door of an attempt may hold it. */
export const openTools = ({ content, reach, crash }: System): readonly GatedTool[] =>
  toolRegistry(builtInTools({ content, egress: reach.egress, crash }));

/** The same for people to look at: declarations, without a way to call them. */
export function shownTools(system: System): HttpDependencies["tools"] {
  const declared = declaredTools(openTools(system), system.digest);
  return { declared: () => declared };
}
