import type { JsonObject } from "../core/shared/json.ts";
import type { Clock, Ids, Rng } from "./ports/clock.ts";
import type { Digest } from "./ports/content.ts";
import type { CrashProbe } from "./ports/crash-point.ts";
import type { Reader, Scope, Store } from "./ports/store.ts";
import { type Applied, type CommandDependencies, applyCommand } from "./shared/apply-command.ts";
import type { Caller } from "./shared/caller.ts";
import type { Capabilities } from "./shared/command-handler.ts";
import type { Command } from "./shared/commands.ts";
import { personaShelf } from "./shared/persona-shelf.ts";
import { type ProjectTime, projectTime } from "./shared/project-time.ts";

/** What surfaces may do: change state by commands, and read. */
export interface Engine {
  /** @throws {Failure} the refusal's kind and code */
  apply(caller: Caller, command: Command): Promise<JsonObject>;
  /** The same, with the position from which on a reader sees it. */
  carryOut(caller: Caller, command: Command): Promise<Applied>;
  read<Result>(scope: Scope, work: (reader: Reader) => Promise<Result>): Promise<Result>;
  /** Calls back soon after new events can be read; returns the way to stop. */
  onEvents(notify: () => void): () => void;
  readonly capabilities: Capabilities;
  readonly projectTime: ProjectTime;
  /** SHA-256 of a text, as plans and effects are hashed. */
  readonly digest: Digest;
}

/** What an engine is made of. */
export interface EngineParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly rng: Rng;
  readonly digest: Digest;
  readonly crash: CrashProbe;
  readonly capabilities: Capabilities;
}

/** Makes the engine over its ports. Holds nothing but what may be forgotten at any time. */
export function openEngine(parts: EngineParts): Engine {
  const time = projectTime(parts.store, parts.clock);
  const dependencies: CommandDependencies = { ...parts, projectTime: time, shelf: personaShelf(parts.clock) };
  return {
    apply: async (caller, command) => (await applyCommand(dependencies, caller, command)).answer,
    carryOut: (caller, command) => applyCommand(dependencies, caller, command),
    read: (scope, work) => parts.store.read(scope, work),
    onEvents: (notify) => parts.store.onEvents(notify),
    capabilities: parts.capabilities,
    projectTime: time,
    digest: parts.digest,
  };
}
