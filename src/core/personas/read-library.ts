import type { Json, JsonObject } from "../shared/json.ts";
import type { ContextRules, ExecutorKind, PersonaCheck, PersonaLimits, PersonaRange, ReviewRights, TokenRates } from "./persona.ts";
import { type PersonaFields, documentFields, personaLimits as most } from "./persona-document.ts";
import { type FieldReader, fieldReader, isObject } from "./read-fields.ts";

export type { PersonaFields } from "./persona-document.ts";

export interface ReadLibrary {
  /** Those without a problem. */
  readonly personas: readonly PersonaFields[];
  readonly problems: readonly string[];
  /** What a person should know and nothing is wrong with: fields that are kept and not used. */
  readonly notices: readonly string[];
}

/** Most personas of one library. */
export const maxLibraryPersonas = 1_000;

const kinds: readonly ExecutorKind[] = ["rules", "human", "scripted", "model", "agent", "remote"];
const known: ReadonlySet<string> = new Set([...documentFields, "version"]);

const nothing = (problem: string): ReadLibrary => ({ personas: [], problems: [problem], notices: [] });

/**
 * Reads `xvc.personas/1`: `persona_library` keyed by persona, each with `worldview`, `specializations` and `tools` as in
 * the vision; everything else is optional. A field that does not fit is a problem, one that nothing knows is kept and said.
 * Imported text is data, never instructions.
 */
export function readLibrary(raw: Json): ReadLibrary {
  const library = isObject(raw) && Object.hasOwn(raw, "persona_library") ? raw["persona_library"] : undefined;
  if (!isObject(library)) return nothing("A persona library is an object with `persona_library`, keyed by persona.");
  const entries = Object.entries(library);
  if (entries.length > maxLibraryPersonas)
    return nothing(`A library has at most ${maxLibraryPersonas} personas; this one has ${entries.length}.`);
  const read = entries.map(([key, value]) => readPersona(key, value));
  return {
    personas: read.flatMap((one) => one.personas),
    problems: read.flatMap((one) => one.problems),
    notices: read.flatMap((one) => one.notices),
  };
}

/** What is no persona key, as a sentence; null: it is one. */
export const keyProblem = (key: string): string | null =>
  /^[a-z][a-z0-9_-]{0,99}$/u.test(key)
    ? null
    : `"${key.slice(0, 100)}" is no persona key: lower-case letters, digits, - and _, at most ${most.wordChars}.`;

/** Reads one persona of a library. */
export function readPersona(key: string, value: Json): ReadLibrary {
  const badKey = keyProblem(key);
  if (badKey !== null) return nothing(badKey);
  if (!isObject(value)) return nothing(`Persona ${key} is no object.`);
  const problems: string[] = [];
  const from = fieldReader(value, `Persona ${key}: `, problems);
  const more = furtherFields(value, from);
  const persona = fieldsOf(key, from);
  if (problems.length === 0 && persona === null) problems.push(`Persona ${key} has no worldview.`);
  return {
    personas: persona === null || problems.length > 0 ? [] : [{ ...persona, ...(more === null ? {} : { more }) }],
    problems,
    notices: more === null ? [] : [`Persona ${key}: ${Object.keys(more).join(", ")} is kept, and nothing here uses it.`],
  };
}

/** Fields that nothing knows; what `more` held in an earlier document is taken apart again. */
function furtherFields(value: JsonObject, from: FieldReader): JsonObject | null {
  const unknown = Object.entries(value).filter(([field]) => !known.has(field));
  const stated = from.raw("more");
  const all = [...unknown, ...(isObject(stated) ? Object.entries(stated) : [])].filter(([field]) => !known.has(field));
  if (all.length === 0) return null;
  if (all.some(([field]) => field === "__proto__" || field.length > most.wordChars))
    from.problem(`a field has a name that is not kept; names have at most ${most.wordChars} characters.`);
  if (all.length > most.moreFields) from.problem(`it has ${all.length} fields that nothing knows; at most ${most.moreFields} are kept.`);
  if (JSON.stringify(Object.fromEntries(all)).length > most.moreChars)
    from.problem(`the fields that nothing knows hold more than ${most.moreChars} characters.`);
  return Object.fromEntries(all);
}

const words = { items: most.words, chars: most.wordChars } as const;

function fieldsOf(key: string, from: FieldReader): PersonaFields | null {
  const worldview = from.text("worldview", most.worldviewChars);
  const executors = from.oneOf("executors", kinds) ?? [];
  const list = (field: string): readonly string[] => from.texts(field, words) ?? [];
  const number = (field: string, bounds: { readonly min: number; readonly max: number }): number => from.whole(field, bounds) ?? bounds.min;
  const fields = {
    key,
    personaVersion: number("version", { min: 1, max: most.maxVersion }),
    worldview: worldview ?? "",
    specializations: list("specializations"),
    tools: list("tools"),
    skills: list("skills"),
    division: divisionOf(from),
    executors: executors.length > 0 ? executors : (["human", "scripted"] as const),
    costPerHourMicro: number("costPerHourMicro", { min: 0, max: Number.MAX_SAFE_INTEGER }),
    capacity: number("capacity", { min: 1, max: most.maxCapacity }),
    ...present({
      worldviewText: from.text("worldviewText", most.worldviewTextChars),
      checks: checksOf(from),
      languages: languagesOf(from),
      attemptsWith: attemptsOf(from),
      tokenRates: ratesOf(from),
      limits: limitsOf(from),
      reviews: reviewsOf(from),
      context: contextOf(from),
    }),
  };
  return worldview === undefined ? null : fields;
}

