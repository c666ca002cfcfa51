import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import type { KeyResultDocument, ObjectiveBody } from "../../../../contract/objective-contract.ts";
import { announce } from "../../shell/announce.tsx";
import { Button, SelectField, TextArea, TextField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { ActError } from "../../shell/states.tsx";
import { createObjective, recordKeyResult, settleObjective } from "./objectives-data.ts";

interface ActFormProps {
  readonly title: string;
  readonly act: string;
  readonly said: string;
  readonly ready: boolean;
  readonly send: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** One act in a dialog: its fields, what was refused, and the two ways out. */
export function ActForm({ title, act, said, ready, send, onClose, children }: ActFormProps) {
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: send,
    onSuccess: async () => {
      announce(said);
      await client.invalidateQueries();
      onClose();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) run.mutate();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        {children}
        <ActError error={run.error} />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" tone="accent" disabled={run.isPending || !ready}>
            {act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface Measure {
  readonly statement: string;
  readonly unit: string;
  readonly start: string;
  readonly target: string;
}

const noMeasure: Measure = { statement: "", unit: "", start: "", target: "" };
const maxMeasures = 10;
const isNumber = (text: string): boolean => /^-?\d{1,15}(?:[.,]\d{1,6})?$/u.test(text.trim());
const numberOf = (text: string): number => Number(text.trim().replace(",", "."));

/** Sets an objective with its key results. */
export function NewObjective({ onClose }: { readonly onClose: () => void }) {
  const [title, setTitle] = useState("");
  const [due, setDue] = useState("");
  const [measures, setMeasures] = useState<readonly Measure[]>([noMeasure]);
  const stated = measures.filter((one) => one.statement.trim() !== "");
  const ready =
    title.trim() !== "" &&
    stated.every((one) => isNumber(one.start) && isNumber(one.target) && numberOf(one.start) !== numberOf(one.target));
  const body = (): ObjectiveBody => ({
    title: title.trim(),
    ...(due === "" ? {} : { dueAtMs: new Date(`${due}T23:59:59`).getTime() }),
    keyResults: stated.map(({ statement, unit, start, target }) => ({
      statement: statement.trim(),
      unit: unit.trim(),
      startValue: numberOf(start),
      targetValue: numberOf(target),
    })),
  });
  const set = (at: number, fields: Partial<Measure>): void =>
    setMeasures(measures.map((one, index) => (index === at ? { ...one, ...fields } : one)));
  return (
    <ActForm
      title="New objective"
      act="Set it"
      said="The objective is set."
      ready={ready}
      send={() => createObjective(body())}
      onClose={onClose}
    >
      <TextField label="What is to be reached" value={title} maxLength={300} required onChange={(event) => setTitle(event.target.value)} />
      <TextField label="By when (optional)" type="date" value={due} onChange={(event) => setDue(event.target.value)} />
      {measures.map((one, at) => (
        <fieldset key={at} className="grid grid-cols-3 gap-2 border-t border-line pt-2">
          <legend className="text-sm font-semibold">Key result {at + 1}</legend>
          <div className="col-span-3">
            <TextField
              label="What is measured"
              value={one.statement}
              maxLength={300}
              onChange={(event) => set(at, { statement: event.target.value })}
            />
          </div>
          <TextField label="From" inputMode="decimal" value={one.start} onChange={(event) => set(at, { start: event.target.value })} />
          <TextField label="To" inputMode="decimal" value={one.target} onChange={(event) => set(at, { target: event.target.value })} />
          <TextField label="Unit" value={one.unit} maxLength={40} onChange={(event) => set(at, { unit: event.target.value })} />
        </fieldset>
      ))}
      {measures.length < maxMeasures && (
        <Button className="self-start" onClick={() => setMeasures([...measures, noMeasure])}>
          One more key result
        </Button>
      )}
    </ActForm>
  );
}

/** Puts a new value on a key result; the reason is kept with it. */
export function NewValue({
  reference,
  measure,
  onClose,
}: {
  readonly reference: string;
  readonly measure: KeyResultDocument;
  readonly onClose: () => void;
}) {
  const [value, setValue] = useState("");
  const [reason, setReason] = useState("");
  const send = () => recordKeyResult(reference, { keyResultId: measure.id, value: numberOf(value), reason: reason.trim() });
  return (
    <ActForm
      title={measure.statement}
      act="Record it"
      said="The value is recorded."
      ready={isNumber(value) && reason.trim() !== ""}
      send={send}
      onClose={onClose}
    >
      <p className="text-sm text-ink-2">
        Now {measure.currentValue} {measure.unit}, from {measure.startValue} to {measure.targetValue}.
      </p>
      <TextField
        label={`New value${measure.unit === "" ? "" : ` (${measure.unit})`}`}
        inputMode="decimal"
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <TextArea
        label="Where the value comes from"
        rows={2}
        className="min-h-14"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </ActForm>
  );
}

type Outcome = "reached" | "missed" | "withdrawn";

/** Ends an objective for good. */
export function EndObjective({ reference, onClose }: { readonly reference: string; readonly onClose: () => void }) {
  const [outcome, setOutcome] = useState<Outcome>("reached");
  const [reason, setReason] = useState("");
  const send = () => settleObjective(reference, { outcome, reason: reason.trim() });
  return (
    <ActForm
      title={`End ${reference}`}
      act="End it"
      said={`${reference} has ended.`}
      ready={reason.trim() !== ""}
      send={send}
      onClose={onClose}
    >
      <SelectField label="How it ended" value={outcome} onChange={(event) => setOutcome(event.target.value as Outcome)}>
        <option value="reached">Reached</option>
        <option value="missed">Missed</option>
        <option value="withdrawn">Not wanted any more</option>
      </SelectField>
      <TextArea
        label="Why"
        hint="Kept with the objective."
        rows={2}
        className="min-h-14"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </ActForm>
  );
}
