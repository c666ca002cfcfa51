import { existsSync, lstatSync, readlinkSync } from "node:fs";
import type { CommandLimits, SandboxCommand } from "../../engine/ports/sandbox.ts";

/** Descriptors that `runProcess` opens: the seccomp program comes in on one, bubblewrap reports on the other. */
const seccompDescriptor = 3;
const statusDescriptor = 4;

const searchPathInside = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const temporaryBytes = 268_435_456;

/** Programs and libraries of the system. What is absent on a host is left out; everything else of the host stays outside. */
const systemPaths = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store"] as const;
const settingsPaths = ["/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime"] as const;

/**
 * Who the command is for the kernel. An ordinary user enters a user namespace. Root must not: inside one it would still
 * be the host's root for file modes and process limits. So root gives the command a fresh user id that nobody has, and
 * the one capability to reach the files that are mounted for it, whoever owns them.
 */
export type SandboxIdentity = { readonly kind: "user-namespace" } | { readonly kind: "spare-user"; readonly userId: number };

export interface BubblewrapRun {
  readonly command: SandboxCommand;
  readonly limits: CommandLimits;
  readonly identity: SandboxIdentity;
  readonly seccomp: boolean;
}

/** Every word after `bwrap`. The order of mounts counts: a later one lies over an earlier one. */
export function bubblewrapArguments(run: BubblewrapRun): string[] {
  return [
    ...isolation(run.identity),
    "--die-with-parent",
    "--new-session",
    "--clearenv",
    ...(run.seccomp ? ["--seccomp", String(seccompDescriptor)] : []),
    "--json-status-fd",
    String(statusDescriptor),
    ...systemMounts(),
    ...commandMounts(run.command),
    ...environmentOf(run.command),
    "--chdir",
    run.command.workDirectory,
    "--",
    ...asIdentity(run.identity),
    ...underLimits(run.limits),
    ...run.command.argv,
  ];
}

function isolation(identity: SandboxIdentity): string[] {
  if (identity.kind === "user-namespace") return ["--unshare-all"];
  const namespaces = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"];
  return [...namespaces, ...["DAC_OVERRIDE", "SETUID", "SETGID", "SETPCAP"].flatMap((name) => ["--cap-add", `CAP_${name}`])];
}

function asIdentity(identity: SandboxIdentity): string[] {
  if (identity.kind === "user-namespace") return [];
  const only = "-all,+dac_override";
  const id = String(identity.userId);
  const capabilities = ["--inh-caps", only, "--ambient-caps", only, "--bounding-set", only];
  // Without this bit access(2) forgets the capability for any user but root, and git believes what access(2) says.
  return [
    "setpriv",
    "--reuid",
    id,
    "--regid",
    id,
    "--clear-groups",
    ...capabilities,
    "--securebits",
    "+no_setuid_fixup",
    "--no-new-privs",
    "--",
  ];
}

function underLimits(limits: CommandLimits): string[] {
  return [
    "prlimit",
    // Private writable memory, not address space: JavaScript and Java reserve far more than they use.
    `--data=${limits.memoryBytes}`,
    `--nproc=${limits.processes}`,
    `--fsize=${limits.fileBytes}`,
    `--cpu=${limits.cpuSeconds}`,
    "--core=0",
    "--nofile=4096",
    "--",
  ];
}

function systemMounts(): string[] {
  const mounts = systemPaths.filter((place) => existsSync(place)).flatMap(systemMount);
  const settings = settingsPaths.flatMap((place) => ["--ro-bind-try", place, place]);
  // A read-only /proc, because the capability of the spare user would reach through the modes of its files.
  const kernel = ["--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev"];
  const temporary = ["/tmp", "/dev/shm"].flatMap((place) => ["--size", String(temporaryBytes), "--perms", "1777", "--tmpfs", place]);
  return [...mounts, ...settings, ...kernel, ...temporary];
}

/** Merged systems link /bin to usr/bin; the link is made again instead of mounted twice. */
function systemMount(place: string): string[] {
  return lstatSync(place).isSymbolicLink() ? ["--symlink", readlinkSync(place), place] : ["--ro-bind", place, place];
}

function commandMounts(command: SandboxCommand): string[] {
  const readOnly = (command.readOnlyPaths ?? []).flatMap((place) => ["--ro-bind", place, place]);
  const work = [command.workDirectoryAccess === "read-only" ? "--ro-bind" : "--bind", command.workDirectory, command.workDirectory];
  return [...readOnly, ...work];
}

function environmentOf(command: SandboxCommand): string[] {
  const variables = { PATH: searchPathInside, HOME: "/tmp", LANG: "C.UTF-8", ...command.environment };
  return Object.entries(variables).flatMap(([name, value]) => ["--setenv", name, value]);
}
