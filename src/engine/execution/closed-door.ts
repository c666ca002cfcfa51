import type { ToolDoor } from "../ports/tool-door.ts";

/** A door behind which there is nothing: where no gate is, no tool is offered and every call is refused. */
export const closedDoor: ToolDoor = {
  offered: () => [],
  call: ({ tool }) =>
    Promise.resolve({ kind: "refused", code: "gate.no-tools", reason: `There is no tool ${JSON.stringify(tool.slice(0, 60))} here.` }),
};
