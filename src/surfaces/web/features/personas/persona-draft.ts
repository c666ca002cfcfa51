import type { PersonaDocument } from "../../../../contract/persona-contract.ts";

/** A persona as it stands in the form: texts only. */
export interface PersonaDraft {
  readonly worldview: string;
  readonly worldviewText: string;
  readonly specializations: string;
  readonly skills: string;
  readonly tools: string;
  readonly languages: string;
  readonly executors: string;
  readonly capacity: string;
  readonly costPerHour: string;
  readonly checks: string;
  readonly reason: string;
}

const listed = (words: readonly string[] | undefined): string => (words ?? []).join(", ");

export const draftOf = (document: PersonaDocument): PersonaDraft => ({
  worldview: document.worldview,
  worldviewText: document.worldviewText ?? "",
  specializations: listed(document.specializations),
  skills: listed(document.skills),
  tools: listed(document.tools),
  languages: listed(document.languages),
  executors: listed(document.executors),
  capacity: String(document.capacity ?? 1),
  costPerHour: String((document.costPerHourMicro ?? 0) / 1_000_000),
  checks: (document.checks ?? []).map(({ kind, statement }) => `${kind}: ${statement}`).join("\n"),
  reason: "",
});

const kinds = ["rules", "human", "scripted", "model", "agent", "remote"] as const;
type Kind = (typeof kinds)[number];
type Check = NonNullable<PersonaDocument["checks"]>[number];

const words = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(",")
      .map((word) => word.trim())
      .filter((word) => word !== ""),
  ),
];

/** The checks of a text, one on each line; null: a line is none. A check that was there keeps its id. */
function checksOf(text: string, before: readonly Check[]): readonly Check[] | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const read = lines.map((line, at) => {
    const [, kind, statement] = /^\s*(rule|question):\s*(\S.*)$/u.exec(line) ?? [];
    if (statement === undefined || (kind !== "rule" && kind !== "question")) return null;
    const known = before.find((check) => check.statement === statement.trim());
    return { id: known?.id ?? `check-${at + 1}`, kind, statement: statement.trim() } satisfies Check;
  });
  const checks = read.filter((check) => check !== null);
  if (checks.length < lines.length) return null;
  // A new check on the place of one that moved would take its id.
  return checks.map((check, at) =>
    checks.findIndex(({ id }) => id === check.id) === at ? check : { ...check, id: `${check.id}-${at + 1}` },
  );
}

/** What the form says where it is more than words, and the first thing that does not fit. */
function readDraft(draft: PersonaDraft, before: readonly Check[]) {
  const checks = checksOf(draft.checks, before);
  const executors = words(draft.executors).filter((word): word is Kind => kinds.some((kind) => kind === word));
  const capacity = Number(draft.capacity);
  const costPerHourMicro = Math.round(Number(draft.costPerHour) * 1_000_000);
  const isDone = executors.length > 0 && executors.length === words(draft.executors).length;
  const problems: readonly (readonly [fits: boolean, problem: string])[] = [
    [draft.worldview.trim() !== "", "A persona has a worldview."],
    [checks !== null, "Each line of the checks begins with rule: or question: and says something."],
    [isDone, `It is done by ${kinds.join(", ")}; at least one.`],
    [Number.isInteger(capacity) && capacity >= 1, "It takes at least one task at once."],
    [Number.isSafeInteger(costPerHourMicro) && costPerHourMicro >= 0, "The cost per hour is no amount."],
  ];
  const problem = problems.find(([fits]) => !fits)?.[1] ?? null;
  return { problem, checks: checks ?? [], executors, capacity, costPerHourMicro };
}

/** The document that the form says, over the one that it began with. */
export function documentOf(
  document: PersonaDocument,
  draft: PersonaDraft,
): { readonly problem: null; readonly document: PersonaDocument } | { readonly problem: string } {
  const { problem, checks, executors, capacity, costPerHourMicro } = readDraft(draft, document.checks ?? []);
  if (problem !== null) return { problem };
  const { worldviewText: _text, checks: _checks, languages: _languages, version: _version, ...rest } = document;
  const languages = words(draft.languages);
  const worldviewText = draft.worldviewText.trim();
  return {
    problem,
    document: {
      ...rest,
      worldview: draft.worldview.trim(),
      specializations: words(draft.specializations),
      skills: words(draft.skills),
      tools: words(draft.tools),
      executors,
      capacity,
      costPerHourMicro,
      ...(worldviewText === "" ? {} : { worldviewText }),
      ...(checks.length === 0 ? {} : { checks }),
      ...(languages.length === 0 ? {} : { languages }),
    },
  };
}
