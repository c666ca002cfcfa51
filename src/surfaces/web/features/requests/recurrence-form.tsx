import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type { RecurrenceBody, RecurrenceCheck } from "../../../../contract/recurrence-contract.ts";
import { call } from "../../api.ts";
import { announce } from "../../shell/announce.tsx";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { instantText } from "../../shell/words.ts";

const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;
const day = (date: Date): string => weekdays[date.getDay()] ?? "MO";

/** Rules that most people mean; the start says which day. */
const presets: Readonly<Record<string, { readonly label: string; readonly rule: (start: Date) => string }>> = {
  weekly: { label: "Every week on that day", rule: (start) => `FREQ=WEEKLY;BYDAY=${day(start)}` },
  workdays: { label: "Every day from Monday to Friday", rule: () => "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR" },
  fortnight: { label: "Every two weeks on that day", rule: (start) => `FREQ=WEEKLY;INTERVAL=2;BYDAY=${day(start)}` },
  monthly: { label: "Every month on that date", rule: (start) => `FREQ=MONTHLY;BYMONTHDAY=${start.getDate()}` },
  monthday: { label: "Every month on that weekday", rule: (start) => `FREQ=MONTHLY;BYDAY=${Math.ceil(start.getDate() / 7)}${day(start)}` },
  monthend: { label: "On the last day of every month", rule: () => "FREQ=MONTHLY;BYMONTHDAY=-1" },
  quarterly: { label: "Every three months on that date", rule: (start) => `FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=${start.getDate()}` },
  own: { label: "A rule of my own (RFC 5545)", rule: () => "" },
};

/** Tomorrow at nine, as a form field has it. */
function firstStart(): string {
  const at = new Date(Date.now() + 86_400_000);
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T09:00`;
}

/** What is filled in, and the rule it comes to; null: not complete yet. */
function useRule() {
  const [preset, setPreset] = useState("weekly");
  const [own, setOwn] = useState("FREQ=WEEKLY;BYDAY=MO");
  const [startsAt, setStartsAt] = useState(firstStart);
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const start = new Date(startsAt);
  const rule = preset === "own" ? own.trim() : Number.isNaN(start.getTime()) ? "" : (presets[preset]?.rule(start) ?? "");
  const body: RecurrenceBody | null = rule === "" || zone.trim() === "" || startsAt === "" ? null : { rule, zone: zone.trim(), startsAt };
  return { preset, setPreset, own, setOwn, startsAt, setStartsAt, zone, setZone, body };
}

/** When a request is filed again; the server says which times that comes to before anything is set. */
export function RecurrenceForm({ reference, onDone }: { readonly reference: string; readonly onDone: () => void }) {
  const chosen = useRule();
  const { body } = chosen;
  const check = useQuery({
    queryKey: ["recurrence-check", body],
    queryFn: () => call<RecurrenceCheck>("POST", "/api/recurrence-check", body),
    enabled: body !== null,
    retry: false,
  });
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => call<CommandAnswer>("POST", `/api/requests/${encodeURIComponent(reference)}/recur`, body),
    onSuccess: async () => {
      announce(`${reference} is filed by the calendar.`);
      await client.invalidateQueries({ queryKey: ["recurrences"] });
      onDone();
    },
  });
  const isGood = body !== null && check.data?.problem === null;
  return (
    <form
      className="flex flex-col gap-3 border-t border-line pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood) save.mutate();
      }}
    >
      <RuleFields {...chosen} />
      <Ahead check={check.data} />
      <ActError error={check.error ?? save.error} />
      <div className="flex gap-2">
        <Button type="submit" tone="accent" disabled={!isGood || save.isPending}>
          File it then
        </Button>
        <Button tone="quiet" onClick={onDone}>
          Leave it
        </Button>
      </div>
    </form>
  );
}

/** The next times, or what is wrong with the rule. */
const Ahead = ({ check }: { readonly check: RecurrenceCheck | undefined }) => (
  <div role="status" className="text-sm text-ink-2">
    {check?.problem !== null && check?.problem !== undefined && <span className="text-bad">{check.problem}</span>}
    {check?.problem === null && `Next: ${check.nextAtMs.slice(0, 3).map(instantText).join("; ")} (your time).`}
  </div>
);

function RuleFields({ preset, setPreset, own, setOwn, startsAt, setStartsAt, zone, setZone }: ReturnType<typeof useRule>) {
  return (
    <>
      <SelectField label="How often" value={preset} onChange={(event) => setPreset(event.target.value)}>
        {Object.entries(presets).map(([id, { label }]) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </SelectField>
      {preset === "own" && (
        <TextField
          label="Rule"
          className="font-mono text-sm"
          value={own}
          maxLength={300}
          onChange={(event) => setOwn(event.target.value)}
          spellCheck={false}
        />
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField label="From" type="datetime-local" value={startsAt} onChange={(event) => setStartsAt(event.target.value.slice(0, 16))} />
        <TextField label="Time zone" value={zone} onChange={(event) => setZone(event.target.value)} spellCheck={false} autoComplete="off" />
      </div>
    </>
  );
}
