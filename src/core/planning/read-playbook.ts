import type { Json, JsonObject } from "../shared/json.ts";
import type { PlaybookFields } from "./decide-organization.ts";
import { playbookProblems } from "./decide-organization.ts";

export type ReadPlaybook =
  | { readonly kind: "playbook"; readonly playbook: PlaybookFields }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/**
 * Reads a playbook: `xvc.playbook/1`, or a bare plan such as the vision's own JSON, which becomes a playbook named
 * after its request. A playbook whose plan is not sound is refused with every problem.
 */
export function readPlaybook(raw: Json): ReadPlaybook {
  if (!isObject(raw)) return { kind: "problems", problems: ["A playbook is a JSON object."] };
  const source = raw["plan"] === undefined && Array.isArray(raw["decomposition"]) ? wrapPlan(raw) : raw;
  const { name, plan } = source;
  if (typeof name !== "string" || !/^[a-z0-9][a-z0-9_-]{0,99}$/u.test(name))
    return { kind: "problems", problems: ["A playbook's `name` has lower-case letters, digits, - and _, at most 100."] };
  if (!isObject(plan)) return { kind: "problems", problems: [`Playbook ${name} has no \`plan\`.`] };
  const playbook: PlaybookFields = {
    name,
    playbookVersion: versionOf(source["version"]),
    division: typeof source["division"] === "string" ? source["division"] : "",
    matches: texts(source["matches"]),
    inputs: readInputs(source["inputs"]),
    deliverable: texts(source["deliverable"]),
    plan,
    ...(source["proven"] === true ? { proven: true } : {}),
  };
  const problems = playbookProblems(playbook);
  return problems.length > 0 ? { kind: "problems", problems } : { kind: "playbook", playbook };
}

/** A bare plan as a playbook that its own request finds. */
const wrapPlan = (plan: JsonObject): JsonObject => ({
  name: nameOf(plan["request"]),
  version: 1,
  matches: typeof plan["request"] === "string" ? [plan["request"]] : [],
  plan,
});

const versionOf = (value: Json | undefined): number => (typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 1);

const readInputs = (value: Json | undefined): PlaybookFields["inputs"] =>
  Array.isArray(value) ? (value as readonly Json[]).flatMap(readInput) : [];

function readInput(input: Json): PlaybookFields["inputs"] {
  if (!isObject(input) || typeof input["name"] !== "string") return [];
  return [{ name: input["name"], kind: typeof input["kind"] === "string" ? input["kind"] : "file", required: input["required"] !== false }];
}

const nameOf = (request: Json | undefined): string =>
  typeof request === "string"
    ? request
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/gu, "-")
        .replaceAll(/^-+|-+$/gu, "")
        .slice(0, 100)
    : "";
const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const texts = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter((item): item is string => typeof item === "string") : [];
