/** What people have said about one tool: the definition they agreed to, and how strictly it is let through. */
import { type Entity, organizationKind } from "../shared/entity.ts";

/** `open`: by the rules; `tightened`: a person is asked each time; `suspended`: nothing runs. */
export const toolModes = ["open", "tightened", "suspended"] as const;

export type ToolMode = (typeof toolModes)[number];

export interface ToolPin extends Entity {
  /** The tool's name; one row for each. */
  readonly tool: string;
  readonly mode: ToolMode;
  /** The definition that a person agreed to; null: none, which only what is built in may go without. */
  readonly definitionSha256: string | null;
  readonly reason: string;
  readonly setBy: string;
  readonly setAtMs: number;
}

export const toolPinKind = organizationKind<ToolPin>("tool_pin");
