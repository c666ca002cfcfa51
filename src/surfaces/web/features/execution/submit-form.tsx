import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { TaskDetail, TaskSubmitBody } from "../../../../contract/task-contract.ts";
import { api } from "../../api.ts";
import { announce } from "../../shell/announce.tsx";
import { Button, SelectField, TextArea, TextField } from "../../shell/controls.tsx";
import { isTextRecord, useDraft } from "../../shell/draft.ts";
import { Section } from "../../shell/page.tsx";
import { ActError } from "../../shell/states.tsx";
import { type FormField, formFields, formOutputs, formProblems } from "./form-fields.ts";

const nothing: Record<string, string> = {};
const pointName = (id: string): string => `point:${id}`;
type Texts = Readonly<Record<string, string>>;

/** What is missing from the answers to the points of the last review. */
const pointProblems = (task: TaskDetail, values: Texts): Texts =>
  Object.fromEntries(
    task.reworkPoints
      .filter((point) => (values[pointName(point.id)] ?? "").trim() === "")
      .map((point) => [pointName(point.id), "Say what you did about this point."]),
  );

function submission(task: TaskDetail, fields: readonly FormField[], values: Texts): TaskSubmitBody {
  const minutes = Number(values["minutes"] ?? "");
  return {
    outputs: formOutputs(fields, values, task.expectedOutputs),
    ...(task.reworkPoints.length === 0
      ? {}
      : { pointAnswers: Object.fromEntries(task.reworkPoints.map((point) => [point.id, (values[pointName(point.id)] ?? "").trim()])) }),
    ...(minutes > 0 ? { minutesSpent: minutes } : {}),
  };
}

/** Hands in the work: the form comes from the task's own output schema, the draft survives a reload. */
export function SubmitForm({ task }: { readonly task: TaskDetail }) {
  const fields = formFields(task.outputSchema, task.expectedOutputs);
  const draft = useDraft(`task.${task.id}.${task.round}`, nothing, isTextRecord);
  const [problems, setProblems] = useState<Texts>(nothing);
  const client = useQueryClient();
  const submit = useMutation({
    mutationFn: (body: TaskSubmitBody) => api.submitTask(task.label, body),
    onSuccess: async () => {
      draft.clear();
      announce("Handed in. The checks run now.");
      await client.invalidateQueries();
    },
  });
  const set = (name: string, value: string) => draft.change({ ...draft.value, [name]: value });
  const handIn = (event: FormEvent) => {
    event.preventDefault();
    const found = { ...formProblems(fields, draft.value), ...pointProblems(task, draft.value) };
    setProblems(found);
    if (Object.keys(found).length === 0) submit.mutate(submission(task, fields, draft.value));
  };
  return (
    <Section title="Hand in">
      <form onSubmit={handIn} noValidate className="flex flex-col gap-4">
        {task.reworkPoints.map((point) => (
          <TextArea
            key={point.id}
            label={`To the point of ${point.from}: ${point.text}`}
            rows={2}
            className="min-h-14"
            value={draft.value[pointName(point.id)] ?? ""}
            problem={problems[pointName(point.id)]}
            onChange={(event) => set(pointName(point.id), event.target.value)}
          />
        ))}
        {fields.map((field) => (
          <SchemaField
            key={field.name}
            field={field}
            value={draft.value[field.name] ?? ""}
            problem={problems[field.name]}
            onChange={(value) => set(field.name, value)}
          />
        ))}
        <TextField
          label="Minutes spent (optional)"
          type="number"
          min={0}
          className="max-w-32"
          value={draft.value["minutes"] ?? ""}
          onChange={(event) => set("minutes", event.target.value)}
        />
        <ActError error={submit.error} />
        <Button type="submit" tone="accent" disabled={submit.isPending} className="self-start">
          Hand in
        </Button>
      </form>
    </Section>
  );
}

interface SchemaFieldProps {
  readonly field: FormField;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (value: string) => void;
}

function SchemaField({ field, value, problem, onChange }: SchemaFieldProps) {
  const frame = {
    label: field.required ? field.label : `${field.label} (optional)`,
    problem,
    ...(field.hint === "" ? {} : { hint: field.hint }),
  };
  switch (field.kind) {
    case "choice":
      return (
        <SelectField {...frame} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">Choose</option>
          {field.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </SelectField>
      );
    case "boolean":
      return (
        <label className="flex min-h-8 items-center gap-2 text-sm font-medium">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={value === "yes"}
            onChange={(event) => onChange(event.target.checked ? "yes" : "no")}
          />
          {field.label}
        </label>
      );
    case "number":
      return (
        <TextField {...frame} inputMode="decimal" className="max-w-40" value={value} onChange={(event) => onChange(event.target.value)} />
      );
    case "text":
      return <TextField {...frame} value={value} onChange={(event) => onChange(event.target.value)} />;
    case "list":
      return <TextArea {...frame} hint="One per line." rows={5} value={value} onChange={(event) => onChange(event.target.value)} />;
    case "json":
    case "long-text":
      return (
        <TextArea {...frame} rows={8} className="font-mono text-sm" value={value} onChange={(event) => onChange(event.target.value)} />
      );
  }
}
