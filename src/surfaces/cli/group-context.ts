import type { CliDependencies, SettledSettings } from "./cli-dependencies.ts";
import type { GlobalFlags } from "./output.ts";

/** What a group's file needs to register its commands. Actions answer with the exit code. */
export interface GroupContext {
  readonly use: CliDependencies;
  /** Flags as they stand when the action runs. */
  readonly flags: () => GlobalFlags;
  /** Settings as they hold when the action runs. */
  readonly settled: () => SettledSettings;
  /** Wraps an action, so that its exit code and failure reach the caller. */
  readonly act: <Given extends readonly unknown[]>(run: (...given: Given) => Promise<number>) => (...given: Given) => Promise<void>;
}
