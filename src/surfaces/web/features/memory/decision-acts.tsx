import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";
import type { DecisionDetail } from "../../../../contract/decision-contract.ts";
import { call } from "../../api.ts";
import { Button, SelectField, TextArea, TextField, buttonLook } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { ActError } from "../../shell/states.tsx";
import { dayStartMs } from "./decision-writing.ts";

type Open = "make" | "outcome" | "review";

/** What the reader may do with a decision: make it, say how it turned out, set a day, or replace it. */
export function DecisionActs({ decision }: { readonly decision: DecisionDetail }) {
  const [open, setOpen] = useState<Open | null>(null);
  if (!decision.may.decide) return null;
  const Form = open === null ? null : forms[open];
  return (
    <>
      {actsOf(decision).map(({ act, label }) => (
        <Button key={act} tone={act === "make" ? "accent" : "plain"} onClick={() => setOpen(act)}>
          {label}
        </Button>
      ))}
      {decision.state === "made" && decision.origin === "recorded" && (
        <Link to="/memory/record" search={{ supersedes: decision.id }} className={buttonLook({ tone: "plain" })}>
          Replace it
        </Link>
      )}
      {Form !== null && <Form decision={decision} onClose={() => setOpen(null)} />}
    </>
  );
}

/** A rehearsal's time jumps to what is due next, so it has no day to set. */
function actsOf(decision: DecisionDetail): readonly { readonly act: Open; readonly label: string }[] {
  if (decision.state === "proposed") return [{ act: "make", label: "Decide" }];
  const outcome = { act: "outcome", label: decision.outcome === null ? "Record the outcome" : "Correct the outcome" } as const;
  const hasDay = decision.state === "made" && !decision.rehearsal;
  return hasDay ? [outcome, { act: "review", label: "Set a day" }] : [outcome];
}

interface ActProps {
  readonly decision: DecisionDetail;
  readonly onClose: () => void;
}

interface FormProps extends ActProps {
  readonly title: string;
  readonly act: Open;
  readonly body: object;
  readonly submit: string;
  readonly children: ReactNode;
}

/** One act in a dialog, sent with the version that is on the screen. */
function ActForm({ decision, onClose, title, act, body, submit, children }: FormProps) {
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: () => call("POST", `/api/decisions/${decision.id}/${act}`, { version: decision.version, ...body }),
    onSuccess: async () => {
      await Promise.all(["decisions", "decision", "beliefs"].map((key) => client.invalidateQueries({ queryKey: [key] })));
      onClose();
    },
  });
  const sendIt = (event: FormEvent): void => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="flex flex-col gap-3" onSubmit={sendIt}>
        {children}
        <ActError error={send.error} />
        <Button type="submit" tone="accent" className="self-start" disabled={send.isPending}>
          {submit}
        </Button>
      </form>
    </Dialog>
  );
}

function MakeIt({ decision, onClose }: ActProps) {
  const [choice, setChoice] = useState(decision.options[0]?.id ?? "");
  const [rationale, setRationale] = useState(decision.rationale);
  return (
    <ActForm decision={decision} onClose={onClose} title="Make this decision" act="make" body={{ choice, rationale }} submit="Decide">
      <SelectField label="Option" value={choice} onChange={(event) => setChoice(event.target.value)}>
        {decision.options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.label}
          </option>
        ))}
      </SelectField>
      <TextArea label="Why" required maxLength={4_000} value={rationale} onChange={(event) => setRationale(event.target.value)} />
    </ActForm>
  );
}

const verdicts = [
  ["held", "It held: what was expected came"],
  ["mixed", "Some of it came"],
  ["failed", "It was wrong"],
] as const;

function Outcome({ decision, onClose }: ActProps) {
  const [verdict, setVerdict] = useState<string>(decision.outcome?.verdict ?? "held");
  const [text, setText] = useState(decision.outcome?.text ?? "");
  return (
    <ActForm decision={decision} onClose={onClose} title="How did it turn out?" act="outcome" body={{ verdict, text }} submit="Record it">
      {decision.confidence !== null && (
        <p className="text-sm text-ink-2">
          Thought to be {Math.round(decision.confidence.probability * 100)} % sure. This would prove it wrong:{" "}
          {decision.confidence.wouldProveWrong}
        </p>
      )}
      <SelectField label="Outcome" value={verdict} onChange={(event) => setVerdict(event.target.value)}>
        {verdicts.map(([id, label]) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </SelectField>
      <TextArea label="What was seen" required maxLength={4_000} value={text} onChange={(event) => setText(event.target.value)} />
    </ActForm>
  );
}

function ReviewDay({ decision, onClose }: ActProps) {
  const [day, setDay] = useState("");
  return (
    <ActForm
      decision={decision}
      onClose={onClose}
      title="When to look at it again"
      act="review"
      body={{ reviewAtMs: day === "" ? null : (dayStartMs(day) ?? null) }}
      submit={day === "" ? "No day" : "Set the day"}
    >
      <TextField
        label="Day"
        hint="The inbox asks on that day how it turned out. Empty: nobody is asked."
        type="date"
        value={day}
        onChange={(event) => setDay(event.target.value)}
      />
    </ActForm>
  );
}

const forms = { make: MakeIt, outcome: Outcome, review: ReviewDay } as const;
