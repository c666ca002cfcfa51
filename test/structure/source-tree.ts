import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "../..");

export interface SourceFile {
  /** Relative to the repository, with `/`. */
  readonly file: string;
  readonly text: string;
}

const notOurs = new Set(["node_modules", "dist", "coverage", ".git", ".cache", "fixtures"]);

/** Every file below `folder` whose name matches, generated and foreign ones left out, sorted. A missing folder has none. */
export function filesUnder(folder: string, matches: RegExp, base = root): readonly string[] {
  const absolute = path.join(base, folder);
  let entries;
  try {
    entries = readdirSync(absolute, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return entries
    .flatMap((entry) => {
      const file = folder === "." ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : filesUnder(file, matches, base);
      return matches.test(entry.name) ? [file] : [];
    })
    .toSorted();
}

/** The texts of these files. */
export function readAll(files: readonly string[]): readonly SourceFile[] {
  return files.map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8") }));
}

export const typescript = /\.tsx?$/;

export function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file) || file.startsWith("test/");
}

/** The rooms whose code ships. */
export function shippedSources(): readonly SourceFile[] {
  return readAll(["src", "verify"].flatMap((folder) => filesUnder(folder, typescript)).filter((file) => !isTest(file)));
}
