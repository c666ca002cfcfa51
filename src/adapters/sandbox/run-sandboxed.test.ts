import { EventEmitter, once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { CommandResult, SandboxCommand } from "../../engine/ports/sandbox.ts";
import { probeSandbox } from "./probe-sandbox.ts";
import { bubblewrapSandbox, runSandboxed, runUnsandboxed } from "./run-sandboxed.ts";

const probe = await probeSandbox();
const root = await mkdtemp(path.join(os.tmpdir(), "xvc-sandbox-test-"));
afterAll(() => rm(root, { recursive: true, force: true }));

// Real programs are started: on a busy machine each may wait for its turn.
vi.setConfig({ testTimeout: 60_000 });

let work = "";
let runs = 0;
beforeEach(async () => {
  work = path.join(root, `work-${(runs += 1)}`);
  await mkdir(work);
});

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");
const shell = (script: string, more: Partial<SandboxCommand> = {}): SandboxCommand => ({
  argv: ["sh", "-c", script],
  workDirectory: work,
  workDirectoryAccess: "read-write",
  ...more,
  limits: { timeoutMs: 20_000, ...more.limits },
});

/** Processes of this machine whose command line holds the mark. */
async function processesWith(mark: string): Promise<number> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.includes(mark)).length;
}

/** Laws of both runners: what isolates a run does not change how it is bounded. */
function bounds(run: (command: SandboxCommand) => Promise<CommandResult>): void {
  describe("bounds", () => {
    test("hands back exit code, stdout and stderr", async () => {
      const result = await run(shell("echo out; echo err >&2; exit 7"));
      expect({ ...result, stdout: text(result.stdout), stderr: text(result.stderr), durationMs: 0 }).toEqual({
        exitCode: 7,
        signal: null,
        stdout: "out\n",
        stderr: "err\n",
        truncated: false,
        durationMs: 0,
        timedOut: false,
        memoryExceeded: false,
      });
    });

    test("gives the input, and an empty one where there is none", async () => {
      expect(text((await run(shell("cat", { input: Buffer.from("given") }))).stdout)).toBe("given");
      expect((await run(shell("cat"))).stdout).toHaveLength(0);
    });

    test("talks with a program piece by piece, and the last piece closes its input", async () => {
      const heard = new EventEmitter();
      const said: string[] = [];
      async function* pieces() {
        yield Buffer.from("one\n");
        await once(heard, "one");
        yield Buffer.from("two\n");
      }
      const result = await run(
        shell("cat; echo closed", {
          input: pieces(),
          onStdout: (chunk) => {
            said.push(text(chunk));
            if (said.join("") === "one\n") heard.emit("one");
          },
        }),
      );
      expect([said.join(""), result.exitCode]).toEqual(["one\ntwo\nclosed\n", 0]);
    });

    test("survives a program that never reads a large input", async () => {
      expect((await run(shell("exit 0", { input: Buffer.alloc(4_000_000) }))).exitCode).toBe(0);
    });

    test("keeps the first bytes of too much output and says so", async () => {
      const result = await run(shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2", { limits: { outputBytes: 1_000 } }));
      expect([result.stdout.length, result.stderr.length, result.truncated, result.exitCode]).toEqual([1_000, 1_000, true, 0]);
    });

    test("streams to a reader, waits for it, and stops when it has enough", async () => {
      let bytes = 0;
      const whole = await run(
        shell("head -c 500000 /dev/zero", { onStdout: async (chunk) => void (bytes += await Promise.resolve(chunk.length)) }),
      );
      expect([bytes, whole.stdout.length, whole.truncated]).toEqual([500_000, 0, false]);
      const cut = await run(shell("cat /dev/zero", { onStdout: () => false }));
      expect([cut.truncated, cut.timedOut]).toEqual([true, false]);
    });

    test("a stream without end stops at its cap", async () => {
      let bytes = 0;
      const result = await run(
        shell("cat /dev/zero", { limits: { streamBytes: 1_000_000 }, onStdout: (chunk) => void (bytes += chunk.length) }),
      );
      expect(result.truncated).toBe(true);
      expect(bytes).toBeLessThanOrEqual(1_000_000);
    });

    test("what the reader throws ends the run and is thrown on", async () => {
      const failing = run(
        shell("cat /dev/zero", {
          onStdout: () => {
            throw new RangeError("no room");
          },
        }),
      );
      await expect(failing).rejects.toThrow("no room");
    });

    test("a timeout kills the whole group", async () => {
      const mark = `${60_000 + runs}.${process.pid}`;
      const result = await run(shell(`sleep ${mark} & sleep ${mark} & sleep ${mark}`, { limits: { timeoutMs: 500 } }));
      expect([result.timedOut, result.exitCode, result.durationMs < 5_000]).toEqual([true, null, true]);
      await expect.poll(() => processesWith(mark), { timeout: 5_000 }).toBe(0);
    });

    test("an abort kills it and rejects with the reason; aborted before, nothing starts", async () => {
      const stop = new AbortController();
      const reason = new Error("asked to stop");
      const running = run(shell("echo started; sleep 60", { signal: stop.signal, onStdout: () => stop.abort(reason) }));
      await expect(running).rejects.toBe(reason);
      await expect(run(shell("touch ran", { signal: stop.signal }))).rejects.toBe(reason);
      expect(existsSync(path.join(work, "ran"))).toBe(false);
    });

    test("memory of all processes together is bounded", async () => {
      // Eight processes that stay below the limit each and pass it together: `tail` keeps a line until it ends.
      const hold = "head -c 60000000 /dev/zero | tail | sleep 20";
      const result = await run(
        shell(`for i in 1 2 3 4 5 6 7 8; do ${hold} & done; wait`, { limits: { memoryBytes: 300_000_000, timeoutMs: 25_000 } }),
      );
      expect([result.memoryExceeded, result.timedOut]).toEqual([true, false]);
    });

    test("nothing of the caller's environment is inherited", async () => {
      process.env["XVC_TEST_SECRET"] = "leaked";
      const result = await run(shell("env", { environment: { GIVEN: "1" } }));
      delete process.env["XVC_TEST_SECRET"];
      expect(text(result.stdout)).toContain("GIVEN=1");
      expect(text(result.stdout)).not.toContain("leaked");
    });

    test("a program that is not there is told apart from one that fails", async () => {
      const outcome = await run({ ...shell(""), argv: ["no-such-program-xvc"] }).then(
        (result) => result.exitCode,
        (error: unknown) => error,
      );
      expect(outcome).toSatisfy((seen: unknown) => seen === 127 || (seen as { readonly code?: string }).code === "sandbox.setup-failed");
    });
  });
}

const nodePaths = process.execPath.startsWith("/usr/") ? [] : [process.execPath];

describe("without isolation", () => {
  bounds(runUnsandboxed);
});

test("where the probe found no sandbox, nothing is run and the reason is given", async () => {
  const sandbox = bubblewrapSandbox({ available: false, reason: "No bubblewrap.", next: "Install it." });
  await expect(sandbox.run(shell("touch ran"))).rejects.toMatchObject({
    kind: "unavailable",
    code: "sandbox.unavailable",
    message: expect.stringContaining("Install it.") as string,
  });
  expect(existsSync(path.join(work, "ran"))).toBe(false);
});

test.for(["relative", "/", "/proc/1", "/sys", "/a/../b", "/a\0b"])("refuses to mount %j", async (place) => {
  await expect(runSandboxed(shell("true", { readOnlyPaths: [place] }))).rejects.toMatchObject({ code: "sandbox.command-invalid" });
});

test("refuses limits that are none, NUL bytes and writable system folders", async () => {
  await expect(runSandboxed(shell("true", { limits: { processes: 0 } }))).rejects.toMatchObject({ code: "sandbox.command-invalid" });
  await expect(runSandboxed(shell("true\0"))).rejects.toMatchObject({ code: "sandbox.command-invalid" });
  await expect(runSandboxed(shell("true", { workDirectory: "/etc" }))).rejects.toMatchObject({ code: "sandbox.command-invalid" });
});

describe.runIf(probe.available)("in bubblewrap", () => {
  bounds(runSandboxed);

  describe("isolation", () => {
    test("no network: neither a port nor a socket of the host can be reached", async () => {
      const server = net.createServer().listen(0, "127.0.0.1");
      const link = path.join(root, "host.sock");
      const local = net.createServer().listen(link);
      await Promise.all([server, local].map((each) => new Promise((done) => each.once("listening", done))));
      await chmod(link, 0o777);
      const { port } = server.address() as net.AddressInfo;
      const script = `
        const net = require("node:net");
        for (const where of [{ port: ${port}, host: "127.0.0.1" }, { path: ${JSON.stringify(link)} }, { port: 53, host: "1.1.1.1" }])
          net.connect(where).on("connect", () => console.log("reached", where)).on("error", (error) => console.log(error.code));`;
      const result = await runSandboxed({ ...shell("", { readOnlyPaths: nodePaths }), argv: [process.execPath, "-e", script] });
      server.close();
      local.close();
      expect(text(result.stdout).trim().split("\n").toSorted()).toEqual(["ECONNREFUSED", "ENETUNREACH", "ENOENT"]);
    });

    test("no process of the host is seen or reached", async () => {
      const result = await runSandboxed(shell(`ls /proc | grep -c '^[0-9]'; kill -0 ${process.pid} 2>&1; cat /proc/1/comm`));
      const lines = text(result.stdout).trim().split("\n");
      expect(Number(lines[0])).toBeLessThan(8);
      expect(lines.at(-1)).toMatch(/bwrap|sh|setpriv|prlimit/);
      expect(text(result.stdout)).toMatch(/No such process/);
    });

    test("no file of the host is there but those named, and those read-only", async () => {
      const named = path.join(root, "named");
      await writeFile(named, "fine");
      await writeFile(path.join(root, "secret"), "host secret", { mode: 0o666 });
      const result = await runSandboxed(
        shell(`cat ${named}; echo x > ${named}; cat ${root}/secret; cat /etc/passwd; ls /root /home`, { readOnlyPaths: [named] }),
      );
      expect(text(result.stdout)).toBe("fine");
      expect(await readFile(named, "utf8")).toBe("fine");
    });

    test("writes go to the work directory when allowed, and nowhere else", async () => {
      const outside = path.join(root, "outside");
      const script = `echo kept > here; echo x > ${outside}; echo x > /usr/xvc; echo x > /xvc; echo x > /proc/sys/kernel/hostname; echo tmp > /tmp/t && cat /tmp/t`;
      expect(text((await runSandboxed(shell(script))).stdout)).toBe("tmp\n");
      expect(await readFile(path.join(work, "here"), "utf8")).toBe("kept\n");
      expect([outside, "/usr/xvc", "/xvc", "/tmp/t"].filter((file) => existsSync(file))).toEqual([]);
      const refused = await runSandboxed(shell("echo x > late", { workDirectoryAccess: "read-only" }));
      expect([refused.exitCode === 0, existsSync(path.join(work, "late"))]).toEqual([false, false]);
    });

    test("a link out of the work directory leads nowhere", async () => {
      await writeFile(path.join(root, "target"), "host", { mode: 0o666 });
      const result = await runSandboxed(shell(`ln -s ${root}/target link; cat link; echo x > link`));
      expect(text(result.stdout)).toBe("");
      expect(await readFile(path.join(root, "target"), "utf8")).toBe("host");
    });

    test("no descriptor of ours is open inside", async () => {
      const result = await runSandboxed(shell("for d in /proc/self/fd/*; do readlink $d; done", { readOnlyPaths: nodePaths }));
      const open = text(result.stdout)
        .trim()
        .split("\n")
        .filter((line) => line !== "" && line !== "/dev/null" && !line.startsWith("/proc/"));
      // stdin, stdout, stderr; a pipe of the loop itself.
      expect(open.filter((line) => !/^(?:socket|pipe):/.test(line))).toEqual([]);
      expect(open.length).toBeLessThanOrEqual(4);
    });

    test("no privilege can be gained and no namespace made", async () => {
      const result = await runSandboxed(
        shell(
          "grep -E 'NoNewPrivs|^Seccomp:' /proc/self/status; unshare --user true; unshare --mount true; mount -t tmpfs none /tmp; id -u",
        ),
      );
      expect(text(result.stdout)).toMatch(/NoNewPrivs:\s+1/);
      expect(text(result.stdout)).toMatch(/Seccomp:\s+2/);
      expect(text(result.stderr).match(/not permitted|must be superuser|denied/gi)?.length).toBeGreaterThanOrEqual(3);
      expect(text(result.stdout).trim().split("\n").at(-1)).not.toBe("0");
    });

    test("a fork bomb is held and leaves nothing behind", async () => {
      const mark = `${70_000 + runs}.${process.pid}`;
      const result = await runSandboxed(
        shell(`i=0; while [ $i -lt 400 ]; do sleep ${mark} & i=$((i+1)); done; wait`, { limits: { processes: 30, timeoutMs: 5_000 } }),
      );
      expect(text(result.stderr)).toMatch(/fork/i);
      const bomb = await runSandboxed(
        shell(`b() { b ${mark} | b ${mark} & }; b; sleep ${mark}`, { limits: { processes: 30, timeoutMs: 1_000 } }),
      );
      expect(bomb.durationMs).toBeLessThan(6_000);
      await expect.poll(() => processesWith(mark), { timeout: 5_000 }).toBe(0);
    });

    test("a huge write ends at the limit, also in memory-backed folders", async () => {
      const limits = { fileBytes: 1_000_000 };
      const result = await runSandboxed(shell("head -c 5000000 /dev/zero > big; wc -c < big", { limits }));
      expect(Number(text(result.stdout).trim().split("\n").at(-1))).toBeLessThanOrEqual(1_000_000);
      const many = await runSandboxed(
        shell("i=0; while [ $i -lt 40 ]; do head -c 10000000 /dev/zero > /tmp/$i || break; i=$((i+1)); done; df -k /tmp | tail -1"),
      );
      expect(text(many.stderr)).toMatch(/No space left/);
    });

    test("memory of one process is bounded", async () => {
      const hold = (bytes: number) =>
        runSandboxed(shell(`head -c ${bytes} /dev/zero | tail | wc -c`, { limits: { memoryBytes: 200_000_000 } }));
      expect(text((await hold(20_000_000)).stdout).trim()).toBe("20000000");
      expect(text((await hold(400_000_000)).stdout).trim()).not.toBe("400000000");
    });

    test("Node runs within the default limits", async () => {
      const command = {
        ...shell("", { readOnlyPaths: nodePaths }),
        argv: [process.execPath, "-e", "console.log(process.version)"] as const,
      };
      expect(text((await runSandboxed(command)).stdout).trim()).toBe(process.version);
    });

    test("endless work ends at its CPU seconds", async () => {
      const result = await runSandboxed(shell("while :; do :; done", { limits: { cpuSeconds: 1 } }));
      expect([result.timedOut, result.exitCode === 0]).toEqual([false, false]);
    });

    test("a mount that is not there is a failure of the sandbox, not of the command", async () => {
      await expect(runSandboxed(shell("true", { readOnlyPaths: [path.join(root, "absent")] }))).rejects.toMatchObject({
        kind: "unavailable",
        code: "sandbox.setup-failed",
      });
    });
  });
});
