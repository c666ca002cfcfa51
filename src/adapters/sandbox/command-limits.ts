import type { CommandLimits, SandboxCommand } from "../../engine/ports/sandbox.ts";
import { Failure } from "../../core/shared/failure.ts";
import path from "node:path";

/** What a command gets that asks for nothing else: enough for a test suite, too little to hurt a laptop. */
export const defaultLimits: CommandLimits = {
  timeoutMs: 120_000,
  outputBytes: 1_048_576,
  streamBytes: 4_294_967_296,
  memoryBytes: 2_147_483_648,
  processes: 128,
  fileBytes: 1_073_741_824,
  cpuSeconds: 600,
};

/** The limits of a command with the defaults filled in. @throws {Failure} `sandbox.command-invalid` */
export function limitsOf(command: SandboxCommand): CommandLimits {
  const limits = { ...defaultLimits, ...command.limits };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 1) throw invalid(`The limit ${name} is ${String(value)}.`, "Give a whole number above 0.");
  }
  return limits;
}

/** Mounted over, these would take away what the sandbox itself put there, or show the host's kernel. */
const reserved = /^\/$|^\/(?:proc|sys|dev)(?:\/|$)/;
/** Fine to read, not to be opened for writing as a whole. */
const systemOnly = new Set(["/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/run", "/var", "/tmp", "/home", "/root", "/boot"]);

/** Refuses what bubblewrap would misread: NUL bytes, relative or reserved paths. @throws {Failure} `sandbox.command-invalid` */
export function checkCommand(command: SandboxCommand): void {
  const environment = Object.entries(command.environment ?? {});
  const words = [...command.argv, ...environment.flat()];
  if (words.some((word) => word.includes("\0"))) throw invalid("A word of the command holds a NUL byte.", "Remove it.");
  if (environment.some(([name]) => name === "" || name.includes("=")))
    throw invalid("An environment name is empty or holds '='.", "Rename it.");
  for (const place of [command.workDirectory, ...(command.readOnlyPaths ?? [])]) checkPlace(place);
  if (command.workDirectoryAccess === "read-write" && systemOnly.has(command.workDirectory)) throw belongsToSystem(command.workDirectory);
}

function checkPlace(place: string): void {
  const normal = path.isAbsolute(place) && !place.includes("\0") && path.normalize(place) === place;
  if (!normal) throw invalid(`The path ${JSON.stringify(place)} is not absolute and normal.`, "Resolve it first.");
  if (reserved.test(place)) throw belongsToSystem(place);
}

const belongsToSystem = (place: string): Failure =>
  invalid(`The path ${place} belongs to the system and cannot be handed to a sandboxed command.`, "Use a directory of its own.");

function invalid(what: string, next: string): Failure {
  return new Failure("invalid", "sandbox.command-invalid", { message: `The sandboxed command was not run. ${what} ${next}` });
}
