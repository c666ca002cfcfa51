import {
  repositoryLimits,
  type DependencyFacts,
  type DocumentationFacts,
  type DuplicationFacts,
  type FileFact,
  type FunctionFacts,
  type InventoryFacts,
  type ModuleFacts,
  type SecretFacts,
  type SkippedFact,
  type TestFacts,
  type TrackedFileFact,
} from "../../core/shared/repository-facts.ts";
import { joinDependencies } from "./dependency-facts.ts";
import type { ReaderFacts, ReaderName } from "./file-reader.ts";
import { findClones } from "./find-clones.ts";
import { goUnit } from "./resolve-go.ts";
import { parsedLanguages } from "./grammars.ts";
import { isManifestFile } from "./manifest-reader.ts";
import type { ManifestFileFacts } from "./manifest-file.ts";
import { readFiles, type ReadResult } from "./read-files.ts";
import { folderOf } from "./resolution.ts";
import { resolveImports } from "./resolve-imports.ts";
import { secretRules } from "./secret-reader.ts";
import { joinTests, isTestEvidence } from "./test-facts.ts";
import { walkTree, type TreeEntry, type TreeListing } from "./tree-walk.ts";

/** A tree on disk. `tracked` is what git says belongs to it; null for a plain folder. */
export interface TreeSource {
  readonly directory: string;
  readonly tracked: readonly TrackedFileFact[] | null;
}

const noLines = { total: 0, code: 0, comment: 0, blank: 0 };

function listTree(source: TreeSource, signal: AbortSignal): Promise<TreeListing> {
  return walkTree(source.directory, { limits: repositoryLimits, skipToolFolders: source.tracked === null, signal });
}

/** Every file of the tree with language, role, size and lines. */
export async function readInventory(source: TreeSource, signal: AbortSignal): Promise<InventoryFacts> {
  const listing = await listTree(source, signal);
  const { facts, skipped } = await read("inventory", listing.entries, signal);
  const known = new Set(facts.map((file) => file.path));
  const unread = listing.entries.filter((entry) => !known.has(entry.path)).map((entry) => unreadFile(entry));
  const onDisk = new Set(listing.entries.map((entry) => entry.path));
  const absent = (source.tracked ?? [])
    .filter((entry) => !onDisk.has(entry.path))
    .slice(0, listing.truncated ? 0 : repositoryLimits.maxFiles);
  const files = [...facts, ...unread, ...absent.map(absentFile)];
  files.sort((left, right) => (left.path < right.path ? -1 : 1));
  return { files, skipped: [...listing.skipped, ...skipped], truncated: listing.truncated };
}

function unreadFile(entry: TreeEntry): FileFact {
  const content = entry.kind === "symlink" ? "symlink" : entry.bytes > repositoryLimits.maxFileBytes ? "too-large" : "unreadable";
  return {
    path: entry.path,
    content,
    language: null,
    role: "other",
    bytes: entry.bytes,
    lines: noLines,
    generated: false,
    vendored: false,
  };
}

function absentFile(entry: TrackedFileFact): FileFact {
  return {
    path: entry.path,
    content: entry.kind === "file" ? "missing" : entry.kind,
    language: null,
    role: "other",
    bytes: entry.bytes ?? 0,
    lines: noLines,
    generated: false,
    vendored: false,
  };
}

/** The imports of every own source file, resolved within the tree. */
export async function readModules(source: TreeSource, files: readonly FileFact[], signal: AbortSignal): Promise<ModuleFacts> {
  const listing = await listTree(source, signal);
  const wanted = parsed(files);
  const { facts, skipped } = await read("syntax", among(listing, wanted), signal);
  const manifests = await readManifests(listing, files, signal);
  const paths = new Set(files.filter((file) => file.content === "text").map((file) => file.path));
  const scripts = {
    packages: manifests.facts.flatMap((file) => file.scripts.packages),
    aliases: manifests.facts.flatMap((file) => file.scripts.aliases),
  };
  const goModules = manifests.facts.flatMap((file) =>
    file.goModule === null ? [] : [{ folder: folderOf(file.path), name: file.goModule }],
  );
  const imports = resolveImports(facts, { paths, scripts, goModules });
  const modules = facts.map(({ path, language }) => ({ path, language, unit: language === "Go" ? goUnit(folderOf(path)) : path }));
  return { modules, imports, skipped: [...skipped, ...manifests.skipped] };
}

/** The functions of every own source file with their figures. */
export async function readFunctions(source: TreeSource, files: readonly FileFact[], signal: AbortSignal): Promise<FunctionFacts> {
  const listing = await listTree(source, signal);
  const { facts, skipped } = await read("syntax", among(listing, parsed(files)), signal);
  return { functions: facts.flatMap((file) => file.functions), parsedFiles: facts.length, skipped };
}

