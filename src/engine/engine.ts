import type { JsonObject } from "../core/shared/json.ts";
import { haltShelf } from "./gate/halt-shelf.ts";
import { type PolicyShelf, policyShelf } from "./oversight/policy-shelf.ts";
import { noCalendars, officeHoursShelf } from "./oversight/office-hours.ts";
import type { Authorizer } from "./ports/authorizer.ts";
import type { CalendarReader } from "./ports/calendar-reader.ts";
import type { CheckData } from "./ports/check-data.ts";
import type { ScriptRunner } from "./ports/script-runner.ts";
import type { Clock, Ids, Rng } from "./ports/clock.ts";
import type { Digest } from "./ports/content.ts";
import type { CrashProbe } from "./ports/crash-point.ts";
import type { Moment, Reader, Scope, Store } from "./ports/store.ts";
import { type Applied, type CommandDependencies, type Look, type Looked, applyCommand } from "./shared/apply-command.ts";
import type { Caller } from "./shared/caller.ts";
import type { Capabilities } from "./shared/command-handler.ts";
import type { Command } from "./shared/commands.ts";
import { neighbourShelf } from "./shared/neighbours.ts";
import { personaShelf } from "./shared/persona-shelf.ts";
import { type ProjectTime, projectTime } from "./shared/project-time.ts";

/** What surfaces may do: change state by commands, and read. */
export interface Engine {
  /** @throws {Failure} the refusal's kind and code */
  apply(caller: Caller, command: Command): Promise<JsonObject>;
  /** The same, with the position from which on a reader sees it. */
  carryOut(caller: Caller, command: Command): Promise<Applied>;
  /** The same, and reads on in the command's transaction. */
  applyAndLook<Seen>(caller: Caller, command: Command, look: Look<Seen>): Promise<Looked<Seen>>;
  /** Reads at one snapshot; with a moment, everything as the record had it then. */
  read<Result>(scope: Scope, work: (reader: Reader) => Promise<Result>, moment?: Moment): Promise<Result>;
  /** The recorded instant asked for, or the latest that nothing can be added to. */
  moment(askedMs: number): Promise<Moment>;
  /** Calls back soon after new events can be read; returns the way to stop. */
  onEvents(notify: () => void): () => void;
  readonly capabilities: Capabilities;
  readonly projectTime: ProjectTime;
  /** The policies in force, for views that say who may decide. */
  readonly policies: PolicyShelf;
  /** Reads policy texts. */
  readonly authorizer: Authorizer;
  /** Knows time zones and reads calendar files. */
  readonly calendars: CalendarReader;
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
  readonly authorizer: Authorizer;
  /** Absent: every hour counts. */
  readonly calendars?: CalendarReader;
  /** Absent: nothing can be checked, so no data of entities is taken. */
  readonly checkData?: CheckData;
  /** Absent: no script runs, so what one would check is not taken. */
  readonly scripts?: ScriptRunner;
}

const uncheckable: CheckData = () => [{ path: "", message: "This installation cannot check data against a schema." }];

const noScripts: ScriptRunner = {
  run: async () => ({ kind: "failed", fault: "threw", message: "This installation runs no scripts." }),
};

/** Makes the engine over its ports. Holds nothing but what may be forgotten at any time. */
export function openEngine(parts: EngineParts): Engine {
  const time = projectTime(parts.store, parts.clock);
  const policies = policyShelf(parts.authorizer, parts.digest);
  const calendars = parts.calendars ?? noCalendars;
  const dependencies: CommandDependencies = {
    ...parts,
    projectTime: time,
    shelf: personaShelf(parts.clock),
    policies,
    halts: haltShelf(parts.clock),
    calendars,
    officeHours: officeHoursShelf(calendars, parts.clock),
    checkData: parts.checkData ?? uncheckable,
    scripts: parts.scripts ?? noScripts,
    neighbours: neighbourShelf(),
  };
  return {
    apply: async (caller, command) => (await applyCommand(dependencies, caller, command)).answer,
    carryOut: (caller, command) => applyCommand(dependencies, caller, command),
    applyAndLook: (caller, command, look) => applyCommand(dependencies, caller, command, look),
    read: (scope, work, moment) => parts.store.read(scope, work, moment),
    moment: (askedMs) => parts.store.moment(askedMs),
    onEvents: (notify) => parts.store.onEvents(notify),
    capabilities: parts.capabilities,
    projectTime: time,
    policies,
    authorizer: parts.authorizer,
    calendars,
    digest: parts.digest,
  };
}
