import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import type { SandboxProbe } from "../../engine/ports/sandbox.ts";
import { findProgram } from "./find-program.ts";
import { probeSandbox } from "./probe-sandbox.ts";

const root = await mkdtemp(path.join(os.tmpdir(), "xvc-probe-test-"));
await chmod(root, 0o755);
afterAll(() => rm(root, { recursive: true, force: true }));

// Real programs are started: on a busy machine each may wait for its turn.
vi.setConfig({ testTimeout: 60_000 });

async function withPath<Value>(searchPath: string, work: () => Promise<Value>): Promise<Value> {
  const before = process.env["PATH"];
  process.env["PATH"] = searchPath;
  try {
    return await work();
  } finally {
    process.env["PATH"] = before;
  }
}

async function fakeBubblewrap(name: string, script: string): Promise<string> {
  const folder = path.join(root, name);
  await mkdir(folder);
  await writeFile(path.join(folder, "bwrap"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

/** Reason and next step; empty when a sandbox was found. */
const refusal = (probe: SandboxProbe) => (probe.available ? "" : `${probe.reason} ${probe.next}`);

const version = '[ "$1" = --version ] && echo "bubblewrap 9.9" && exit';

describe.runIf(process.platform === "linux")("on Linux", () => {
  test("without bubblewrap the answer is a reason and a next step", async () => {
    const probe = await withPath(root, () => probeSandbox());
    expect(refusal(probe)).toMatch(/bubblewrap.*PATH.*apt-get install bubblewrap/);
  });

  test("a bubblewrap that cannot make namespaces is reported with its words", async () => {
    const folder = await fakeBubblewrap("refusing", `${version}\necho "bwrap: No permissions to create new namespace" >&2; exit 1`);
    expect(refusal(await withPath(folder, () => probeSandbox()))).toMatch(/9\.9.*No permissions to create new namespace.*user namespaces/);
  });

  test("a bubblewrap that ends without running anything is no sandbox", async () => {
    const folder = await fakeBubblewrap("silent", `${version}\nexit 0`);
    expect(refusal(await withPath(folder, () => probeSandbox()))).not.toBe("");
  });

  test("a bubblewrap that isolates nothing is found out by the escapes", async () => {
    const script = `${version}
while [ "$1" != -- ]; do shift; done
shift
PATH=/usr/sbin:/usr/bin:/sbin:/bin XVC_PROBE_SECRET=1 "$@"
code=$?
echo "{ \\"exit-code\\": $code }" >&4
exit $code`;
    const folder = await fakeBubblewrap("open", script);
    const found = refusal(await withPath(folder, () => probeSandbox()));
    for (const escape of [
      "connect to a port of the host",
      "read a file of the host",
      "see a process of the host",
      "inherit the environment",
    ]) {
      expect(found).toContain(escape);
    }
  });

  test("the real one stands all attempts, or says what is missing", async () => {
    const probe = await probeSandbox();
    expect(probe.available ? probe.version : probe.reason).toMatch(/^\d+\.\d+|bubblewrap/);
  });
});

test("programs are looked for in absolute folders only", () => {
  expect(findProgram("sh", ".:relative:/usr/bin:/bin")).toMatch(/^\//);
  expect(findProgram("package.json", ".:")).toBeNull();
  expect(findProgram("no-such-program", "/usr/bin:/bin")).toBeNull();
});
