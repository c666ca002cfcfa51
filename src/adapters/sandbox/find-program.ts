import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

/**
 * Absolute path of a program on a search path, or null. Relative entries are passed over: with a hostile current
 * directory they would run what lies there.
 */
export function findProgram(name: string, searchPath: string): string | null {
  for (const directory of searchPath.split(path.delimiter)) {
    if (!path.isAbsolute(directory)) continue;
    const file = path.join(directory, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not in this directory; the next one is asked.
    }
  }
  return null;
}
