import { readFileSync } from "node:fs";
import path from "node:path";
import { type Node as SyntaxNode, parseSync, Visitor, type Program } from "oxc-parser";
import { effectMoves } from "../../src/core/gate/effect.ts";
import { requestMoves } from "../../src/core/requests/request.ts";
import { calledName, cell, heading, literalsOf, nameOf, propertyOf, type SourceText } from "./sources.ts";

export interface EmittedEvent {
  readonly kind: string;
  readonly fields: readonly string[];
  readonly file: string;
}

/** One line per event: what it means, the success metrics it feeds, and fields that are spread into its data. */
export type EventLines = { readonly [kind: string]: readonly [meaning: string, feeds: string, spread: readonly string[]] };

const metrics: { readonly [key: string]: string } = {
  M1: "task completion velocity",
  M2: "resource utilisation",
  M3: "error reduction",
  M4: "quality improvement",
  M5: "new function automation",
  M6: "cross-training effectiveness",
  M7: "adaptation speed",
  M8: "innovation acceleration",
  M9: "strategic decision quality",
  M10: "creative breakthroughs",
  M11: "leadership effectiveness",
  M12: "work satisfaction",
};

/** Events that the success metrics need and that no code emits yet. */
const notYet = [
  "baseline.set",
  "benefit.declared",
  "benefit.measured",
  "capacity.set",
  "defect.found",
  "domain.opened",
  "goal.changed",
  "idea.adopted",
  "idea.delivered",
  "idea.proposed",
  "idea.reverted",
  "intervention.judged",
  "intervention.opened",
  "item.rated",
  "pulse.answered",
]; // oxfmt keeps lists of words as they are

/** Names that are put together: `request.${to}` is any state, `effect.${outcome}` any end of an effect. */
const templates: { readonly [head: string]: readonly string[] } = {
  "request.": Object.keys(requestMoves),
  "tool.": ["allowed", "asked", "refused"],
  "effect.": Object.keys(effectMoves).filter((state) => state !== "intended" && state !== "started"),
};

/** Every event one source of core records, with the fields of its data as far as they are written out. */
export function eventsIn({ file, text }: SourceText): readonly EmittedEvent[] {
  const { program } = parseSync(file, text);
  const objects = objectsOf(program);
  const found: EmittedEvent[] = [];
  const fieldsOf = (data: SyntaxNode | null | undefined): readonly string[] => {
    if (data?.type === "Identifier") return fieldsOf(objects.get(data.name));
    if (data?.type !== "ObjectExpression") return [];
    return data.properties.flatMap((property) => (property.type === "Property" ? [nameOf(property.key)] : fieldsOf(property.argument)));
  };
  const note = (kinds: readonly string[], data: SyntaxNode | null | undefined, more: readonly string[] = []): void => {
    for (const kind of kinds) found.push({ kind, fields: [...more, ...fieldsOf(data)], file });
  };
  new Visitor({
    CallExpression: (node) => {
      const name = calledName(node);
      if (name === "record") note(namesOf(node.arguments[2]), node.arguments[3]);
      if (name === "moveTask")
        note(literalsOf(propertyOf(node.arguments[2], "event")), propertyOf(node.arguments[2], "data"), ["requestId", "taskKey", "from"]);
      if (name === "moveRequest")
        note(
          literalsOf(propertyOf(node.arguments[2], "to")).map((state) => `request.${state}`),
          propertyOf(node.arguments[2], "data"),
        );
    },
  }).visit(program);
  return found;
}

function namesOf(node: SyntaxNode | undefined): readonly string[] {
  if (node?.type !== "TemplateLiteral") return literalsOf(node);
  const head = node.quasis[0]?.value.cooked ?? "";
  return (templates[head] ?? []).map((tail) => `${head}${tail}`);
}

/** Objects that a source names before it uses them. */
function objectsOf(program: Program): ReadonlyMap<string, SyntaxNode> {
  const objects = new Map<string, SyntaxNode>();
  new Visitor({
    VariableDeclarator: (node) => {
      if (node.id.type === "Identifier" && node.init?.type === "ObjectExpression") objects.set(node.id.name, node.init);
    },
  }).visit(program);
  return objects;
}

export const readEventLines = (): EventLines =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, "event-lines.json"), "utf8")) as EventLines; // our own file, checked below

/** Events without a line, lines without an event and unknown metrics, as sentences. */
export function eventProblems(found: readonly EmittedEvent[], lines: EventLines): readonly string[] {
  const kinds = new Set(found.map((event) => event.kind));
  return [
    ...[...kinds].filter((kind) => lines[kind] === undefined).map((kind) => `${kind} has no line in event-lines.json`),
    ...Object.keys(lines)
      .filter((kind) => !kinds.has(kind))
      .map((kind) => `${kind} stands in event-lines.json and is recorded nowhere`),
    ...notYet.filter((kind) => kinds.has(kind)).map((kind) => `${kind} is recorded now: take it off the list of what is missing`),
    ...Object.entries(lines).flatMap(([kind, [, feeds]]) =>
      feeds
        .split(" ")
        .filter((key) => key !== "" && metrics[key] === undefined)
        .map((key) => `${kind} feeds ${key}, which is no metric`),
    ),
  ];
}

/** The reference page. @throws when the lines and the sources disagree */
export function eventsPage(found: readonly EmittedEvent[], lines: EventLines): string {
  const problems = eventProblems(found, lines);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const fields = new Map<string, ReadonlySet<string>>();
  for (const event of found) fields.set(event.kind, new Set([...(fields.get(event.kind) ?? []), ...event.fields]));
  const rows = Object.entries(lines)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(
      ([kind, [meaning, feeds, spread]]) =>
        `| \`${kind}\` | ${cell(meaning)} | ${[...(fields.get(kind) ?? []), ...spread].map((field) => `\`${field}\``).join(" ")} | ${feeds.split(" ").join(", ")} |`,
    );
  return [
    ...heading(
      "Events",
      "An event is a fact that core recorded in the same transaction as the change. Its number has no gap inside the stream of its subject; `actor`, `cause` (the key of the command), the project's time and the recorded time stand beside it.",
    ),
    "A field that is listed may be absent where the fact has none. `GET /events` sends the same events live, `xvc request show` and the timeline tell them in sentences.",
    "",
    "| event | means | data | feeds |",
    "|---|---|---|---|",
    ...rows,
    "",
    "## The success metrics",
    "",
    "Numbers of flow, quality and oversight are counted from these events ([how](../explanation/metrics.md)); the twelve metrics as a whole are not computed yet. The events are recorded from the first day, so that each has a baseline. Work in a rehearsal is recorded the same way, in a project of its own, so that it is left out.",
    "",
    "| | metric |",
    "|---|---|",
    ...Object.entries(metrics).map(([key, name]) => `| ${key} | ${name} |`),
    "",
    `They also need these, which nothing records yet: ${notYet.map((kind) => `\`${kind}\``).join(", ")}.`,
    "",
  ].join("\n");
}
