import { open, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { Failure } from "../core/shared/failure.ts";

/** A file of settings as it was read: flat names and plain values. */
export interface SettingsFile {
  readonly kind: "project" | "user";
  readonly path: string;
  readonly values: ReadonlyMap<string, unknown>;
}

const maxFileBytes = 64 * 1024;
/** Directories looked at on the way up. */
const maxLevels = 64;

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  ); // absent or not to be reached: not there for us

/** The project's file, if there is one, then the user's. */
export async function findSettingsFiles(
  environment: NodeJS.ProcessEnv,
  directory: string,
): Promise<readonly Omit<SettingsFile, "values">[]> {
  const project = await projectFile(directory);
  const user = userFile(environment);
  return [
    ...(project === undefined ? [] : [{ kind: "project" as const, path: project }]),
    ...((await exists(user)) ? [{ kind: "user" as const, path: user }] : []),
  ];
}

/** The nearest `xvc.yaml` from a directory up to the root of its git repository; outside of one only the directory's own. */
async function projectFile(directory: string): Promise<string | undefined> {
  let nearest: string | undefined;
  let current = path.resolve(directory);
  const own = path.join(current, "xvc.yaml");
  for (let level = 0; level < maxLevels; level += 1) {
    const file = path.join(current, "xvc.yaml");
    if (nearest === undefined && (await exists(file))) nearest = file;
    if (await exists(path.join(current, ".git"))) return nearest;
    const parent = path.dirname(current);
    if (parent === current) break;
    current = parent;
  }
  return nearest === own ? own : undefined;
}

function userFile(environment: NodeJS.ProcessEnv): string {
  const given = environment["XDG_CONFIG_HOME"];
  // A relative XDG path must be ignored. Source: XDG Base Directory Specification.
  const base = given !== undefined && path.isAbsolute(given) ? given : path.join(environment["HOME"] || homedir(), ".config");
  return path.join(base, "xvc", "config.yaml");
}

/** @throws {Failure} `settings.file-invalid` */
export async function readSettingsFile(found: Omit<SettingsFile, "values">): Promise<SettingsFile> {
  const text = await readText(found.path);
  const { parseDocument } = await import("yaml");
  // The core schema alone, no tags of ours, no aliases: a text becomes plain values and nothing else.
  const document = parseDocument(text, {
    schema: "core",
    strict: true,
    uniqueKeys: true,
    customTags: null,
    merge: false,
    logLevel: "silent",
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw invalid(found.path, problem.message.split("\n")[0] ?? "");
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw invalid(found.path, "aliases are not taken", cause);
  }
  if (value === null || value === undefined) return { ...found, values: new Map() };
  if (typeof value !== "object" || Array.isArray(value)) throw invalid(found.path, "it is a list or a single value, not names with values");
  return { ...found, values: new Map(Object.entries(value)) };
}

async function readText(file: string): Promise<string> {
  try {
    const handle = await open(file, "r");
    try {
      const about = await handle.stat();
      if (!about.isFile()) throw invalid(file, "it is no file");
      if (about.size > maxFileBytes) throw invalid(file, "it is larger than 64 kB");
      return await handle.readFile("utf8");
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw cause instanceof Failure ? cause : invalid(file, "it cannot be read", cause);
  }
}

const invalid = (file: string, why: string, cause?: unknown): Failure =>
  new Failure(
    "invalid",
    "settings.file-invalid",
    { message: `The settings in ${file} are not usable: ${why.slice(0, 300)}.` },
    cause === undefined ? {} : { cause },
  );