/** Without the fields that are undefined. */
const present = <Fields extends object>(fields: Fields): { readonly [Field in keyof Fields]?: Exclude<Fields[Field], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never; // exactly the fields that are there

const divisionOf = (from: FieldReader): string => (from.raw("division") === "" ? "" : (from.text("division", most.wordChars) ?? ""));

function checksOf(from: FieldReader): readonly PersonaCheck[] | undefined {
  const list = from.list("checks", most.checks);
  if (list === undefined) return undefined;
  const ids = new Set<string>();
  return list.flatMap((one, at) => {
    const check = checkOf(one);
    if (check !== null && !ids.has(check.id)) {
      ids.add(check.id);
      return [check];
    }
    from.problem(
      `check ${at + 1} needs an \`id\` of its own, a \`kind\` (rule or question) and a \`statement\` of at most ${most.statementChars} characters.`,
    );
    return [];
  });
}

function checkOf(one: Json): PersonaCheck | null {
  if (!isObject(one)) return null;
  const { id, kind, statement } = one;
  if (typeof id !== "string" || typeof statement !== "string" || (kind !== "rule" && kind !== "question")) return null;
  const fits = /^[a-z][a-z0-9_-]{0,49}$/u.test(id) && statement.trim() !== "" && statement.length <= most.statementChars;
  return fits ? { id, kind, statement } : null;
}

function languagesOf(from: FieldReader): readonly string[] | undefined {
  const tags = from.texts("languages", { items: most.languages, chars: 35 });
  const odd = tags?.find((tag) => !/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/u.test(tag));
  if (odd !== undefined) from.problem(`"${odd}" is no language tag such as en or pt-BR.`);
  return tags;
}

function attemptsOf(from: FieldReader): { readonly [executor in ExecutorKind]?: number } | undefined {
  const given = from.object("attemptsWith", kinds);
  if (given === undefined) return undefined;
  return present(Object.fromEntries(kinds.map((kind) => [kind, given.whole(kind, { min: 1, max: most.maxAttempts })])));
}

function ratesOf(from: FieldReader): TokenRates | undefined {
  const given = from.object("tokenRates", ["inputMicro", "outputMicro"]);
  if (given === undefined) return undefined;
  const bounds = { min: 0, max: Number.MAX_SAFE_INTEGER };
  return { inputMicro: given.whole("inputMicro", bounds) ?? 0, outputMicro: given.whole("outputMicro", bounds) ?? 0 };
}

function limitsOf(from: FieldReader): PersonaLimits | undefined {
  const given = from.object("limits", ["tools", "effectKinds", "ranges"]);
  if (given === undefined) return undefined;
  return present({ tools: given.texts("tools", words), effectKinds: given.texts("effectKinds", words), ranges: rangesOf(given) });
}

function rangesOf(from: FieldReader): PersonaLimits["ranges"] | undefined {
  const given = from.raw("ranges");
  if (given === undefined) return undefined;
  const tools = isObject(given) ? Object.entries(given) : [];
  if (!isObject(given) || tools.length > most.ranges || tools.some(([tool, one]) => tool === "__proto__" || !isObject(one))) {
    from.problem(`\`ranges\` must be an object of at most ${most.ranges} tools, each with its arguments.`);
    return undefined;
  }
  return Object.fromEntries(
    tools.map(([tool, args]) => [
      tool,
      Object.fromEntries(
        Object.entries(args as JsonObject).flatMap(([argument, value]) => {
          // looked at above
          const range = rangeOf(value);
          if (range === null || argument === "__proto__")
            from.problem(
              `the range of ${tool.slice(0, 50)}.${argument.slice(0, 50)} is neither one-of \`values\` nor between \`min\` and \`max\`.`,
            );
          return range === null ? [] : [[argument, range] as const];
        }),
      ),
    ]),
  );
}

function rangeOf(value: Json): PersonaRange | null {
  if (!isObject(value)) return null;
  const { kind, values, min, max } = value;
  if (kind === "one-of" && Array.isArray(values) && values.length <= most.values) return { kind, values };
  return kind === "between" && typeof min === "number" && typeof max === "number" && min <= max ? { kind, min, max } : null;
}

function reviewsOf(from: FieldReader): ReviewRights | undefined {
  const given = from.object("reviews", ["divisions", "skills"]);
  return given === undefined ? undefined : { divisions: given.texts("divisions", words) ?? [], skills: given.texts("skills", words) ?? [] };
}

function contextOf(from: FieldReader): ContextRules | undefined {
  const given = from.object("context", ["budgetTokens", "leaveOut"]);
  if (given === undefined) return undefined;
  return present({ budgetTokens: given.whole("budgetTokens", { min: 100, max: 200_000 }), leaveOut: given.texts("leaveOut", words) });
}
