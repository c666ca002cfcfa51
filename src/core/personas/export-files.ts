import type { ImportFile, ImportSource } from "./import-files.ts";
import { ourField } from "./import-files.ts";
import { type PersonaFields, personaDocumentOf } from "./persona-document.ts";

/** A text in quotes; what JSON quotes, YAML reads the same. */
const quoted = (text: string): string => JSON.stringify(text);

/** A persona in the form that is asked for. `readImport` reads the same persona from it. */
export function exportPersona(persona: PersonaFields, form: ImportSource): readonly ImportFile[] {
  const { worldviewText, worldview, ...document } = personaDocumentOf(persona);
  const text = typeof worldviewText === "string" ? worldviewText : "";
  const name = persona.key.replaceAll("_", "-").replaceAll(/-+/gu, "-").replace(/-$/u, "").slice(0, 64);
  if (form === "json") {
    const library = { schema: "xvc.personas/1", persona_library: { [persona.key]: personaDocumentOf(persona) } };
    return [{ path: `${persona.key}.json`, text: `${JSON.stringify(library, null, 2)}\n` }];
  }
  // What neither form has a word for goes along as one field that only we read.
  const kept = JSON.stringify({ key: persona.key, document: { ...document, worldview } });
  const tools = form === "skill" ? `allowed-tools: ${quoted(persona.tools.join(" "))}` : `tools: ${quoted(persona.tools.join(", "))}`;
  const head = [
    "---",
    `name: ${quoted(name)}`,
    `description: ${quoted(persona.worldview)}`,
    ...(persona.tools.length === 0 ? [] : [tools]),
    "metadata:",
    `  ${ourField}: ${quoted(kept)}`,
    "---",
    "",
  ].join("\n");
  return [{ path: form === "skill" ? `${name}/SKILL.md` : `${name}.md`, text: `${head}${text}\n` }];
}
