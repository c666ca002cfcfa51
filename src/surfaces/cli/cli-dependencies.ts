import type { Computation, ComputedTool, Material } from "../../core/gate/computation.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { PolicyProblem } from "../../core/oversight/policy.ts";
import type { EventDelta } from "../../contract/event-contract.ts";

/** Streams of the terminal. Data goes to `out`, everything else to `err`. */
export interface CliStreams {
  out(text: string): void;
  err(text: string): void;
  readonly isTerminal: boolean;
  /** All of standard input as text, at most `maxBytes`. */
  readInput(maxBytes: number): Promise<string>;
}

/** The server as the command sees it. Every call throws the server's own failure. */
export interface Client {
  get(path: string): Promise<JsonObject>;
  /** The same key is carried out once, however often it is sent; absent: one of its own. */
  post(path: string, body: Json, key?: string): Promise<JsonObject>;
  download(path: string): Promise<Uint8Array>;
  /** Deltas from now on, until the signal. Ends when the server ends the stream. */
  events(signal: AbortSignal): AsyncIterable<EventDelta>;
}

/** Files of the person who types. */
export interface CliFiles {
  /** @throws {Failure} `file.not-found`, `file.not-readable`, `file.too-large` */
  read(path: string, maxBytes: number): Promise<Uint8Array>;
  /**
   * Files under a folder by their path inside it, sorted, links left out; null: it is no folder.
   *
   * @throws {Failure} `file.not-found`, `file.too-many`
   */
  list(path: string, most: number): Promise<readonly string[] | null>;
  /** Whether a directory can be written into; makes it when it is missing. @throws {Failure} `file.not-a-directory` */
  prepareDirectory(path: string): Promise<void>;
  /** Writes one file into a prepared directory, whole or not at all. @throws {Failure} `file.exists` unless `replace` */
  write(directory: string, name: string, content: { readonly bytes: Uint8Array; readonly replace: boolean }): Promise<string>;
  absolute(path: string): string;
}

/** A setting with where it came from. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly origin: string;
}

/** Flags that are settings as well. */
export interface SettingFlags {
  readonly port?: string;
}

/** Settings as they hold for one command line. */
export interface SettledSettings {
  /** All of them, secrets masked. */
  readonly list: readonly Setting[];
  /** Key of the project that requests are filed in when none is named. */
  readonly project: string | null;
}

/** One thing examined, with the way to mend it. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** Everything else works without it. */
  readonly optional: boolean;
  readonly what: string;
  readonly why: string;
  readonly next: string;
}

/** What the demo may do: calls to the server, and waiting. */
export interface DemoCalls {
  call(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown>;
  content(sha256: string): Promise<string>;
  /** The state in which a request has come to rest. */
  settled(reference: string): Promise<string>;
  note(line: string): void;
}

/** What a command of the system did: for programs, for people, and what a person has to know beside. */
export interface SystemReport {
  readonly document: JsonObject;
  readonly text: string;
  readonly notes: readonly string[];
}

/** What a measurement found, and whether what must hold holds. */
export interface Measurement extends SystemReport {
  readonly ok: boolean;
  readonly predictions: readonly JsonObject[];
}

/** Commands that run or examine the system itself, loaded when called. Each answers with the exit code. */
export interface SystemCommands {
  up(options: { readonly port: string | undefined; readonly server: boolean; readonly worker: boolean }): Promise<number>;
  /** @returns what happened, in a sentence */
  stop(): Promise<string>;
  doctor(): Promise<readonly Finding[]>;
  /** Plays the demo over a running server. @returns the result and the text for people */
  demo(host: DemoCalls): Promise<{ readonly document: JsonObject; readonly text: string }>;
  /** @returns what was done, in a sentence */
  migrate(): Promise<string>;
  logs(options: { readonly lines: number }): Promise<string>;
  backup(options: {
    readonly to: string | undefined;
    readonly keep: number | undefined;
    readonly keepDays: number | undefined;
    readonly keyTo: string | undefined;
    readonly withoutDatabase: boolean;
  }): Promise<SystemReport>;
  /** Whole backups of this installation, with whom they still open. */
  listBackups(options: { readonly to: string | undefined }): Promise<SystemReport>;
  /** Removes old ones. @throws {Failure} `backup.nothing-to-prune` */
  pruneBackups(options: {
    readonly to: string | undefined;
    readonly keep: number | undefined;
    readonly keepDays: number | undefined;
  }): Promise<SystemReport>;
  restore(options: {
    readonly from: string;
    readonly untilMs: number | null;
    readonly log: string | undefined;
    readonly content: string | undefined;
  }): Promise<SystemReport>;
  exportRecord(options: { readonly to: string }): Promise<SystemReport>;
  importRecord(options: { readonly from: string }): Promise<SystemReport>;
  /** Makes what follows from the history anew and compares it; `ok` in the document. */
  compareDerived(): Promise<SystemReport>;
  /** Measures a suite on a folder of cases; needs no server. `note` tells how far it is. */
  evaluate(options: { readonly suite: string; readonly folder: string; readonly note: (text: string) => void }): Promise<Measurement>;
  /** Decides recorded calls again under other tool policies; needs no server. @throws {Failure} `gate.bad-record` */
  replayGate(options: { readonly record: string; readonly policies: string | null }): Promise<SystemReport>;
  /** Tools that only compute; need no server. */
  computedTools(): Promise<readonly ComputedTool[]>;
  /** Runs one of them by hand. @throws {Failure} `tool.not-by-hand`, `tool.out-of-bounds` */
  computeTool(tool: string, material: Material, signal: AbortSignal): Promise<Computation>;
  /** Everything wrong with a policy's text; needs no server. */
  checkPolicy(text: string): Promise<readonly PolicyProblem[]>;
  /** Speaks MCP over the streams of this process until they end. */
  mcp(client: Client, signal: AbortSignal): Promise<void>;
  /** Reads the settings; called before any other, once. @throws {Failure} `settings.*` */
  settle(flags: SettingFlags): Promise<SettledSettings>;
}

/** Everything the command uses from outside. */
export interface CliDependencies {
  readonly streams: CliStreams;
  readonly files: CliFiles;
  readonly system: SystemCommands;
  /** The server's client; `start` begins one where none answers. @throws {Failure} `server.not-running` */
  readonly connect: (options: { readonly start: boolean; readonly port: string | undefined }) => Promise<Client>;
  readonly time: { parse(text: string): number | undefined; format(atMs: number): string };
  readonly version: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
