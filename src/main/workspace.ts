import { createHash, randomUUID } from "node:crypto";
import { link, copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { openFolder } from "../adapters/git/open-folder.ts";
import { openRepository } from "../adapters/git/open-repository.ts";
import type { GitHost } from "../adapters/git/git-command.ts";
import { Failure } from "../core/shared/failure.ts";
import type { RequestInput } from "../core/requests/request.ts";
import type { LocatedInput } from "../engine/ports/analyser.ts";
import type { ContentStore } from "../engine/ports/content.ts";
import type { Workspace } from "../engine/ports/workspace.ts";

/** Laid-out inputs kept at most; the longest unused ones go first. */
const maxLaidOut = 8;

/**
 * Lays inputs out below the cache directory, once per content: the folder's name is the hash of the input's
 * artifacts, and it appears by rename when it is complete, so that a killed process leaves nothing half-done.
 */
export function fileWorkspace(options: {
  readonly cacheDirectory: string;
  readonly content: ContentStore;
  readonly git: GitHost;
}): Workspace {
  const inputsDirectory = path.join(options.cacheDirectory, "inputs");
  const scratchDirectory = path.join(options.cacheDirectory, "scratch");
  const underway = new Map<string, Promise<LocatedInput>>();
  const locateOne = async (input: RequestInput, signal: AbortSignal): Promise<LocatedInput> => {
    const key = keyOf(input);
    const known = underway.get(key);
    if (known !== undefined) return known;
    const laying = layOut({ ...options, inputsDirectory }, input, signal).finally(() => underway.delete(key));
    underway.set(key, laying);
    return laying;
  };
  return {
    async locate(inputs, signal) {
      const entries: (readonly [string, LocatedInput])[] = [];
      for (const input of inputs) entries.push([input.name, await locateOne(input, signal)]);
      return Object.fromEntries(entries);
    },
    async scratch() {
      await mkdir(scratchDirectory, { recursive: true, mode: 0o700 });
      const made = await mkdtemp(path.join(scratchDirectory, "s-"));
      return { path: made, remove: () => rm(made, { recursive: true, force: true }) };
    },
  };
}

interface Places {
  readonly inputsDirectory: string;
  readonly content: ContentStore;
  readonly git: GitHost;
}

const keyOf = (input: RequestInput): string =>
  createHash("sha256")
    .update(JSON.stringify([input.kind, input.name, input.origin, input.artifacts.map((artifact) => [artifact.name, artifact.sha256])]))
    .digest("hex")
    .slice(0, 40);

async function layOut(places: Places, input: RequestInput, signal: AbortSignal): Promise<LocatedInput> {
  const key = keyOf(input);
  const ready = path.join(places.inputsDirectory, key);
  const located = path.join(ready, "located.json");
  if (await exists(located)) {
    await utimes(ready, new Date(), new Date());
    return JSON.parse(await readFile(located, "utf8")) as LocatedInput; // written below under the same key
  }
  await mkdir(places.inputsDirectory, { recursive: true, mode: 0o700 });
  const making = path.join(places.inputsDirectory, `making-${randomUUID()}`);
  await mkdir(making, { mode: 0o700 });
  try {
    const result = rebased(await lay(places, input, { making, signal }), making, ready);
    await writeFile(path.join(making, "located.json"), JSON.stringify(result));
    await rename(making, ready).catch(async (error: unknown) => {
      // Another process was faster: its folder holds the same content.
      if (!(await exists(located))) throw error;
      await rm(making, { recursive: true, force: true });
    });
    await forgetOldest(places.inputsDirectory, key);
    return result;
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    throw error;
  }
}

async function lay(
  places: Places,
  input: RequestInput,
  { making, signal }: { readonly making: string; readonly signal: AbortSignal },
): Promise<LocatedInput> {
  const captured = path.join(making, "captured");
  await mkdir(captured);
  for (const artifact of input.artifacts)
    await place(await places.content.locate(artifact.sha256), path.join(captured, path.basename(artifact.name)));
  if (input.kind === "git-repository") {
    const opened = await openRepository(places.git, captured, { scratchDirectory: making, signal });
    return { kind: "git-repository", name: shownName(input), ...opened };
  }
  const [first] = input.artifacts;
  if (input.kind === "folder") {
    const treeDirectory = path.join(making, "tree");
    await mkdir(treeDirectory);
    if (first !== undefined) await openFolder(path.join(captured, path.basename(first.name)), treeDirectory, { signal });
    return { kind: "folder", name: shownName(input), treeDirectory };
  }
  if (first === undefined) throw new Failure("invalid", "workspace.input-damaged", { message: `Input ${input.name} has no content.` });
  return { kind: "file", name: input.name, path: path.join(captured, path.basename(first.name)) };
}

/** What people call the input: the last part of where it came from. */
const shownName = (input: RequestInput): string => path.basename(input.origin.replace(/[/\\]+$/u, "")) || input.name;

/** Paths of a finished layout point to where it ends up. */
function rebased(located: LocatedInput, from: string, to: string): LocatedInput {
  const moved = (place: string): string => path.join(to, path.relative(from, place));
  if (located.kind === "git-repository")
    return { ...located, treeDirectory: moved(located.treeDirectory), gitDirectory: moved(located.gitDirectory) };
  return located.kind === "folder"
    ? { ...located, treeDirectory: moved(located.treeDirectory) }
    : { ...located, path: moved(located.path) };
}

/** A link where the file system allows it: content is never edited, so sharing is safe. */
async function place(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}

async function forgetOldest(directory: string, keep: string): Promise<void> {
  const entries = await Promise.all(
    (await readdir(directory))
      .filter((name) => name !== keep && !name.startsWith("making-"))
      .map(async (name) => ({ name, usedAtMs: (await stat(path.join(directory, name)).catch(() => null))?.mtimeMs ?? 0 })),
  );
  const old = entries.sort((left, right) => right.usedAtMs - left.usedAtMs).slice(maxLaidOut - 1);
  // Only what nobody has used for an hour: an attempt takes ten minutes at most.
  for (const entry of old)
    if (Date.now() - entry.usedAtMs > 3_600_000) await rm(path.join(directory, entry.name), { recursive: true, force: true });
}

async function exists(place: string): Promise<boolean> {
  return stat(place).then(
    () => true,
    () => false,
  );
}
