import { randomUUID } from "node:crypto";
import { link, lstat, mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../core/shared/failure.ts";
import type { CliFiles, CliStreams } from "../surfaces/cli/cli-dependencies.ts";

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | null)?.code ?? "";

/** The process' own streams. A reader that went away (`| head`) ends the output, not with an error. */
export function processStreams(): CliStreams {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stdout.isTTY,
    async readInput(maxBytes) {
      const parts: Buffer[] = [];
      let bytes = 0;
      for await (const part of process.stdin as AsyncIterable<Buffer>) {
        bytes += part.byteLength;
        if (bytes > maxBytes) throw tooLarge("standard input", maxBytes);
        parts.push(part);
      }
      return Buffer.concat(parts).toString("utf8");
    },
  };
}

const tooLarge = (name: string, maxBytes: number): Failure =>
  new Failure("invalid", "file.too-large", { message: `${name} is larger than ${Math.round(maxBytes / 1024 / 1024)} MB.` });

const absent = new Set(["ENOENT", "ENOTDIR", "ENAMETOOLONG"]);

function readFailure(shown: string, cause: unknown): Failure {
  if (absent.has(codeOf(cause))) return new Failure("not-found", "file.not-found", { message: `There is no file ${shown}.` }, { cause });
  return new Failure("invalid", "file.not-readable", { message: `${shown} cannot be read (${codeOf(cause)}).` }, { cause });
}

/** Folders are looked into this deep. */
const maxDepth = 8;

async function filesUnder(folder: string, inside: string, most: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(path.join(folder, inside), { withFileTypes: true })) {
    const name = inside === "" ? entry.name : `${inside}/${entry.name}`;
    if (entry.isFile()) found.push(name);
    else if (entry.isDirectory() && name.split("/").length < maxDepth) found.push(...(await filesUnder(folder, name, most - found.length)));
    if (found.length > most)
      throw new Failure("invalid", "file.too-many", {
        message: `${folder.slice(0, 200)} holds too many files; name a folder inside of it.`,
      });
  }
  return found;
}

/** Files of the person who types, within stated bounds. */
export const diskFiles: CliFiles = {
  absolute: (given) => path.resolve(given),
  async read(given, maxBytes) {
    const shown = given.slice(0, 200);
    if (given === "" || given.includes("\0"))
      throw new Failure("invalid", "file.name-invalid", { message: "A file name is missing or not possible." });
    try {
      const handle = await open(given, "r");
      try {
        const about = await handle.stat();
        if (!about.isFile()) throw new Failure("invalid", "file.not-a-file", { message: `${shown} is no file.` });
        if (about.size > maxBytes) throw tooLarge(shown, maxBytes);
        return await handle.readFile();
      } finally {
        await handle.close();
      }
    } catch (cause) {
      throw cause instanceof Failure ? cause : readFailure(shown, cause);
    }
  },
  async list(given, most) {
    try {
      if (given === "-" || !(await stat(given)).isDirectory()) return null;
      return (await filesUnder(given, "", most)).toSorted();
    } catch (cause) {
      throw cause instanceof Failure ? cause : readFailure(given.slice(0, 200), cause);
    }
  },
  async prepareDirectory(given) {
    const shown = given.slice(0, 200);
    if (given.trim() === "" || /\p{Cc}/u.test(given))
      throw new Failure("invalid", "file.name-invalid", { message: "The name of the directory is empty or has control characters." });
    try {
      await mkdir(given, { recursive: true });
      if (!(await stat(given)).isDirectory())
        throw new Failure("invalid", "file.not-a-directory", { message: `${shown} is no directory.` });
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      throw new Failure(
        "invalid",
        "file.not-a-directory",
        { message: `${shown} is no directory and cannot become one (${codeOf(cause)}).` },
        { cause },
      );
    }
  },
  async write(directory, name, { bytes, replace }) {
    const target = path.join(path.resolve(directory), name);
    const temporary = path.join(path.resolve(directory), `.${randomUUID()}.part`);
    const there = await lstat(target).catch(() => undefined);
    if (there !== undefined && !replace) throw exists(target);
    await writeFile(temporary, bytes, { flag: "wx" });
    try {
      // A rename replaces a link itself and never what it points to; a link refuses an existing name.
      await (replace ? rename(temporary, target) : link(temporary, target));
    } catch (cause) {
      if (codeOf(cause) === "EEXIST") throw exists(target);
      throw cause;
    } finally {
      await rm(temporary, { force: true });
    }
    return target;
  },
};

const exists = (target: string): Failure =>
  new Failure("conflict", "file.exists", { message: `${target} exists already; --yes replaces it.` });
