import type { DecideContext } from "../../core/shared/decide-context.ts";
import type { Decided } from "../../core/shared/transition.ts";
import type { HaltShelf } from "../gate/halt-shelf.ts";
import type { PolicyShelf } from "../oversight/policy-shelf.ts";
import type { Authorizer } from "../ports/authorizer.ts";
import type { CalendarReader } from "../ports/calendar-reader.ts";
import type { CheckData } from "../ports/check-data.ts";
import type { ScriptRunner } from "../ports/script-runner.ts";
import type { Transaction } from "../ports/store.ts";
import type { ZoneTime } from "../ports/zone-time.ts";
import type { Caller } from "./caller.ts";
import type { NeighbourShelf } from "./neighbours.ts";
import type { PersonaShelf } from "./persona-shelf.ts";

/** What a handler may use to read its slice. */
export interface LoadContext {
  readonly caller: Caller;
  /** Executor kinds and rules tasks that this installation serves. */
  readonly capabilities: Capabilities;
  readonly shelf: PersonaShelf;
  readonly policies: PolicyShelf;
  readonly halts: HaltShelf;
  readonly authorizer: Authorizer;
  readonly calendars: CalendarReader;
  readonly checkData: CheckData;
  readonly scripts: ScriptRunner;
  readonly neighbours: NeighbourShelf;
  /** The project's time, epoch milliseconds. */
  readonly nowMs: number;
}

/** What can run here; the same in every process of an installation. */
export interface Capabilities {
  /** Executor kinds for real projects; a rehearsal always has `scripted` only. */
  readonly executors: readonly ("rules" | "human" | "scripted" | "model" | "agent")[];
  readonly ruleTasks: readonly string[];
  readonly sandbox: { readonly ok: boolean; readonly reason: string };
  /** How civil time is told for calendar rules; absent: UTC alone. */
  readonly zones?: ZoneTime;
}

/** Reads and locks the slice a command needs, always in the same order: request, task, attempt, review, plan, dependents, items. */
export interface CommandHandler<Command extends { readonly kind: string }, Slice> {
  load(transaction: Transaction, command: Command, context: LoadContext): Promise<Slice>;
  decide(slice: Slice, command: Command, context: DecideContext): Decided;
}

/** Ties a handler to its command's type; the registry is checked to hold one for each kind. */
export const handler = <Command extends { readonly kind: string }, Slice>(
  one: CommandHandler<Command, Slice>,
): CommandHandler<Command, Slice> => one;
