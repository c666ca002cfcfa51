/** Personas out of files that others wrote: Agent Skills, agents as Markdown, libraries as JSON. Nothing in them is run, followed or believed. */
import type { Json, JsonObject } from "../shared/json.ts";
import { personaLimits as most } from "./persona-document.ts";
import { isObject } from "./read-fields.ts";
import { type PersonaFields, readLibrary, readPersona } from "./read-library.ts";

export interface ImportFile {
  /** As a folder holds it, with `/` between its parts. */
  readonly path: string;
  readonly text: string;
}

export type ImportSource = "json" | "skill" | "agent";

/** What was found in one file. */
export interface ImportedFile {
  readonly path: string;
  readonly source: ImportSource;
  readonly personas: readonly PersonaFields[];
  readonly notices: readonly string[];
  readonly problems: readonly string[];
}

/** YAML as plain data, read by whoever can. `unsafe`: it is refused whatever it says; else it is only no YAML. */
export type ReadYaml = (
  text: string,
) => { readonly ok: true; readonly fields: JsonObject } | { readonly ok: false; readonly unsafe: boolean; readonly problem: string };

/** Bounds of one import. */
export const importLimits = { files: 1_000, fileChars: 200_000, headChars: 20_000, pathChars: 300 } as const;

/** Why a file is not looked at; null: it is. Folders of others are not a map of ours. */
export function pathProblem({ path, text }: ImportFile): string | null {
  const parts = path.split("/");
  if (path.length > importLimits.pathChars) return "its path is too long";
  if (/[\\:\p{Cc}]/u.test(path)) return "its path has characters that a path here has not";
  if (path.startsWith("/") || parts.some((part) => part === ".." || part === "." || part === ""))
    return "its path leads out of its folder or is no path";
  if (text.length > importLimits.fileChars) return `it has more than ${importLimits.fileChars} characters`;
  return null;
}

const nameOf = (path: string): string => path.split("/").at(-1) ?? "";
const folderOf = (path: string): string => path.split("/").slice(0, -1).join("/");

/** Reads all files of one import. A folder with SKILL.md is one persona, and what else lies in it stays behind. */
export function readImport(files: readonly ImportFile[], readYaml: ReadYaml): readonly ImportedFile[] {
  const skills = new Set(files.filter(({ path }) => nameOf(path) === "SKILL.md").map(({ path }) => folderOf(path)));
  const skillOf = (path: string): string | undefined =>
    [...skills].filter((folder) => folder === "" || path.startsWith(`${folder}/`)).toSorted((left, right) => right.length - left.length)[0];
  return files.slice(0, importLimits.files).flatMap((file): readonly ImportedFile[] => {
    const { path } = file;
    const source: ImportSource = nameOf(path) === "SKILL.md" ? "skill" : path.endsWith(".json") ? "json" : "agent";
    const refused = pathProblem(file);
    if (refused !== null) return [failed({ path: path.slice(0, importLimits.pathChars), source }, `It is not read: ${refused}.`)];
    if (source !== "skill" && skillOf(path) !== undefined) return [];
    if (source === "json") return [readJson(file)];
    if (!path.endsWith(".md")) return [failed({ path, source }, "It is neither Markdown nor JSON.")];
    const left =
      source === "skill" ? files.filter((one) => one.path !== path && skillOf(one.path) === folderOf(path)).map((one) => one.path) : [];
    return [readMarkdown(file, { source, left, readYaml })];
  });
}

const failed = (of: Pick<ImportedFile, "path" | "source">, problem: string): ImportedFile => ({
  ...of,
  personas: [],
  notices: [],
  problems: [problem],
});

function readJson({ path, text }: ImportFile): ImportedFile {
  try {
    const read = readLibrary(JSON.parse(text) as Json); // JSON.parse gives JSON
    return { path, source: "json", ...read };
  } catch {
    return failed({ path, source: "json" }, "It is no JSON.");
  }
}

interface MarkdownAround {
  readonly source: "skill" | "agent";
  /** Further files of the folder. */
  readonly left: readonly string[];
  readonly readYaml: ReadYaml;
}

function readMarkdown({ path, text }: ImportFile, { source, left, readYaml }: MarkdownAround): ImportedFile {
  const parts = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n([\s\S]*))?$/u.exec(text);
  const of = { path, source };
  if (parts === null) return failed(of, "It does not begin with fields between two lines of ---.");
  const [, head = "", body = ""] = parts;
  const fields = readHead(head, readYaml);
  if (typeof fields === "string") return failed(of, fields);
  const notices =
    left.length === 0 ? [] : [`${left.length} further files stay behind, nothing of them is run: ${left.slice(0, 5).join(", ")}.`];
  const read = personaFrom(fields.said, body.trim());
  return { ...of, personas: read.personas, problems: read.problems, notices: [...fields.notices, ...notices, ...read.notices] };
}

