import { Trash2 } from "lucide-react";
import type { CriterionDocument, PlanTaskDocument } from "../../../../contract/plan-contract.ts";
import { Button, IconButton, SelectField, TextField } from "../../shell/controls.tsx";
import { checkSentence } from "../review/criteria-list.tsx";

interface FormProps {
  readonly task: PlanTaskDocument;
  /** Keys of the other tasks. */
  readonly others: readonly string[];
  readonly onChange: (fields: Partial<PlanTaskDocument>) => void;
  readonly onRemove: () => void;
}

const words = (text: string): readonly string[] =>
  text
    .split(/[\s,;]+/u)
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** A list as it is typed: what follows the last comma may still grow, so the field keeps its own text. */
function ListField({
  label,
  hint,
  value,
  onChange,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
}) {
  return (
    <TextField
      key={label}
      label={label}
      {...(hint === undefined ? {} : { hint })}
      className="font-mono text-sm"
      defaultValue={value.join(", ")}
      onBlur={(event) => onChange(words(event.target.value))}
      onKeyDown={(event) => {
        if (event.key === "Enter") onChange(words(event.currentTarget.value));
      }}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

/** One task of the plan: what, after what, by whom, how long, how it is judged. */
export function TaskForm({ task, others, onChange, onRemove }: FormProps) {
  return (
    <div key={task.task} role="group" aria-label={`Task ${task.task}`} className="grid content-start gap-3 sm:grid-cols-2">
      <div className="sm:col-span-2">
        <TextField label="Title" value={task.title} onChange={(event) => onChange({ title: event.target.value })} />
      </div>
      <ListField
        label="After"
        hint={others.length === 0 ? "No other task." : `Keys: ${others.slice(0, 8).join(", ")}${others.length > 8 ? ", …" : ""}`}
        value={task.dependencies}
        onChange={(dependencies) => onChange({ dependencies })}
      />
      <ListField label="Makes" hint="Names of its outputs." value={task.outputs} onChange={(outputs) => onChange({ outputs })} />
      <TextField
        label="Persona"
        className="font-mono text-sm"
        value={task.persona}
        onChange={(event) => onChange({ persona: event.target.value })}
        autoComplete="off"
        spellCheck={false}
      />
      <SelectField label="Done by" value={task.executor ?? ""} onChange={(event) => onChange(executorOf(event.target.value))}>
        <option value="">As its persona works</option>
        {executors.map((executor) => (
          <option key={executor} value={executor}>
            {executor}
          </option>
        ))}
      </SelectField>
      <Hours task={task} onChange={onChange} />
      <SelectField label="Risk" value={task.risk} onChange={(event) => onChange({ risk: oneOf(risks, event.target.value) })}>
        {risks.map((risk) => (
          <option key={risk}>{risk}</option>
        ))}
      </SelectField>
      <SelectField label="Review" value={task.review} onChange={(event) => onChange({ review: oneOf(reviews, event.target.value) })}>
        {reviews.map((review) => (
          <option key={review} value={review}>
            {reviewWords[review]}
          </option>
        ))}
      </SelectField>
      <Criteria criteria={task.acceptance} output={task.outputs[0]} onChange={(acceptance) => onChange({ acceptance })} />
      <Button tone="danger" className="justify-self-start" onClick={onRemove}>
        Remove this task
      </Button>
    </div>
  );
}

const executors = ["human", "rules", "model", "agent", "remote"] as const;
const risks = ["low", "medium", "high"] as const;
const reviews = ["checks", "independent", "person"] as const;
const reviewWords = { checks: "Checks suffice", independent: "Another performer judges", person: "A person judges" } as const;

function oneOf<Value extends string>(values: readonly [Value, ...Value[]], text: string): Value {
  return values.find((value) => value === text) ?? values[0];
}

const executorOf = (text: string): Partial<PlanTaskDocument> => {
  const executor = executors.find((one) => one === text);
  return { executor } as Partial<PlanTaskDocument>; // undefined takes the field out when the plan is sent as JSON
};

/** Low, likely and high, in hours of work. */
function Hours({ task, onChange }: Pick<FormProps, "task" | "onChange">) {
  const set = (field: keyof PlanTaskDocument["estimate"], text: string) => {
    const hours = Number(text.replace(",", "."));
    if (text.trim() !== "" && Number.isFinite(hours)) onChange({ estimate: { ...task.estimate, [field]: hours } });
  };
  return (
    <fieldset className="grid grid-cols-3 gap-2 sm:col-span-2">
      <legend className="mb-1 text-sm font-medium">Hours of work</legend>
      {(
        [
          ["lowHours", "Low (P10)"],
          ["likelyHours", "Likely"],
          ["highHours", "High (P90)"],
        ] as const
      ).map(([field, label]) => (
        <TextField
          key={field}
          label={label}
          inputMode="decimal"
          defaultValue={String(task.estimate[field])}
          onBlur={(event) => set(field, event.target.value)}
        />
      ))}
    </fieldset>
  );
}

interface CriteriaProps {
  readonly criteria: readonly CriterionDocument[];
  /** What a new criterion looks for at first. */
  readonly output: string | undefined;
  readonly onChange: (criteria: readonly CriterionDocument[]) => void;
}

function Criteria({ criteria, output, onChange }: CriteriaProps) {
  const add = (check: CriterionDocument["check"], statement: string) => {
    const ids = new Set(criteria.map((criterion) => criterion.id));
    let number = criteria.length + 1;
    while (ids.has(`a${number}`)) number += 1; // ends: there are finitely many ids
    onChange([...criteria, { id: `a${number}`, statement, check }]);
  };
  return (
    <fieldset className="flex flex-col gap-2 sm:col-span-2">
      <legend className="mb-1 text-sm font-medium">Must fulfil</legend>
      {criteria.map((criterion, at) => (
        <div key={criterion.id} className="flex items-start gap-2">
          <code className="id w-6 pt-2 text-ink-3">{criterion.id}</code>
          <div className="min-w-0 flex-1">
            <input
              aria-label={`Statement of ${criterion.id}`}
              value={criterion.statement}
              onChange={(event) => onChange(criteria.map((one, index) => (index === at ? { ...one, statement: event.target.value } : one)))}
              className="h-8 w-full rounded border border-line-strong bg-sheet px-2 text-base"
            />
            <p className="text-xs text-ink-3">{checkSentence(criterion.check)}</p>
          </div>
          <IconButton label={`Remove ${criterion.id}`} onClick={() => onChange(criteria.filter((_, index) => index !== at))}>
            <Trash2 size={15} aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <div className="flex flex-wrap gap-2">
        {output !== undefined && (
          <Button tone="quiet" onClick={() => add({ kind: "output", output }, `${output} is there.`)}>
            Code looks for {output}
          </Button>
        )}
        <Button
          tone="quiet"
          onClick={() => add({ kind: "person", question: "Is it as it was asked for?" }, "A person finds it as it was asked for.")}
        >
          A person judges
        </Button>
      </div>
    </fieldset>
  );
}
