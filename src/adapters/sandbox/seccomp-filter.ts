/**
 * A seccomp program (classic BPF) that refuses the kernel's doors out of a namespace: new namespaces, mounts, tracing,
 * keyrings, BPF, io_uring, file handles, and socket families that ignore the network namespace (a virtual machine's
 * vsock reaches its host). Everything else is allowed: the mounts and limits hold the rest.
 */
export function seccompFilter(machine: string): Uint8Array | null {
  const table = tables[machine];
  if (table === undefined) return null;
  const denied = table.denied.flatMap((number) => [jumpIfEqual(number, 0, 1), refuse(errnoNotPermitted)]);
  return assemble([
    load(offsetOfArchitecture),
    jumpIfEqual(table.auditArchitecture, 1, 0),
    instruction(returnValue, 0, 0, killProcess),
    load(offsetOfNumber),
    // The x32 call table repeats every call under another number.
    ...(machine === "x64" ? [instruction(jumpGreaterOrEqual, 0, 1, 0x40000000), refuse(errnoNotPermitted)] : []),
    ...denied,
    // Its flags sit behind a pointer no filter can read; C libraries fall back to `clone`.
    jumpIfEqual(clone3, 0, 1),
    refuse(errnoNoSuchCall),
    jumpIfEqual(table.clone, 0, 4),
    load(offsetOfFirstArgument),
    instruction(jumpIfAnyBit, 0, 1, namespaceFlags),
    refuse(errnoNotPermitted),
    allow,
    jumpIfEqual(table.socket, 0, 6),
    load(offsetOfFirstArgument),
    ...socketFamilies.map((family, index) => jumpIfEqual(family, socketFamilies.length - index, 0)),
    refuse(errnoNoSuchFamily),
    allow,
  ]);
}

const offsetOfNumber = 0;
const offsetOfArchitecture = 4;
const offsetOfFirstArgument = 16;
const jumpGreaterOrEqual = 0x35;
const jumpIfAnyBit = 0x45;
const returnValue = 0x06;
const killProcess = 0x80000000;
const errnoNotPermitted = 1;
const errnoNoSuchCall = 38;
const errnoNoSuchFamily = 97;
const clone3 = 435;
/** Mount, cgroup, host name, IPC, user, process and network namespaces. */
const namespaceFlags = 0x7e020000;
/** Unix, IPv4, IPv6, netlink: all bound to the empty network namespace. */
const socketFamilies = [1, 2, 10, 16] as const;

/** Same numbers on every machine since they were added: io_uring, the new mount calls, mount_setattr. */
const deniedEverywhere = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442] as const;

interface CallTable {
  readonly auditArchitecture: number;
  readonly clone: number;
  readonly socket: number;
  readonly denied: readonly number[];
}

/**
 * In this order: ptrace, process_vm_readv, process_vm_writev, kcmp, unshare, setns, mount, umount2, pivot_root, chroot,
 * swapon, swapoff, reboot, init_module, delete_module, finit_module, kexec_load, kexec_file_load, bpf, perf_event_open,
 * userfaultfd, add_key, request_key, keyctl, name_to_handle_at, open_by_handle_at, acct, syslog, quotactl, settimeofday,
 * clock_settime, adjtimex. Source: Linux `syscall_64.tbl` and `asm-generic/unistd.h`.
 */
const tables: Readonly<Record<string, CallTable>> = {
  x64: {
    auditArchitecture: 0xc000003e,
    clone: 56,
    socket: 41,
    denied: [
      101,
      310,
      311,
      312,
      272,
      308,
      165,
      166,
      155,
      161,
      167,
      168,
      169,
      175,
      176,
      313,
      246,
      320,
      321,
      298,
      323,
      248,
      249,
      250,
      303,
      304,
      163,
      103,
      179,
      164,
      227,
      159,
      ...deniedEverywhere,
    ],
  },
  arm64: {
    auditArchitecture: 0xc00000b7,
    clone: 220,
    socket: 198,
    denied: [
      117,
      270,
      271,
      272,
      97,
      268,
      40,
      39,
      41,
      51,
      224,
      225,
      142,
      105,
      106,
      273,
      104,
      294,
      280,
      241,
      282,
      217,
      218,
      219,
      264,
      265,
      89,
      116,
      60,
      170,
      112,
      171,
      ...deniedEverywhere,
    ],
  },
};

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

const instruction = (...parts: Instruction): Instruction => parts;
const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const jumpIfEqual = (value: number, ifTrue: number, ifFalse: number): Instruction => [0x15, ifTrue, ifFalse, value];
const refuse = (errno: number): Instruction => [returnValue, 0, 0, 0x00050000 + errno];
const allow: Instruction = [returnValue, 0, 0, 0x7fff0000];

function assemble(program: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    // Both supported machines are little-endian.
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, ifTrue);
    bytes.setUint8(index * 8 + 3, ifFalse);
    bytes.setUint32(index * 8 + 4, value, true);
  }
  return new Uint8Array(bytes.buffer);
}