/** Code that stands more than once in the own source files. */
export async function readDuplication(source: TreeSource, files: readonly FileFact[], signal: AbortSignal): Promise<DuplicationFacts> {
  const listing = await listTree(source, signal);
  const wanted = files.filter((file) => own(file) && (file.role === "source" || file.role === "test"));
  const { facts, skipped } = await read("code-lines", among(listing, wanted), signal);
  const { clones, marked, truncated } = await findClones(facts, signal);
  const duplicatedLines = facts.flatMap((file, index) => {
    const lines = marked[index]?.size ?? 0;
    return lines === 0 ? [] : [{ file: file.path, lines, codeLines: file.lines.length }];
  });
  return {
    clones,
    duplicatedLines,
    scannedFiles: facts.length,
    scannedLines: facts.reduce((sum, file) => sum + file.lines.length, 0),
    truncated,
    skipped,
  };
}

/** Manifests, lock files and licence files of the tree, vendored folders left out. */
export async function readDependencies(source: TreeSource, files: readonly FileFact[], signal: AbortSignal): Promise<DependencyFacts> {
  const { facts, skipped } = await readManifests(await listTree(source, signal), files, signal);
  return joinDependencies(facts, skipped);
}

/** Credentials in any text file that is neither vendored nor a lock file. */
export async function readSecretFacts(source: TreeSource, files: readonly FileFact[], signal: AbortSignal): Promise<SecretFacts> {
  const listing = await listTree(source, signal);
  const wanted = files.filter((file) => file.content === "text" && !file.vendored && !(file.generated && file.role === "configuration"));
  const { facts, skipped } = await read("secrets", among(listing, wanted), signal);
  return { secrets: facts.flat(), scannedFiles: facts.length, rules: secretRules, skipped };
}

/** Test files, frameworks, and every place that runs tests. */
export async function readTests(source: TreeSource, files: readonly FileFact[], signal: AbortSignal): Promise<TestFacts> {
  const listing = await listTree(source, signal);
  const wanted = files.filter((file) => file.content === "text" && !file.vendored && isTestEvidence(file));
  const { facts, skipped } = await read("tests", among(listing, wanted), signal);
  const manifests = await readManifests(listing, files, signal);
  return joinTests({ files: wanted, facts, manifests: manifests.facts, skipped: [...skipped, ...manifests.skipped] });
}

/** Markdown documents with links and shell lines, and the names those lines may use. */
export async function readDocumentation(source: TreeSource, files: readonly FileFact[], signal: AbortSignal): Promise<DocumentationFacts> {
  const listing = await listTree(source, signal);
  const wanted = files.filter((file) => file.content === "text" && file.language === "Markdown" && !file.vendored);
  const { facts, skipped } = await read("documents", among(listing, wanted), signal);
  const manifests = await readManifests(listing, files, signal);
  return { documents: facts, runnables: manifests.facts.flatMap((file) => file.runnables), skipped: [...skipped, ...manifests.skipped] };
}

function readManifests(
  listing: TreeListing,
  files: readonly FileFact[],
  signal: AbortSignal,
): Promise<ReadResult<"manifests"> & { readonly facts: readonly ManifestFileFacts[] }> {
  const wanted = files.filter((file) => file.content === "text" && !file.vendored && isManifestFile(file.path));
  return read("manifests", among(listing, wanted), signal);
}

function read<Name extends ReaderName>(
  reader: Name,
  entries: readonly TreeEntry[],
  signal: AbortSignal,
): Promise<{ readonly facts: readonly ReaderFacts[Name][]; readonly skipped: readonly SkippedFact[] }> {
  const files = entries.filter((entry) => entry.kind === "file");
  const maxBytes = countsOnly.has(reader) ? repositoryLimits.maxFileBytes : repositoryLimits.maxParseBytes;
  return readFiles({ reader, files, maxBytes, maxFileMs: repositoryLimits.maxFileMs, signal });
}

/** Readers whose work is one plain pass take larger files than parsers and scanners do. */
const countsOnly: ReadonlySet<ReaderName> = new Set(["inventory", "code-lines", "manifests"]);

function own(file: FileFact): boolean {
  return file.content === "text" && !file.generated && !file.vendored;
}

function parsed(files: readonly FileFact[]): readonly FileFact[] {
  return files.filter((file) => own(file) && parsedLanguages.some((language) => language === file.language));
}

function among(listing: TreeListing, files: readonly FileFact[]): readonly TreeEntry[] {
  const wanted = new Set(files.map((file) => file.path));
  return listing.entries.filter((entry) => wanted.has(entry.path));
}
