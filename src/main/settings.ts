import path from "node:path";
import { Failure } from "../core/shared/failure.ts";
import type { SettingFlags, Setting, SettledSettings } from "../surfaces/cli/cli-dependencies.ts";
import { findInstallation } from "./installation.ts";
import { findSettingsFiles, readSettingsFile, type SettingsFile } from "./settings-file.ts";

/*
 * flag > environment > project file > user file > default. Files are data: nothing in them is run, and a key we do not
 * know is an error. What decides where a key is sent or which database is opened never comes from a project, because
 * whoever wrote the repository wrote that file.
 */

interface Known {
  readonly name: string;
  readonly variable: string;
  /** The text of a value, or what is wrong with it. */
  readonly read: (value: unknown) => { readonly text: string } | { readonly problem: string };
  readonly fallback: (environment: NodeJS.ProcessEnv) => string;
  /** Files that may hold it. */
  readonly files: readonly SettingsFile["kind"][];
  readonly flag?: { readonly word: string; readonly of: (flags: SettingFlags) => string | undefined };
  /** What is shown instead of the value. */
  readonly shown?: (text: string) => string;
}

const everyFile = ["project", "user"] as const;
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= 4_096 ? value : undefined;
const asked = (pattern: RegExp, problem: string) => (value: unknown) =>
  text(value) !== undefined && pattern.test(String(value)) ? { text: String(value) } : { problem };
const anyText = asked(/^/u, "must be a text");

const readPort = (value: unknown) =>
  (typeof value === "number" && Number.isInteger(value)) || (typeof value === "string" && /^\d{1,5}$/u.test(value))
    ? portText(Number(value))
    : { problem: "must be a number from 0 to 65535; 0 chooses a free port" };
const portText = (port: number) =>
  port >= 0 && port <= 65_535 ? { text: String(port) } : { problem: "must be a number from 0 to 65535; 0 chooses a free port" };

/** A key crosses no network unencrypted: plain http only within this machine. */
const readUrl = (value: unknown) =>
  text(value) !== undefined && URL.canParse(String(value)) && isSafeAddress(new URL(String(value)))
    ? { text: String(value) }
    : { problem: "must be an https address, or http on this machine such as http://127.0.0.1:4180" };

const isSafeAddress = ({ protocol, hostname }: URL): boolean =>
  protocol === "https:" ||
  (protocol === "http:" && (/^127(?:\.\d{1,3}){3}$/u.test(hostname) || hostname === "localhost" || hostname === "[::1]"));

const readHome = (value: unknown) =>
  text(value) !== undefined && (path.isAbsolute(String(value)) || String(value).startsWith("~/"))
    ? { text: String(value) }
    : { problem: "must be a whole path, starting with / or ~/" };

const known: readonly Known[] = [
  { name: "home", variable: "XVC_HOME", read: anyText, files: ["user"], fallback: (environment) => findInstallation(environment).home },
  {
    name: "port",
    variable: "XVC_PORT",
    read: readPort,
    files: everyFile,
    fallback: () => "4180",
    flag: { word: "--port", of: (flags) => flags.port },
  },
  {
    name: "url",
    variable: "XVC_URL",
    read: readUrl,
    files: ["user"],
    fallback: () => "(the server of this machine)",
    shown: withoutPassword,
  },
  { name: "apiKey", variable: "XVC_API_KEY", read: anyText, files: [], fallback: () => "(the token in server.json)", shown: () => "(set)" },
  {
    name: "database",
    variable: "DATABASE_URL",
    read: anyText,
    files: [],
    fallback: () => "(embedded PostgreSQL 18)",
    shown: withoutPassword,
  },
  {
    name: "project",
    variable: "XVC_PROJECT",
    read: asked(/^[A-Za-z][A-Za-z0-9]{1,9}$/u, "must be the key of a project, such as ENG"),
    files: everyFile,
    fallback: () => "",
    shown: (key) => key || "(the first active project)",
  },
];

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/u, "//***@");
}

export interface Settled extends SettledSettings {
  /** The environment as every part of the program reads it: what only a file gives is filled in. */
  readonly environment: NodeJS.ProcessEnv;
}

