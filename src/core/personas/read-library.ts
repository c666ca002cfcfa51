import type { Json, JsonObject } from "../shared/json.ts";
import type { ExecutorKind, Persona } from "./persona.ts";

/** A persona's own fields, without what the store adds. */
export type PersonaFields = Omit<Persona, "id" | "version" | "eventCount">;

export interface ReadLibrary {
  readonly personas: readonly PersonaFields[];
  readonly problems: readonly string[];
}

/** Most personas of one library. */
export const maxLibraryPersonas = 1_000;

const kinds: readonly ExecutorKind[] = ["rules", "human", "scripted", "model", "agent", "remote"];

/**
 * Reads `xvc.personas/1`: `persona_library` keyed by persona, each with `worldview`, `specializations` and `tools` as in
 * the vision; everything else is optional. Imported text is data, never instructions.
 */
export function readLibrary(raw: Json): ReadLibrary {
  const library = isObject(raw) ? raw["persona_library"] : undefined;
  if (!isObject(library)) return { personas: [], problems: ["A persona library is an object with `persona_library`, keyed by persona."] };
  const entries = Object.entries(library);
  if (entries.length > maxLibraryPersonas)
    return { personas: [], problems: [`A library has at most ${maxLibraryPersonas} personas; this one has ${entries.length}.`] };
  const problems: string[] = [];
  const personas = entries.flatMap(([key, value]) => {
    const read = readPersona(key, value);
    problems.push(...read.problems);
    return read.personas;
  });
  return { personas, problems };
}

function readPersona(key: string, value: Json): ReadLibrary {
  if (!/^[a-z][a-z0-9_-]{0,99}$/u.test(key))
    return { personas: [], problems: [`"${key.slice(0, 100)}" is no persona key: lower-case letters, digits, - and _, at most 100.`] };
  if (!isObject(value)) return { personas: [], problems: [`Persona ${key} is no object.`] };
  const lists = ["specializations", "tools", "skills", "executors"].filter((field) => value[field] !== undefined && !isTexts(value[field]));
  if (lists.length > 0) return { personas: [], problems: [`${lists.join(" and ")} of persona ${key} must be a list of texts.`] };
  if (typeof value["worldview"] !== "string") return { personas: [], problems: [`Persona ${key} has no worldview.`] };
  const executors = texts(value["executors"]).filter((kind): kind is ExecutorKind => kinds.some((one) => one === kind));
  return {
    personas: [
      {
        key,
        personaVersion: whole(value["version"], 1),
        worldview: value["worldview"],
        specializations: texts(value["specializations"]),
        tools: texts(value["tools"]),
        skills: texts(value["skills"]),
        division: typeof value["division"] === "string" ? value["division"] : "",
        executors: executors.length > 0 ? executors : ["human", "scripted"],
        costPerHourMicro: whole(value["costPerHourMicro"], 0),
        capacity: Math.max(1, whole(value["capacity"], 1)),
      },
    ],
    problems: [],
  };
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const isTexts = (value: Json | undefined): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");
const texts = (value: Json | undefined): readonly string[] => (isTexts(value) ? value : []);
const whole = (value: Json | undefined, otherwise: number): number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