/** The fields of a head; a text: why they are not read. */
function readHead(head: string, readYaml: ReadYaml): { readonly said: JsonObject; readonly notices: readonly string[] } | string {
  if (head.length > importLimits.headChars) return `Its fields hold more than ${importLimits.headChars} characters.`;
  const yaml = readYaml(head);
  if (yaml.ok) return { said: yaml.fields, notices: [] };
  if (yaml.unsafe) return `Its fields are refused: ${yaml.problem}`;
  const said = lineFields(head);
  return said === null
    ? `Its fields are no YAML: ${yaml.problem}`
    : { said, notices: ["Its fields are no YAML; each line was read as one field."] };
}

/** `name: the rest of the line`, for heads that are written as if they were YAML; null: some line is something else. */
function lineFields(head: string): JsonObject | null {
  const lines = head.split(/\r?\n/u).filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
  const read = lines.map((line) => /^([A-Za-z][A-Za-z0-9_-]{0,99}):(?:\s+(.*))?$/u.exec(line));
  if (read.some((one) => one === null)) return null;
  return Object.fromEntries(read.map((one) => [one?.[1] ?? "", (one?.[2] ?? "").trim().replace(/^(["'])(.*)\1$/u, "$2")]));
}

const own = (of: JsonObject, field: string): Json | undefined => (Object.hasOwn(of, field) ? of[field] : undefined);
const textAt = (of: JsonObject, field: string): string => {
  const value = own(of, field);
  return typeof value === "string" ? value.trim() : "";
};

/** A key as people here write it: `Backend Architect` as `backend_architect`; a key stays what it is. */
export const keyFrom = (name: string): string =>
  /^[a-z][a-z0-9_-]{0,99}$/u.test(name)
    ? name
    : name
        .normalize("NFKD")
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/gu, "_")
        .replaceAll(/^[_0-9]+|_+$/gu, "")
        .slice(0, 100);

/** Tools as the two forms list them: a list, or a line with commas or spaces. A call with brackets is one tool. */
function toolsFrom(fields: JsonObject): readonly string[] {
  const value = own(fields, "allowed-tools") ?? own(fields, "tools");
  const words = Array.isArray(value)
    ? (value as readonly Json[]).filter((one) => typeof one === "string")
    : typeof value === "string"
      ? (value.replace(/^\[(.*)\]$/u, "$1").match(/[^\s,(]+(?:\([^)]*\))?/gu) ?? [])
      : [];
  return [...new Set(words.map((word) => word.trim()).filter((word) => word !== ""))];
}

const taken: ReadonlySet<string> = new Set(["name", "description", "tools", "allowed-tools", "metadata"]);

/** The persona that such a file describes. Its text is the worldview's; what else it says is kept beside it. */
function personaFrom(fields: JsonObject, body: string): ReturnType<typeof readPersona> {
  const name = textAt(fields, "name");
  const key = keyFrom(name);
  if (name === "" || key === "") return { personas: [], problems: ["It has no `name` that a key can be made of."], notices: [] };
  const description = textAt(fields, "description");
  const ours = documentIn(fields);
  return readPersona(ours?.key ?? key, {
    worldview: (description === "" ? name : description).slice(0, most.worldviewChars),
    executors: ["model", "human", "scripted"],
    tools: toolsFrom(fields),
    ...(description.length > most.worldviewChars ? { description } : {}),
    ...(ours === null ? furtherFrom(fields) : ours.document),
    ...(body === "" ? {} : { worldviewText: body }),
  });
}

/** What else the head says, as it says it. */
function furtherFrom(fields: JsonObject): JsonObject {
  const metadata = own(fields, "metadata");
  return {
    ...Object.fromEntries(Object.entries(fields).filter(([field]) => !taken.has(field))),
    ...(isObject(metadata) ? { metadata } : {}),
  };
}

/** The field of `metadata` in which an export of ours keeps what the form has no word for. */
export const ourField = "xvc-persona";

function documentIn(fields: JsonObject): { readonly key: string; readonly document: JsonObject } | null {
  const metadata = own(fields, "metadata");
  const text = isObject(metadata) ? textAt(metadata, ourField) : "";
  if (text === "") return null;
  try {
    const read = JSON.parse(text) as Json; // JSON.parse gives JSON
    if (!isObject(read)) return null;
    const document = own(read, "document");
    return isObject(document) ? { key: textAt(read, "key"), document } : null;
  } catch {
    return null;
  }
}