export interface Asked {
  readonly environment: NodeJS.ProcessEnv;
  readonly directory: string;
  readonly flags: SettingFlags;
}

/** Every setting as it holds, with where it comes from. @throws {Failure} `settings.unknown-key`, `settings.bad-value`, `settings.bad-port`, `settings.not-in-project`, `settings.file-invalid` */
export async function settle({ environment, directory, flags }: Asked): Promise<Settled> {
  const files: SettingsFile[] = [];
  for (const found of await findSettingsFiles(environment, directory)) files.push(await readSettingsFile(found));
  for (const file of files) checkKeys(file);
  const filled: NodeJS.ProcessEnv = { ...environment };
  const values = new Map<string, { readonly text: string; readonly origin: string }>();
  for (const one of known) {
    const given = fromFlag(one, flags) ?? fromEnvironment(one, environment) ?? fromFiles(one, files);
    if (given?.isFromFile === true) filled[one.variable] = one.name === "home" ? fromTilde(given.text, environment) : given.text;
    values.set(one.name, given ?? { text: one.fallback(filled), origin: "default" });
  }
  return {
    environment: filled,
    list: known.map((one) => shownSetting(one, values.get(one.name))),
    ...typed((name) => values.get(name)?.text ?? ""),
  };
}

const typed = (valueOf: (name: string) => string): Omit<SettledSettings, "list"> => ({
  project: valueOf("project") === "" ? null : valueOf("project").toUpperCase(),
});

interface Given {
  readonly text: string;
  readonly origin: string;
  readonly isFromFile: boolean;
}

function fromFlag(one: Known, flags: SettingFlags): Given | undefined {
  const given = one.flag?.of(flags);
  return given === undefined || one.flag === undefined ? undefined : { ...checked(one, given, one.flag.word), isFromFile: false };
}

function fromEnvironment(one: Known, environment: NodeJS.ProcessEnv): Given | undefined {
  const given = environment[one.variable];
  return given === undefined || given === "" ? undefined : { ...checked(one, given, `environment ${one.variable}`), isFromFile: false };
}

function fromFiles(one: Known, files: readonly SettingsFile[]): Given | undefined {
  const file = files.find((candidate) => candidate.values.has(one.name));
  if (file === undefined) return undefined;
  const value = file.values.get(one.name);
  // In the environment everything is text; in a file a home that hangs on where one stands would be another one each time.
  const { text: read } = checked(one.name === "home" ? { ...one, read: readHome } : one, value, `${file.kind} ${file.path}`);
  return { text: read, origin: `${file.kind} ${file.path}`, isFromFile: true };
}

function checked(one: Known, value: unknown, origin: string): { readonly text: string; readonly origin: string } {
  const read = one.read(value);
  if ("text" in read) return { text: read.text, origin };
  throw new Failure("invalid", one.name === "port" ? "settings.bad-port" : "settings.bad-value", {
    message: `${one.name} from ${origin} ${read.problem}.`,
  });
}

function checkKeys(file: SettingsFile): void {
  const names = known.filter((one) => one.files.length > 0).map((one) => one.name);
  for (const key of file.values.keys()) {
    const one = known.find((candidate) => candidate.name === key);
    if (one === undefined || one.files.length === 0)
      throw new Failure("invalid", "settings.unknown-key", {
        message: `${file.path} has the unknown key "${key.slice(0, 60)}". Known: ${names.join(", ")}. Secrets belong into the environment.`,
      });
    if (!one.files.includes(file.kind))
      throw new Failure("invalid", "settings.not-in-project", {
        message: `${file.path} sets ${key}, which a project may not: whoever wrote the repository could send your key or your work elsewhere. Set it in your own config.yaml or as ${one.variable}.`,
      });
  }
}

const fromTilde = (given: string, environment: NodeJS.ProcessEnv): string =>
  given.startsWith("~/") ? path.join(environment["HOME"] ?? "/", given.slice(2)) : given;

function shownSetting(one: Known, value: { readonly text: string; readonly origin: string } | undefined): Setting {
  const { text: given = "", origin = "default" } = value ?? {};
  const isHidden = origin !== "default" || one.name === "project";
  return { name: one.name, value: isHidden ? (one.shown?.(given) ?? given) : given, origin };
}
