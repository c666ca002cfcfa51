import { type FormEvent, useState } from "react";
import type { BudgetDocument } from "../../../../contract/budget-contract.ts";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { type Measure, measures, measureWords, readCap, useSetBudget } from "./budget-data.ts";
import { bodyOf, type BudgetDraft, draftOf, periodOf, readPart } from "./budget-draft.ts";

const scopes: readonly (readonly [scope: BudgetDraft["scope"], label: string, asks: string])[] = [
  ["organization", "the organization", ""],
  ["project", "a project", "The project's key"],
  ["request", "one request", "The request, such as ENG-42"],
  ["persona", "a persona", "The persona's key"],
  ["provider", "a provider", "The provider's name"],
  ["model", "a model", "provider/model"],
];

const periods: readonly (readonly [period: BudgetDraft["period"], label: string])[] = [
  ["day", "each day"],
  ["total", "in all"],
  ["window", "in a sliding window"],
];

const asksFor = (scope: BudgetDraft["scope"]): string => scopes.find(([id]) => id === scope)?.[2] ?? "";

interface FormProps {
  /** Null: a new one. */
  readonly budget: BudgetDocument | null;
  readonly currency: string;
  readonly onDone: () => void;
}

/** Sets what a scope may spend. The reason stays on record with the name of whoever says so. */
export function BudgetForm({ budget, currency, onDone }: FormProps) {
  const [draft, setDraft] = useState(() => draftOf(budget));
  const save = useSetBudget(onDone);
  const body = bodyOf(draft, budget !== null || asksFor(draft.scope) === "" || draft.scopeId.trim() !== "");
  const change = (fields: Partial<BudgetDraft>) => setDraft((before) => ({ ...before, ...fields }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (body !== null) save.mutate(body);
  };
  return (
    <form
      aria-label={budget === null ? "A new budget" : `The budget of ${budget.label}`}
      onSubmit={send}
      className="flex flex-col gap-3 rounded border border-line p-3"
    >
      {budget === null && <ScopeFields draft={draft} onChange={change} />}
      <CapFields draft={draft} currency={currency} onChange={change} />
      <ThresholdFields draft={draft} onChange={change} />
      <TextField
        label="Why"
        hint="It stays on record with your name."
        required
        maxLength={2_000}
        value={draft.reason}
        onChange={(event) => change({ reason: event.target.value })}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="accent" disabled={save.isPending || body === null}>
          Set the budget
        </Button>
        <Button tone="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
      <ActError error={save.error} />
    </form>
  );
}

interface FieldsProps {
  readonly draft: BudgetDraft;
  readonly onChange: (fields: Partial<BudgetDraft>) => void;
}

/** Whose budget, and how it is counted. */
function ScopeFields({ draft, onChange }: FieldsProps) {
  const asks = asksFor(draft.scope);
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <SelectField
        label="For"
        value={draft.scope}
        onChange={(event) => onChange({ scope: scopes.find(([id]) => id === event.target.value)?.[0] ?? "project", scopeId: "" })}
      >
        {scopes.map(([id, label]) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </SelectField>
      {asks !== "" && (
        <TextField
          label={asks}
          required
          maxLength={200}
          value={draft.scopeId}
          onChange={(event) => onChange({ scopeId: event.target.value })}
        />
      )}
      {draft.scope !== "request" && (
        <SelectField
          label="Counted"
          value={draft.period}
          onChange={(event) => onChange({ period: periods.find(([id]) => id === event.target.value)?.[0] ?? "day" })}
        >
          {periods.map(([id, label]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </SelectField>
      )}
      {periodOf(draft) === "window" && (
        <TextField
          label="Hours of the window"
          required
          inputMode="decimal"
          value={draft.hours}
          onChange={(event) => onChange({ hours: event.target.value })}
        />
      )}
    </div>
  );
}

const isNumber = (measure: Measure, text: string): boolean => readCap(measure, text) !== undefined;

function CapFields({ draft, currency, onChange }: FieldsProps & { readonly currency: string }) {
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      {measures.map((measure) => (
        <TextField
          key={measure}
          label={measure === "costMicro" ? `Money in ${currency}` : measureWords[measure]}
          hint={measure === "wallMs" ? "Minutes; empty: no limit." : "Empty: no limit."}
          inputMode="decimal"
          value={draft.caps[measure]}
          {...(isNumber(measure, draft.caps[measure]) ? {} : { problem: "This is no number." })}
          onChange={(event) => onChange({ caps: { ...draft.caps, [measure]: event.target.value } })}
        />
      ))}
    </div>
  );
}

function ThresholdFields({ draft, onChange }: FieldsProps) {
  const problem = (text: string) => (readPart(text) === undefined ? { problem: "A number from 1 to 100." } : {});
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <TextField
        label="Warn from, in %"
        hint="Passing it is recorded and shown."
        inputMode="numeric"
        value={draft.warn}
        {...problem(draft.warn)}
        onChange={(event) => onChange({ warn: event.target.value })}
      />
      <TextField
        label="Begin nothing new from, in %"
        hint="What has begun goes on up to the cap. Empty: never."
        inputMode="numeric"
        value={draft.hold}
        {...problem(draft.hold)}
        onChange={(event) => onChange({ hold: event.target.value })}
      />
    </div>
  );
}
