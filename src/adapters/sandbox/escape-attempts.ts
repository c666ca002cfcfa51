/**
 * The program the probe runs inside: it tries to get out and prints, as JSON, what it reached. Kept as text because it runs
 * in another process, with the same Node, without our sources in sight. Words: loopback port, unix socket, a host file to
 * read, a host file to write, the parent's process id.
 */
export const escapeAttempts = String.raw`
const fs = require("node:fs"), net = require("node:net"), { spawnSync } = require("node:child_process");
const [port, socket, secret, target, parent] = process.argv.slice(1);
const reached = (attempt) => { try { return attempt(); } catch { return false; } };
const connects = (where) => new Promise((done) => {
  const link = net.connect(where);
  link.setTimeout(1000, () => { link.destroy(); done(false); });
  link.on("connect", () => { link.destroy(); done(true); });
  link.on("error", () => done(false));
});
const status = fs.readFileSync("/proc/self/status", "latin1");
const value = (name) => (status.match(new RegExp("^" + name + ":\\s*(\\S+)", "m")) ?? [])[1];
(async () => {
  const escapes = {
    "connect to a port of the host": await connects({ host: "127.0.0.1", port: Number(port) }),
    "connect to a socket of the host": await connects({ path: socket }),
    "reach the metadata address": await connects({ host: "169.254.169.254", port: 80 }),
    "read a file of the host": reached(() => fs.readFileSync(secret).length > 0),
    "write a file of the host": reached(() => { fs.writeFileSync(target, "x"); return true; }),
    "write to the system's programs": reached(() => { fs.mkdirSync("/usr/xvc-probe"); fs.rmdirSync("/usr/xvc-probe"); return true; }),
    "change a kernel setting": reached(() => { fs.writeFileSync("/proc/sys/kernel/core_pattern", fs.readFileSync("/proc/sys/kernel/core_pattern")); return true; }),
    "see a process of the host": reached(() => fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name)).length > 20),
    "signal a process of the host": Number(parent) > 40 && reached(() => process.kill(Number(parent), 0)),
    "inherit the environment": "XVC_PROBE_SECRET" in process.env,
    "gain privileges": value("NoNewPrivs") !== "1",
    "make a user namespace": spawnSync("unshare", ["--user", "true"]).status === 0,
  };
  process.stdout.write(JSON.stringify({ escapes, seccomp: value("Seccomp") === "2", processes: (fs.readFileSync("/proc/self/limits", "latin1").match(/Max processes\s+(\d+)/) ?? [])[1] }));
})();
`;
