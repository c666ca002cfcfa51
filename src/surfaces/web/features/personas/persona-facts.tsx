import type { ReactNode } from "react";
import type { PersonaDetail } from "../../../../contract/performer-contract.ts";
import { documentFields } from "../../../../core/personas/persona-document.ts";
import { Facts, Section } from "../../shell/page.tsx";
import { moneyText, plainWords, titleWords } from "../../shell/words.ts";
import { valueText } from "./persona-changes.tsx";

const words = (names: readonly string[] | undefined): string =>
  names === undefined || names.length === 0 ? "none" : names.map(plainWords).join(", ");

/** What the persona is: how it looks at its work, what its results are judged by, what it may do. */
export function PersonaFacts({ persona }: { readonly persona: PersonaDetail }) {
  const { document } = persona;
  return (
    <>
      <Section title="Worldview">
        <p className="font-medium">{titleWords(document.worldview)}</p>
        {document.worldviewText === undefined ? (
          <p className="text-sm text-ink-3">It has no words of its own; a model is told the name alone.</p>
        ) : (
          <p className="max-w-[75ch] break-words whitespace-pre-wrap text-ink-2">{document.worldviewText}</p>
        )}
        <Checks checks={document.checks ?? []} />
      </Section>
      <Section title="What it knows">
        <Facts rows={[["Specializations", words(document.specializations)], ...skillRows(persona)]} />
        <p className="text-xs text-ink-3">
          Names and numbers of skills are elements of the O*NET Database by the U.S. Department of Labor (CC BY 4.0).
        </p>
      </Section>
      <Section title="What it may do">
        <Facts rows={rightsOf(persona)} />
      </Section>
    </>
  );
}

function Checks({ checks }: { readonly checks: NonNullable<PersonaDetail["document"]["checks"]> }) {
  if (checks.length === 0) return null;
  return (
    <div className="text-sm">
      <h3 className="font-medium">Checks of its results</h3>
      <ul className="list-disc pl-5 text-ink-2">
        {checks.map(({ id, kind, statement }) => (
          <li key={id} className="py-0.5 break-words">
            {statement} <span className="text-ink-3">{kind === "rule" ? "must hold" : "to ask"}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const skillRows = ({ meanings }: PersonaDetail): readonly (readonly [string, ReactNode])[] =>
  meanings.map(({ skill, elements }) => [
    titleWords(skill),
    elements.length === 0 ? (
      <span key={skill} className="text-ink-3">
        a word of this organization
      </span>
    ) : (
      <span key={skill}>
        {elements.map(({ id, name }, at) => (
          <span key={id}>
            {at > 0 && ", "}
            {name} <span className="font-mono text-xs text-ink-3">{id}</span>
          </span>
        ))}
      </span>
    ),
  ]);

function rightsOf({ document, currency }: PersonaDetail): readonly (readonly [string, string])[] {
  const { limits, reviews, context, tools, languages } = document;
  return [
    ["Done by", executorText(document)],
    ["Tools", tools.length === 0 ? "none" : tools.join(", ")],
    ["May ever ask for", limits === undefined ? "whatever it is given" : limitText(limits)],
    ["May judge", reviews === undefined ? "whatever it knows" : reviewText(reviews)],
    ["Is told", contextText(context)],
    ["Languages", languages === undefined ? "those of its task" : languages.join(", ")],
    ...costRows(document, currency),
    ...Object.entries(further(document)).map(([name, value]) => [titleWords(name), `${valueText(value)} (kept, not used)`] as const),
  ];
}

function executorText({ executors = [], attemptsWith = {} }: Document): string {
  const steps = executors.map((kind) => {
    const most = attemptsWith[kind];
    return most === undefined ? kind : `${kind} (at most ${most} attempts)`;
  });
  return `${steps.join(", then ") || "nobody"}${steps.length > 1 ? "; the next one when the one before it cannot run" : ""}`;
}

function costRows({ costPerHourMicro = 0, tokenRates }: Document, currency: string): readonly (readonly [string, string])[] {
  const per = (micro: number): string => moneyText(micro, currency);
  return [
    ["Per hour", costPerHourMicro === 0 ? "no cost is stated" : per(costPerHourMicro)],
    ...(tokenRates === undefined
      ? []
      : ([["A million tokens", `${per(tokenRates.inputMicro)} in, ${per(tokenRates.outputMicro)} out, as planned`]] as const)),
  ];
}

type Document = PersonaDetail["document"];

function limitText({ tools, effectKinds, ranges }: NonNullable<Document["limits"]>): string {
  const parts = [
    ...(tools === undefined ? [] : [`the tools ${tools.join(", ") || "none"}`]),
    ...(effectKinds === undefined ? [] : [`calls that are ${effectKinds.map(plainWords).join(", ") || "nothing"}`]),
    ...(ranges === undefined ? [] : [`arguments within ${JSON.stringify(ranges)}`]),
  ];
  return parts.length === 0 ? "whatever it is given" : parts.join("; ");
}

function reviewText({ divisions, skills }: NonNullable<Document["reviews"]>): string {
  if (divisions.length === 0 && skills.length === 0) return "nothing";
  return [divisions.length === 0 ? "" : `tasks of ${words(divisions)}`, skills.length === 0 ? "" : `tasks that need ${words(skills)}`]
    .filter((part) => part !== "")
    .join(", ");
}

function contextText(context: Document["context"]): string {
  const budget = context?.budgetTokens === undefined ? "as much as anybody" : `up to ${context.budgetTokens} tokens`;
  const without = context?.leaveOut ?? [];
  return without.length === 0 ? budget : `${budget}, without ${words(without)} unless it binds`;
}

/** What the page shows by name; what stands under `more` in a row is spread over its document. */
const known: ReadonlySet<string> = new Set(["version", ...documentFields.filter((field) => field !== "more")]);

/** Fields that nothing uses. */
const further = (document: Document): { readonly [field: string]: unknown } =>
  Object.fromEntries(Object.entries(document).filter(([field]) => !known.has(field)));
