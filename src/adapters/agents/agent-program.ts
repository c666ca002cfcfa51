import { accessSync, constants, realpathSync, statSync } from "node:fs";
import path from "node:path";

/** A program and what the sandbox has to show of it, read-only. */
export interface AgentProgram {
  readonly file: string;
  readonly readOnlyPaths: readonly string[];
}

/** An absolute path, or a name on a search path; relative entries are passed over. Null: there is none. */
export function findAgentProgram(name: string, searchPath: string): AgentProgram | null {
  const files = path.isAbsolute(name)
    ? [name]
    : name.includes("/")
      ? []
      : searchPath.split(path.delimiter).flatMap((folder) => (path.isAbsolute(folder) ? [path.join(folder, name)] : []));
  const file = files.find(isProgram);
  if (file === undefined) return null;
  const real = realpathSync(file);
  return { file: real, readOnlyPaths: isOfSystem(real) ? [] : [packageOf(real)] };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The sandbox shows these anyway. */
const isOfSystem = (file: string): boolean => /^\/(?:usr|bin|sbin|lib|lib64|nix\/store)\//u.test(file);

/** A package of npm finds its other parts in the folder of packages around it; any other program is one file. */
function packageOf(file: string): string {
  const at = file.indexOf("/node_modules/");
  return at === -1 ? file : file.slice(0, at + "/node_modules".length);
}
