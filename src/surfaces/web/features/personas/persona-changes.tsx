import type { FieldChange, PersonaDocument } from "../../../../contract/persona-contract.ts";
import { plainWords } from "../../shell/words.ts";

/** Names of fields as people say them. */
const names: Readonly<Record<string, string>> = {
  worldviewText: "worldview in its own words",
  attemptsWith: "attempts before the next executor",
  costPerHourMicro: "cost per hour, in micro-units",
  tokenRates: "planned cost of a million tokens",
  reviews: "what it may judge",
  context: "what it is told",
  more: "further fields",
};

export const fieldName = (field: string): string => names[field] ?? plainWords(field);

/** A value of a document as text; what is no plain list is shown as JSON. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value))
    return value.length === 0
      ? "none"
      : value.map((one: unknown) => (isCheck(one) ? checkText(one) : valueText(one))).join(isCheck(value[0]) ? "\n" : ", ");
  return JSON.stringify(value);
}

type Check = NonNullable<PersonaDocument["checks"]>[number];

const isCheck = (value: unknown): value is Check => typeof value === "object" && value !== null && "statement" in value && "kind" in value;
const checkText = ({ kind, statement }: Check): string => `${kind === "rule" ? "must hold" : "to ask"}: ${statement}`;

/** Field by field what was there and what is there. Texts are shown as they are and do nothing. */
export function ChangeList({ changes, label }: { readonly changes: readonly FieldChange[]; readonly label: string }) {
  if (changes.length === 0) return <p className="text-sm text-ink-3">Nothing differs.</p>;
  return (
    <dl aria-label={label} className="flex flex-col gap-2 text-sm">
      {changes.map(({ field, before, after }) => (
        <div key={field} className="flex min-w-0 flex-col gap-0.5">
          <dt className="font-medium">{fieldName(field)}</dt>
          {before !== null && (
            <dd className="rounded-sm border-l-2 border-bad bg-bad-wash px-2 py-0.5 break-words whitespace-pre-wrap">
              <del className="no-underline">{valueText(before)}</del>
            </dd>
          )}
          {after !== null && (
            <dd className="rounded-sm border-l-2 border-good bg-good-wash px-2 py-0.5 break-words whitespace-pre-wrap">
              <ins className="no-underline">{valueText(after)}</ins>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
