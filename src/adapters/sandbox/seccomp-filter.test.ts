import { expect, test } from "vitest";
import { seccompFilter } from "./seccomp-filter.ts";

const machines = {
  x64: { architecture: 0xc000003e, unshare: 272, mount: 165, ptrace: 101, openByHandle: 304, clone: 56, socket: 41, read: 0, prlimit: 302 },
  arm64: {
    architecture: 0xc00000b7,
    unshare: 97,
    mount: 40,
    ptrace: 117,
    openByHandle: 265,
    clone: 220,
    socket: 198,
    read: 63,
    prlimit: 261,
  },
} as const;
const clone3 = 435;
const ioUring = 425;
const newUser = 0x10000000;
const threadFlags = 0x3d0f00;

/** What the kernel would answer: the five instructions that the filter uses, as `seccomp(2)` describes them. */
function run(filter: Uint8Array, call: { readonly architecture: number; readonly number: number; readonly first?: number }): string {
  const program = new DataView(filter.buffer, filter.byteOffset, filter.byteLength);
  const data = new Map([
    [0, call.number],
    [4, call.architecture],
    [16, call.first ?? 0],
  ]);
  let accumulator = 0;
  for (let at = 0; at < program.byteLength / 8; at += 1) {
    const value = program.getUint32(at * 8 + 4, true);
    const jump = (holds: boolean) => program.getUint8(at * 8 + (holds ? 2 : 3));
    const code = program.getUint16(at * 8, true);
    if (code === 0x20) accumulator = data.get(value) ?? Number.NaN;
    else if (code === 0x15) at += jump(accumulator === value);
    else if (code === 0x35) at += jump(accumulator >>> 0 >= value);
    else if (code === 0x45) at += jump((accumulator & value) !== 0);
    else if (code === 0x06) return value === 0x7fff0000 ? "allow" : value === 0x80000000 ? "kill" : `errno ${value & 0xffff}`;
    else throw new Error(`instruction ${code} at ${at}`);
  }
  throw new Error("ran over its end");
}

for (const [name, machine] of Object.entries(machines)) {
  const filter = seccompFilter(name) ?? new Uint8Array();
  const answer = (number: number, first?: number) =>
    run(filter, { architecture: machine.architecture, number, ...(first === undefined ? {} : { first }) });

  test(`${name}: the doors out of a namespace are refused`, () => {
    for (const number of [machine.unshare, machine.mount, machine.ptrace, machine.openByHandle, ioUring])
      expect(answer(number)).toBe("errno 1");
    expect(answer(machine.clone, newUser | 17)).toBe("errno 1");
    expect(answer(clone3)).toBe("errno 38");
  });

  test(`${name}: threads, processes and ordinary calls go on`, () => {
    for (const number of [machine.read, machine.prlimit]) expect(answer(number)).toBe("allow");
    expect(answer(machine.clone, threadFlags)).toBe("allow");
    expect(answer(machine.clone, 17)).toBe("allow");
  });

  test(`${name}: sockets only of families that the network namespace holds`, () => {
    expect([1, 2, 10, 16].map((family) => answer(machine.socket, family))).toEqual(["allow", "allow", "allow", "allow"]);
    // Packet, vsock, Bluetooth, kernel crypto.
    expect([17, 40, 31, 38].map((family) => answer(machine.socket, family))).toEqual(Array.from({ length: 4 }, () => "errno 97"));
  });

  test(`${name}: a program for another machine is killed`, () => {
    expect(run(filter, { architecture: 0x40000003, number: machine.read })).toBe("kill");
  });
}

test("the second table of calls on x64 is refused whole", () => {
  expect(run(seccompFilter("x64") ?? new Uint8Array(), { architecture: 0xc000003e, number: 0x40000000 + 272 })).toBe("errno 1");
});

test("an unknown machine has no filter", () => expect(seccompFilter("s390x")).toBeNull());
