import type { RequestInput } from "../../core/requests/request.ts";
import type { LocatedInput } from "./analyser.ts";

/** Lays inputs of a request out on this machine and gives scratch room to work in. */
export interface Workspace {
  /**
   * The inputs by name, as files and directories that must not be written. Laid out once per content and kept in
   * a bounded cache, so that the tasks of one request share them.
   *
   * @throws {Failure} `workspace.input-damaged`, `unavailable` when there is no room
   */
  locate(inputs: readonly RequestInput[], signal: AbortSignal): Promise<{ readonly [name: string]: LocatedInput }>;
  /** A new, empty, writable directory; `remove` deletes it with all it holds. */
  scratch(): Promise<{ readonly path: string; remove(): Promise<void> }>;
}
