/** What the start-up probe found out by trying to escape. Without a sandbox nothing that runs a command may be offered. */
export type SandboxProbe =
  | { readonly available: true; readonly version: string }
  /** `reason` says what failed, `next` what a person can do about it. Both are shown as they are. */
  | { readonly available: false; readonly reason: string; readonly next: string };

/** Bounds of one run. Each has a default in the adapter; none can be switched off. */
export interface CommandLimits {
  /** Wall clock. Afterwards the whole process group is killed. */
  readonly timeoutMs: number;
  /** Kept bytes of stdout and, separately, of stderr; the rest is read and dropped. */
  readonly outputBytes: number;
  /** Bytes that may pass `onStdout`; more ends the run. */
  readonly streamBytes: number;
  /** Per process (private writable memory), and for all processes of the run together (resident memory, sampled). */
  readonly memoryBytes: number;
  /** Processes and threads at one time. */
  readonly processes: number;
  /** Largest file the command can write. */
  readonly fileBytes: number;
  /** CPU seconds of each process. */
  readonly cpuSeconds: number;
}

/** One program run without network, without the host's files and without the caller's environment. */
export interface SandboxCommand {
  /** Program and arguments; never read by a shell. */
  readonly argv: readonly [string, ...string[]];
  /** Absolute; current directory of the program, visible at the same path inside. */
  readonly workDirectory: string;
  readonly workDirectoryAccess: "read-write" | "read-only";
  /** Absolute host paths, visible read-only at the same path inside, besides the system's programs and libraries. */
  readonly readOnlyPaths?: readonly string[];
  /** The whole environment: nothing is inherited. `PATH` and `HOME` have defaults. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly limits?: Partial<CommandLimits>;
  /** Bytes for stdin, at once or as they come; without it stdin is empty. Stdin closes with the last of them. */
  readonly input?: Uint8Array | AsyncIterable<Uint8Array>;
  /**
   * Receives stdout as it comes instead of `CommandResult.stdout`; the program waits while a promise is open.
   * `false` means enough was read: the run ends and counts as truncated. What it throws ends the run and is thrown on.
   */
  readonly onStdout?: (chunk: Uint8Array) => boolean | void | Promise<boolean | void>;
  /** Aborting kills the whole process group; the run then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How a run ended. A command that fails is a result, not a failure. */
export interface CommandResult {
  /** Null: ended by a signal that we sent or saw. A signal seen inside the sandbox is 128 + its number here. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Output was dropped, or the reader had enough. */
  readonly truncated: boolean;
  readonly durationMs: number;
  readonly timedOut: boolean;
  /** The processes together passed `memoryBytes` and were killed. */
  readonly memoryExceeded: boolean;
}

/** Runs programs that nobody vouches for. */
export interface Sandbox {
  readonly probe: SandboxProbe;
  /**
   * Rejects only when nothing was run, or on abort.
   * @throws {Failure} `sandbox.unavailable`, `sandbox.command-invalid`, `sandbox.setup-failed`
   */
  run(command: SandboxCommand): Promise<CommandResult>;
}
