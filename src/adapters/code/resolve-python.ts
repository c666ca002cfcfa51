import type { ImportTarget } from "../../core/shared/repository-facts.ts";
import { folderOf, type ImportResolver } from "./resolution.ts";
import type { WrittenImport } from "./written-imports.ts";

// Source: Python 3.13 `sys.stdlib_module_names`, public names.
const standardLibrary = new Set(
  "__future__ abc argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 calendar cmath cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib contextvars copy copyreg cProfile csv ctypes curses dataclasses datetime dbm decimal difflib dis doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox marshal math mimetypes mmap modulefinder multiprocessing netrc ntpath nturl2path numbers opcode operator optparse os pathlib pdb pickle pickletools pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3 ssl stat statistics string stringprep struct subprocess symtable sys sysconfig syslog tabnanny tarfile tempfile termios textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle types typing unicodedata unittest urllib uuid venv warnings wave weakref webbrowser winreg wsgiref xml xmlrpc zipapp zipfile zipimport zlib zoneinfo".split(
    " ",
  ),
);

/** Dotted names to files: from the package's own root, from the tree's root, and from `src`. The first file in path order wins. */
export function pythonResolver(paths: ReadonlySet<string>): ImportResolver {
  const modules = modulesByName(paths);
  return (from, written) => {
    if (written.specifier.startsWith(".")) return relativeTargets(paths, from, written);
    const found = dotted(modules, written.specifier, written.names);
    if (found.length > 0) return found;
    const top = written.specifier.split(".", 1)[0] ?? "";
    return [standardLibrary.has(top) ? { kind: "builtin", name: top } : { kind: "package", name: top }];
  };
}

function modulesByName(paths: ReadonlySet<string>): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  const add = (name: string, path: string) => {
    if (name !== "" && !modules.has(name)) modules.set(name, path);
  };
  for (const path of [...paths].sort()) {
    if (!path.endsWith(".py") && !path.endsWith(".pyi")) continue;
    const name = dottedName(path);
    add(name, path);
    if (name.startsWith("src.")) add(name.slice(4), path);
    add(dottedName(path.slice(packageRoot(paths, path).length)), path);
  }
  return modules;
}

function dottedName(path: string): string {
  return path
    .replace(/\.pyi?$/, "")
    .replace(/(^|\/)__init__$/, "")
    .replaceAll("/", ".");
}

/** The folder that holds the outermost package of a file, with its slash. */
function packageRoot(paths: ReadonlySet<string>, path: string): string {
  let folder = folderOf(path);
  while (folder !== "" && paths.has(`${folder}/__init__.py`)) folder = folderOf(folder);
  return folder === "" ? "" : `${folder}/`;
}

function dotted(modules: ReadonlyMap<string, string>, specifier: string, names: readonly string[]): readonly ImportTarget[] {
  const units = new Set<string>();
  for (const name of names) {
    const submodule = modules.get(`${specifier}.${name}`);
    if (submodule !== undefined) units.add(submodule);
  }
  const own = modules.get(specifier);
  // `from package import submodule` is about the submodule; the package itself only when something else is taken from it.
  if (own !== undefined && (units.size === 0 || units.size < names.length)) units.add(own);
  return [...units].map((unit) => ({ kind: "module", unit }));
}

function relativeTargets(paths: ReadonlySet<string>, from: string, written: WrittenImport): readonly ImportTarget[] {
  const base = relativeBase(from, written.specifier);
  const named = written.names
    .map((name) => fileOf(paths, base.path === "" ? name : `${base.path}/${name}`))
    .filter((unit) => unit !== null);
  const own = base.isPackage ? initOf(paths, base.path) : fileOf(paths, base.path);
  const units = new Set(named);
  // The package itself counts when something is taken from it that is no module.
  if (own !== null && own !== from && units.size < Math.max(1, written.names.length)) units.add(own);
  if (units.size === 0 && own !== from) return [{ kind: "unresolved", specifier: written.specifier }];
  return [...units].map((unit) => ({ kind: "module", unit }));
}

/** One dot is the own package, each further one the package above. */
function relativeBase(from: string, specifier: string): { readonly path: string; readonly isPackage: boolean } {
  const rest = specifier.replace(/^\.+/, "");
  let folder = folderOf(from);
  for (let up = 1; up < specifier.length - rest.length; up += 1) folder = folderOf(folder);
  return { path: [folder, rest.replaceAll(".", "/")].filter((part) => part !== "").join("/"), isPackage: rest === "" };
}

function fileOf(paths: ReadonlySet<string>, base: string): string | null {
  return [`${base}.py`, `${base}.pyi`].find((path) => paths.has(path)) ?? initOf(paths, base);
}

function initOf(paths: ReadonlySet<string>, folder: string): string | null {
  const path = folder === "" ? "__init__.py" : `${folder}/__init__.py`;
  return paths.has(path) ? path : null;
}
