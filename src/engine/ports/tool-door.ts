import type { Label } from "../../core/gate/label.ts";
import type { Artifact } from "../../core/shared/content.ts";
import type { JsonObject } from "../../core/shared/json.ts";

/** A tool as an attempt may see it; `parameters` is a JSON Schema. */
export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonObject;
}

/** A call as the executor emitted it: text that nothing has read yet. */
export interface ToolRequest {
  /** The executor's own id of the call, unique within the attempt. */
  readonly callId: string;
  readonly tool: string;
  readonly rawArguments: string;
}

export type DoorAnswer =
  | {
      readonly kind: "done";
      readonly result: JsonObject;
      readonly label: Label;
      readonly costMicro: number;
      /** Outputs of the task that the call has written, kept as content already; absent: none. */
      readonly written?: readonly Artifact[];
    }
  /** A person is asked; the attempt ends `asked` and a later one goes on from its stored turns. */
  | { readonly kind: "asked"; readonly itemId: string; readonly question: string }
  | { readonly kind: "refused"; readonly code: string; readonly reason: string };

/** The one door to tools: an executor gets no other handle. */
export interface ToolDoor {
  offered(): readonly OfferedTool[];
  call(request: ToolRequest, signal: AbortSignal): Promise<DoorAnswer>;
}
