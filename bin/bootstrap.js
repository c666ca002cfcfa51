"use strict";
/*
 * What has to happen before a line of TypeScript can run: the packages are there, and the Node that runs us is the pinned one.
 * Plain CommonJS in old syntax, because the Node on the PATH may be one that cannot read the rest of this repository.
 */
const childProcess = require("child_process");
const crypto = require("crypto");
const fs = require("fs");
const os = require("os");
const path = require("path");
const url = require("url");

const root = path.resolve(__dirname, "..");
const oldestNode = 18;
const pinnedMajor = 24;
const exitConfiguration = 78;
const lockPollMs = 200;
const lockWaitMs = 15 * 60 * 1000;

/** A clone installs its own packages and runs the sources; a published package was installed by npm and runs what was built. */
function isClone() {
  return fs.existsSync(path.join(root, "src")) && !root.split(path.sep).includes("node_modules");
}

/** Says what is wrong, why and what to do, then ends with the exit code for a configuration problem. */
function stop(lines) {
  process.stderr.write(lines.map((line) => "xvc: " + line + "\n").join(""));
  process.exit(exitConfiguration);
}

function majorOf(version) {
  return Number(version.replace(/^v/, "").split(".")[0]);
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    // Absent, half written or not JSON: for every file read here that means the same, it says nothing.
    return null;
  }
}

