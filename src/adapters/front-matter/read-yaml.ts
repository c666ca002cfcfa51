import { isAlias, isNode, parseDocument, visit } from "yaml";
import type { ReadYaml } from "../../core/personas/import-files.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";

/** Bounds of what is read as fields. */
export const yamlLimits = { chars: 20_000, nodes: 1_000, depth: 8, signs: 2_500 } as const;

/** Signs that can begin a value: counted before anything parses them, because what is parsed blocks everybody else meanwhile. */
const signs = /[[{,&*!]|[-?:][ \t]|\n/gu;

const refuse = (problem: string) => ({ ok: false, unsafe: true, problem }) as const;

/**
 * YAML 1.2 as plain data: no anchors, no references, no tags, no keys that every object has. What uses them is refused, since one
 * line of a few kilobytes can stand for gigabytes.
 */
export const readYaml: ReadYaml = (text) => {
  if (text.length > yamlLimits.chars) return refuse(`more than ${yamlLimits.chars} characters.`);
  if ((text.match(signs)?.length ?? 0) > yamlLimits.signs) return refuse(tooMany);
  try {
    return parsed(text);
  } catch (error) {
    // The parser goes down one call for each level.
    if (error instanceof RangeError) return refuse(tooDeep);
    throw error;
  }
};

const tooMany = `it has more than ${yamlLimits.nodes} values.`;
const tooDeep = `it is nested deeper than ${yamlLimits.depth}.`;

function parsed(text: string): ReturnType<ReadYaml> {
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    merge: false,
    uniqueKeys: true,
    stringKeys: true,
    strict: true,
    prettyErrors: false,
  });
  const unsafe = unsafeIn(document);
  if (unsafe !== null) return refuse(unsafe);
  const [error] = document.errors;
  if (error !== undefined) return { ok: false, unsafe: false, problem: error.message.split("\n")[0]?.slice(0, 200) ?? "" };
  const value = document.toJS({ maxAliasCount: 0 }) as Json; // no tag makes anything but plain data
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { ok: false, unsafe: false, problem: "it is no list of fields." };
  return { ok: true, fields: JSON.parse(JSON.stringify(value)) as JsonObject }; // JSON of an object is one
}

const plainTags: ReadonlySet<string> = new Set(["map", "seq", "str"].map((name) => `tag:yaml.org,2002:${name}`));
const commonKeys: ReadonlySet<unknown> = new Set(["__proto__", "constructor", "prototype"]);

function unsafeIn(document: ReturnType<typeof parseDocument>): string | null {
  let nodes = 0;
  let found: string | null = null;
  visit(document, {
    Node(_key, node, path) {
      nodes += 1;
      if (isAlias(node) || (isNode(node) && "anchor" in node && typeof node.anchor === "string")) found = "it uses anchors or references.";
      else if (typeof node.tag === "string" && !plainTags.has(node.tag)) found = "it uses tags.";
      else if (nodes > yamlLimits.nodes) found = tooMany;
      else if (path.length > yamlLimits.depth * 3) found = tooDeep;
      return found === null ? undefined : visit.BREAK;
    },
    Pair(_key, { key }) {
      if (isNode(key) && "value" in key && commonKeys.has(key.value)) found = `it has the key ${String(key.value)}.`;
      return found === null ? undefined : visit.BREAK;
    },
  });
  return found;
}
