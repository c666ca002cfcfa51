/** A row that sends a command when it is due. set -> fired | withdrawn. */
import type { Actor } from "../shared/actor.ts";
import { type Entity, projectKind } from "../shared/entity.ts";
import type { JsonObject } from "../shared/json.ts";

export interface Clock extends Entity {
  readonly state: "set" | "fired" | "withdrawn";
  /** In the project's time: wall clock in a real project, the project's own clock in rehearsal. */
  readonly dueAtMs: number;
  readonly subjectKind: string;
  readonly subjectId: string;
  /** The command sent when due, without its key; the key is `clock:<id>`. */
  readonly command: JsonObject;
  /** In whose name it is sent: whoever set the clock, or the person that a rehearsal's script plays. */
  readonly actor: Actor;
}

export const clockKind = projectKind<Clock>("clock");
