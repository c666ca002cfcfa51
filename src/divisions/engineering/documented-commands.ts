/** Something a documented command line counts on being in the tree. */
export type CommandNeed =
  | { readonly kind: "npm-script"; readonly name: string; readonly folder: string }
  | { readonly kind: "make-target"; readonly name: string; readonly folder: string }
  | { readonly kind: "file"; readonly path: string };

/** Scripts that a manager has a short word for. */
const shortScripts = new Set(["test", "start", "stop", "restart"]);

/** Bare words may also be binaries of installed packages; only the customary script words are sure. */
const bareScripts = new Set([...shortScripts, "build", "lint", "dev", "format", "typecheck"]);

const interpreters = new Set(["node", "python", "python3", "bash", "sh", "zsh", "ruby", "perl", "php", "tsx", "ts-node", "source", "."]);

const built = /(^|\/)(dist|build|out|target|bin|coverage|node_modules|\.venv|venv)(\/|$)/;

/**
 * What a shell line needs from the tree: scripts, targets and files. Placeholders, variables, options, absolute paths and
 * paths that a build makes ask for nothing. `cd` moves within the line; a folder that is not in the tree ends the reading.
 */
export function needsOf(line: string, folders: ReadonlySet<string>, folder: string): readonly CommandNeed[] {
  const needs: CommandNeed[] = [];
  let at = folder;
  for (const part of line.slice(0, 500).split(/&&|\|\||[;|]/)) {
    const words = part
      .trim()
      .split(/\s+/)
      .filter((word) => !/^[A-Z_][A-Z0-9_]*=/.test(word));
    if (words[0] === "cd") {
      const moved = join(at, words[1] ?? "");
      if (moved === null || (moved !== "" && !folders.has(moved))) return needs;
      at = moved;
      continue;
    }
    const need = needOf(words[0] === "sudo" || words[0] === "time" ? words.slice(1) : words, at);
    if (need !== null) needs.push(need);
  }
  return needs;
}

function needOf(words: readonly string[], folder: string): CommandNeed | null {
  const [program = "", first = ""] = words;
  if (words.some((word) => /[<>${}*?[\]]|\.\.\./.test(word))) return null;
  if (managers.has(program)) return script(scriptIn(words), folder);
  if (builders.has(program)) return isPlainWord(first) ? { kind: "make-target", name: first, folder } : null;
  if (program.startsWith("./")) return file(program, folder);
  return interpreters.has(program) && /^[\w.].*(\/|\.\w+$)/.test(first) ? file(first, folder) : null;
}

const builders = new Set(["make", "gmake"]);

const managers = new Set(["npm", "pnpm", "yarn", "bun"]);

/** The script that a manager's words run; empty for everything else a manager does. */
function scriptIn([manager = "", first = "", second = ""]: readonly string[]): string {
  if (first === "run" || first === "run-script") return second;
  if (manager === "npm") return shortScripts.has(first) ? first : first === "t" ? "test" : "";
  return bareScripts.has(first) ? first : "";
}

function script(name: string, folder: string): CommandNeed | null {
  return isPlainWord(name) ? { kind: "npm-script", name, folder } : null;
}

function isPlainWord(word: string): boolean {
  return /^[\w][\w:./-]*$/.test(word) && !word.includes("=");
}

function file(written: string, folder: string): CommandNeed | null {
  const path = join(folder, written);
  return path === null || path === "" || built.test(path.slice(0, path.lastIndexOf("/") + 1)) ? null : { kind: "file", path };
}

function join(folder: string, relative: string): string | null {
  if (relative.startsWith("/") || relative.startsWith("~")) return null;
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of relative.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}
