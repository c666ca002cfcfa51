import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import type { FactBody, FactCorrectionBody, FactDetail, FactPeriodDocument } from "../../../../contract/fact-contract.ts";
import { call } from "../../api.ts";
import { Button, TextField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { ActError } from "../../shell/states.tsx";
import { valueIn, valueText } from "./beliefs-data.ts";
import { dayStartMs } from "./decision-writing.ts";

interface SayingProps {
  readonly title: string;
  readonly submit: string;
  readonly send: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function Saying({ title, submit, send, onClose, children }: SayingProps) {
  const client = useQueryClient();
  const say = useMutation({
    mutationFn: send,
    onSuccess: async () => {
      await Promise.all(["facts", "fact", "beliefs"].map((key) => client.invalidateQueries({ queryKey: [key] })));
      onClose();
    },
  });
  const submitIt = (event: FormEvent): void => {
    event.preventDefault();
    say.mutate();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="flex flex-col gap-3" onSubmit={submitIt}>
        {children}
        <ActError error={say.error} />
        <Button type="submit" tone="accent" className="self-start" disabled={say.isPending}>
          {submit}
        </Button>
      </form>
    </Dialog>
  );
}

interface Said {
  readonly value: string;
  readonly source: string;
  readonly address: string;
}

interface SaidProps {
  readonly said: Said;
  readonly write: (fields: Partial<Said>) => void;
}

function SaidFields({ said, write }: SaidProps) {
  return (
    <>
      <TextField
        label="Value"
        hint="A text, a number, yes, no, or unknown"
        required
        maxLength={4_000}
        value={said.value}
        onChange={(event) => write({ value: event.target.value })}
      />
      <TextField
        label="Where it comes from"
        required
        maxLength={1_000}
        value={said.source}
        onChange={(event) => write({ source: event.target.value })}
      />
      <TextField
        label="Page it comes from"
        hint="May stay empty"
        type="url"
        maxLength={2_000}
        placeholder="https://"
        value={said.address}
        onChange={(event) => write({ address: event.target.value })}
      />
    </>
  );
}

const sayable = ({ value, source, address }: Said): Pick<FactBody, "value" | "source" | "address"> => ({
  value: valueIn(value),
  source: source.trim(),
  ...(address.trim() === "" ? {} : { address: address.trim() }),
});

/** A value from a day on: a new fact, or the next period of one that is known. */
export function LearnFact({ known, onClose }: { readonly known: FactDetail | null; readonly onClose: () => void }) {
  const project = useProjectKey();
  const [said, setSaid] = useState<Said>({ value: "", source: "", address: "" });
  const [about, setAbout] = useState({ subject: known?.subjectName ?? "", attribute: known?.attribute ?? "", from: "" });
  const send = () => {
    const fromMs = about.from === "" ? undefined : dayStartMs(about.from);
    const isWords = known === null || known.subjectKind === "words";
    const body: FactBody = {
      subject: isWords ? about.subject.trim() : { kind: known.subjectKind, id: known.subjectId, name: known.subjectName },
      attribute: about.attribute.trim(),
      ...sayable(said),
      ...(fromMs === undefined ? {} : { fromMs }),
      ...(known === null ? {} : { version: known.version }),
      ...(project === "" ? {} : { project }),
    };
    return call("POST", "/api/facts", body);
  };
  return (
    <Saying title={known === null ? "Record a fact" : "It has changed"} submit="Put it on record" send={send} onClose={onClose}>
      {known === null && (
        <>
          <TextField
            label="What it is about"
            required
            maxLength={200}
            value={about.subject}
            onChange={(event) => setAbout({ ...about, subject: event.target.value })}
          />
          <TextField
            label="Attribute"
            hint="Such as “price per seat”"
            required
            maxLength={80}
            value={about.attribute}
            onChange={(event) => setAbout({ ...about, attribute: event.target.value })}
          />
        </>
      )}
      <SaidFields said={said} write={(fields) => setSaid({ ...said, ...fields })} />
      <TextField
        label="Holds from"
        hint="Empty: from now. The value before ends there."
        type="date"
        value={about.from}
        onChange={(event) => setAbout({ ...about, from: event.target.value })}
      />
    </Saying>
  );
}

/** A day as a field for dates has it, in the reader's own time zone. */
const dayOf = (atMs: number): string => {
  const local = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 10);
};

/** A day that was not touched stands for the exact instant it was made of. */
const instantOf = (day: string, before: number | null): number | null => {
  if (day === "") return null;
  return before !== null && day === dayOf(before) ? before : (dayStartMs(day) ?? null);
};

interface CorrectProps {
  readonly fact: FactDetail;
  readonly period: FactPeriodDocument;
  readonly onClose: () => void;
}

/** Another value for a time that was believed to be otherwise. */
export function CorrectFact({ fact, period, onClose }: CorrectProps) {
  const [said, setSaid] = useState<Said>({ value: valueText(period.value), source: "", address: "" });
  const [range, setRange] = useState({ from: dayOf(period.fromMs), to: period.toMs === null ? "" : dayOf(period.toMs) });
  const send = () => {
    const body: FactCorrectionBody = {
      version: fact.version,
      ...sayable(said),
      fromMs: instantOf(range.from, period.fromMs) ?? period.fromMs,
      toMs: instantOf(range.to, period.toMs),
    };
    return call("POST", `/api/facts/${fact.id}/correct`, body);
  };
  return (
    <Saying title="Correct what was believed" submit="Correct it" send={send} onClose={onClose}>
      <p className="text-sm text-ink-2">What was believed stays in the record of its time; what surrounds the range stays as it is.</p>
      <SaidFields said={said} write={(fields) => setSaid({ ...said, ...fields })} />
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Holds from"
          type="date"
          required
          value={range.from}
          onChange={(event) => setRange({ ...range, from: event.target.value })}
        />
        <TextField
          label="Until"
          hint="That day excluded; empty: without an end"
          type="date"
          value={range.to}
          onChange={(event) => setRange({ ...range, to: event.target.value })}
        />
      </div>
    </Saying>
  );
}