function lockHash() {
  return crypto
    .createHash("sha256")
    .update(fs.readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
}

/** True when npm's own record of node_modules agrees with the lock file, so a hand-made `npm ci` is not repeated. */
function installedMatchesLock() {
  const wanted = readJson(path.join(root, "package-lock.json"));
  const found = readJson(path.join(root, "node_modules", ".package-lock.json"));
  if (!wanted || !found || !wanted.packages || !found.packages) return false;
  return Object.keys(wanted.packages).every((name) => {
    if (name === "") return true;
    const want = wanted.packages[name];
    const have = found.packages[name];
    if (!have) return Boolean(want.optional || want.peer);
    return have.version === want.version && have.integrity === want.integrity;
  });
}

function stampFile() {
  return path.join(root, "node_modules", ".xvc-install.json");
}

function isInstalled() {
  const stamp = readJson(stampFile());
  if (stamp && stamp.lockSha256 === lockHash()) return true;
  if (!installedMatchesLock()) return false;
  try {
    writeStamp();
  } catch {
    // A read-only checkout keeps no stamp; the comparison above is repeated at the next start, and that is all.
  }
  return true;
}

function writeStamp() {
  fs.writeFileSync(stampFile(), JSON.stringify({ lockSha256: lockHash() }) + "\n");
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/**
 * One installation at a time. The lock lies beside node_modules, not inside: `npm ci` deletes that directory.
 * @returns false when somebody else finished the installation while we waited
 */
function takeInstallLock(lock) {
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  const deadline = Date.now() + lockWaitMs;
  let told = false;
  for (;;) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
      return true;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = Number(readText(lock));
    if (holder > 0 && !isAlive(holder)) {
      // Renaming first lets exactly one of several waiters remove the lock of a dead installer.
      releaseDeadLock(lock);
      continue;
    }
    if (Date.now() > deadline) {
      stop([
        "another installation (process " + holder + ") has not finished in 15 minutes",
        "if it is not running any more, delete " + lock,
      ]);
    }
    if (!told) process.stderr.write("xvc: waiting for the installation that process " + holder + " is doing\n");
    told = true;
    sleep(lockPollMs);
    if (!fs.existsSync(lock) && isInstalled()) return false;
  }
}

function releaseDeadLock(lock) {
  const aside = lock + "." + process.pid;
  try {
    fs.renameSync(lock, aside);
    fs.unlinkSync(aside);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}

function readText(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function runNpm() {
  process.stderr.write("xvc: installing packages (once per version; about 900 MB on disk)\n");
  const beside = path.join(path.dirname(process.execPath), "npm");
  const commands = fs.existsSync(beside) ? ["npm", beside] : ["npm"];
  for (const command of commands) {
    const result = childProcess.spawnSync(command, ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund"], {
      cwd: root,
      stdio: ["ignore", 2, 2],
    });
    if (result.error && result.error.code === "ENOENT") continue;
    if (result.error) return result.error.message;
    if (result.signal) return "npm ci was ended by " + result.signal;
    return result.status === 0 ? null : "npm ci ended with exit code " + result.status;
  }
  return "npm was not found on the PATH";
}

/** Through a link, npm would empty or change the packages of another checkout, and files would lie outside of this one. */
function refuseLinkedPackages() {
  const packages = path.join(root, "node_modules");
  const found = fs.lstatSync(packages, { throwIfNoEntry: false });
  if (!found || !found.isSymbolicLink()) return;
  stop([
    packages + " is a symbolic link, and the packages of a checkout lie in it",
    "through the link an installation would change what another checkout runs",
    "remove the link (rm " + packages + "), then start again: the packages are installed here",
  ]);
}

/** Makes node_modules agree with package-lock.json, or ends the process with a message. */
function ensureInstalled() {
  if (process.env.XVC_NO_INSTALL === "1") return;
  refuseLinkedPackages();
  if (isInstalled()) return;
  const lock = path.join(root, ".cache", "install.lock");
  try {
    fs.accessSync(root, fs.constants.W_OK);
    if (!takeInstallLock(lock)) return;
  } catch (error) {
    stop([
      "the packages in " + path.join(root, "node_modules") + " are missing or older than package-lock.json, and they cannot be installed",
      "this user may not write to " + root + " (" + (error.code || error.message) + ")",
      "run `npm ci` there once as its owner, or clone the repository to a directory of your own",
    ]);
  }
  const problem = installUnderLock(lock);
  if (problem) stop(["the packages could not be installed: " + problem, "mend what npm says above, then start again"]);
}

/** Null, or what went wrong. The lock is gone either way; `stop` ends the process without running a `finally`, so it stays outside. */
function installUnderLock(lock) {
  try {
    if (isInstalled()) return null;
    const problem = runNpm();
    if (!problem) writeStamp();
    return problem;
  } catch (error) {
    return error.message;
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

/** The Node binary that came with our packages, or null where none exists for this platform. */
function pinnedNode() {
  const name = "node-" + process.platform + "-" + process.arch;
  try {
    const file = path.join(path.dirname(require.resolve(name + "/package.json", { paths: [root] })), "bin", "node");
    return { file: file, version: require(name + "/package.json").version };
  } catch {
    return null;
  }
}

/** Where compiled code is kept between starts; only ever a directory of this user, since code is loaded from it. */
function compileCacheDirectory() {
  if (process.env.NODE_COMPILE_CACHE) return process.env.NODE_COMPILE_CACHE;
  if (process.env.XVC_HOME) return path.join(path.resolve(process.env.XVC_HOME), "cache", "compile");
  const caches = process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
  return path.join(caches, "xvc", "compile");
}

/** Terminal keys reach the whole process group by themselves; what only one process was sent has to be passed on. */
function forwardSignals(child) {
  const atTerminal = Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);
  ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR2"].forEach((signal) => {
    const fromKeyboard = signal === "SIGINT" || signal === "SIGQUIT";
    process.on(signal, () => {
      if (!(fromKeyboard && atTerminal)) child.kill(signal);
    });
  });
}

/**
 * Memory that a burst of work needed goes back to the system: few allocation arenas, a low trim threshold, a small young
 * generation. After an assessment the process keeps 0.2 GB instead of 0.4 GB (bench footprint).
 */
const frugal = {
  flags: ["--max-semi-space-size=8"],
  env: { MALLOC_ARENA_MAX: "2", MALLOC_TRIM_THRESHOLD_: "131072" },
};

function spawnNode(node, entry, args) {
  const child = childProcess.spawn(node, ["--disable-warning=DeprecationWarning"].concat(frugal.flags, entry, args), {
    stdio: "inherit",
    env: Object.assign({}, frugal.env, process.env, { NODE_COMPILE_CACHE: compileCacheDirectory() }),
  });
  forwardSignals(child);
  child.on("error", (error) => {
    stop([
      "the pinned Node could not be started: " + error.message,
      "it needs glibc; on other systems put Node " + pinnedMajor + " or newer on the PATH",
    ]);
  });
  child.on("exit", (code, signal) => {
    if (!signal) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function runHere(entry) {
  const cache = require("module").enableCompileCache;
  if (cache) cache(compileCacheDirectory());
  process.argv[1] = entry;
  import(url.pathToFileURL(entry).href).catch((error) => {
    process.stderr.write(String((error && error.stack) || error) + "\n");
    process.exitCode = 70;
  });
}

/**
 * Runs a module of this package under the pinned Node. It must do its work on import: it is either the process's own
 * entry or imported by this one.
 */
function start(entry, args) {
  if (majorOf(process.version) < oldestNode) {
    stop(["Node " + process.version + " is too old to install the packages", "put Node 20.20 or newer on the PATH"]);
  }
  if (isClone()) ensureInstalled();
  const pinned = pinnedNode();
  if (!fs.existsSync(entry)) stop(["this installation has no " + path.relative(root, entry), "it is incomplete: install it again"]);
  if (pinned && process.version !== "v" + pinned.version) return spawnNode(pinned.file, entry, args);
  if (majorOf(process.version) >= pinnedMajor) return runHere(entry);
  stop([
    "there is no bundled Node for " + process.platform + "-" + process.arch + ", and " + process.version + " is too old to run xvc",
    "put Node " + pinnedMajor + " or newer on the PATH",
  ]);
}

module.exports = { root: root, isClone: isClone, start: start, stop: stop };
