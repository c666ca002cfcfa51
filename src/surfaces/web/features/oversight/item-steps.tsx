import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { InboxItemDetail } from "../../../../contract/inbox-contract.ts";
import { api, refusalOf } from "../../api.ts";
import { meQuery, peopleQuery } from "../../queries.ts";
import { Button, SelectField, TextArea } from "../../shell/controls.tsx";
import { isTextRecord, useDraft } from "../../shell/draft.ts";
import { type KeyMap, useKeys } from "../../shell/keys.ts";
import { ActError } from "../../shell/states.tsx";
import { toast } from "../../shell/toast.ts";
import { laterTimes } from "./later-times.ts";
import { instantText } from "../../shell/words.ts";

/** What can be done instead of answering. */
export type Step = "ask-back" | "hand-over" | "later";

interface StepLook {
  readonly label: string;
  readonly key: string;
  readonly may: (item: InboxItemDetail) => boolean;
}

const isOpen = (item: InboxItemDetail): boolean => item.state === "open" || item.state === "delegated";

const steps: Readonly<Record<Step, StepLook>> = {
  "ask-back": { label: "Ask back", key: "q", may: (item) => item.may.askBack },
  "hand-over": { label: "Hand over", key: "h", may: (item) => item.may.delegate },
  later: { label: "Later", key: "l", may: (item) => isOpen(item) && item.may.answer },
};

const stepNames = Object.keys(steps) as readonly Step[]; // the keys of the record above

export const stepKeys = (item: InboxItemDetail, open: (step: Step) => void): KeyMap =>
  Object.fromEntries(
    stepNames
      .filter((step) => steps[step].may(item))
      .map((step) => [steps[step].key, { label: steps[step].label, run: () => open(step) }] as const),
  );

interface ButtonsProps {
  readonly item: InboxItemDetail;
  readonly withKeys: boolean;
  readonly onOpen: (step: Step) => void;
}

export function StepButtons({ item, withKeys, onOpen }: ButtonsProps) {
  const shown = stepNames.filter((step) => steps[step].may(item));
  if (shown.length === 0) return null;
  return (
    <div role="group" aria-label="Instead of answering" className="flex flex-wrap gap-1">
      {shown.map((step) => (
        <Button key={step} tone="quiet" onClick={() => onOpen(step)} {...(withKeys ? { shortcut: steps[step].key.toUpperCase() } : {})}>
          {steps[step].label}
        </Button>
      ))}
    </div>
  );
}

interface StepProps {
  readonly item: InboxItemDetail;
  readonly onClose: () => void;
}

export function StepForm({ step, ...rest }: StepProps & { readonly step: Step }) {
  useKeys({ Escape: { label: "Close the form", run: rest.onClose } });
  switch (step) {
    case "ask-back":
      return <AskBackForm {...rest} />;
    case "hand-over":
      return <HandOverForm {...rest} />;
    case "later":
      return <LaterForm {...rest} />;
  }
}

const nothing: Record<string, string> = {};
const formLook = "flex flex-col gap-3 border-l-2 border-accent py-1 pl-4";

/** Sends, tells, closes; everything that shows the item is read again. */
function useStep<Body>(send: (body: Body) => Promise<unknown>, done: string, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: async () => {
      toast({ message: done });
      onDone();
      await client.invalidateQueries();
    },
  });
}

/** Everybody else who is active, to choose from. */
function useOthers(): readonly { readonly id: string; readonly name: string }[] {
  const people = useQuery(peopleQuery);
  const me = useQuery({ ...meQuery, enabled: false });
  return (people.data?.items ?? []).filter((person) => person.state === "active" && person.id !== me.data?.person.id);
}

function AskBackForm({ item, onClose }: StepProps) {
  const draft = useDraft(`ask-back.${item.id}`, nothing, isTextRecord);
  const [person, setPerson] = useState("");
  const others = useOthers();
  const question = draft.value["question"] ?? "";
  const ask = useStep(
    () => api.askBack(item.id, { question: question.trim(), ...(person === "" ? {} : { personId: person }) }),
    "Asked back. The clock stands still until the reply.",
    () => {
      draft.clear();
      onClose();
    },
  );
  const send = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate(undefined);
  };
  return (
    <form aria-label="Ask back" onSubmit={send} className={formLook}>
      <TextArea
        autoFocus
        label="Your question"
        hint="The clock of this item stands still until somebody replies."
        rows={2}
        className="min-h-14"
        maxLength={4_000}
        value={question}
        onChange={(event) => draft.change({ question: event.target.value })}
      />
      <SelectField label="Of whom" className="max-w-72" value={person} onChange={(event) => setPerson(event.target.value)}>
        <option value="">Whoever filed the request</option>
        {others.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </SelectField>
      <FormEnd label="Ask" isReady={question.trim() !== "" && !ask.isPending} error={ask.error} onClose={onClose} />
    </form>
  );
}

function HandOverForm({ item, onClose }: StepProps) {
  const draft = useDraft(`hand-over.${item.id}`, nothing, isTextRecord);
  const [person, setPerson] = useState("");
  const others = useOthers();
  const reason = draft.value["reason"] ?? "";
  const name = others.find((one) => one.id === person)?.name ?? "";
  const handOver = useStep(
    () => api.delegateItem(item.id, { personId: person, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) }),
    `Handed over to ${name}.`,
    () => {
      draft.clear();
      onClose();
    },
  );
  const send = (event: FormEvent) => {
    event.preventDefault();
    handOver.mutate(undefined);
  };
  return (
    <form aria-label="Hand over" onSubmit={send} className={formLook}>
      <SelectField
        autoFocus
        label="To whom"
        hint={others.length === 0 ? "There is nobody else here yet." : "Whoever may not decide this is refused, with the reason."}
        className="max-w-72"
        value={person}
        onChange={(event) => setPerson(event.target.value)}
      >
        <option value="">Choose a person</option>
        {others.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </SelectField>
      <TextArea
        label="Why (optional)"
        rows={2}
        className="min-h-14"
        maxLength={4_000}
        value={reason}
        onChange={(event) => draft.change({ reason: event.target.value })}
      />
      <FormEnd label="Hand it over" isReady={person !== "" && !handOver.isPending} error={handOver.error} onClose={onClose} />
    </form>
  );
}

function LaterForm({ item, onClose }: StepProps) {
  const client = useQueryClient();
  const putOff = useMutation({
    mutationFn: (untilMs: number) => api.putOffItem(item.id, untilMs),
    onSuccess: async (_answer, untilMs) => {
      toast({ message: `Out of your list until ${instantText(untilMs)}.`, undo: () => void bringBack(client, item.id) });
      onClose();
      await client.invalidateQueries();
    },
  });
  const times = laterTimes(Date.now());
  const lastsPast = (atMs: number): boolean => item.dueAtMs !== null && atMs > item.dueAtMs;
  return (
    <div role="group" aria-label="Put off until" className={formLook}>
      <p className="text-sm text-ink-2">It leaves your list until then. Its clock goes on: it does not wait for you.</p>
      <div className="flex flex-wrap gap-2">
        {times.map((time, at) => (
          <Button key={time.label} autoFocus={at === 0} disabled={putOff.isPending} onClick={() => putOff.mutate(time.atMs)}>
            {time.label}
            {lastsPast(time.atMs) && <span className="text-wait">after it is due</span>}
          </Button>
        ))}
        <Button tone="quiet" onClick={onClose}>
          Leave it
        </Button>
      </div>
      <ActError error={putOff.error} />
    </div>
  );
}

async function bringBack(client: ReturnType<typeof useQueryClient>, itemId: string): Promise<void> {
  try {
    await api.putOffItem(itemId, null);
    await client.invalidateQueries();
  } catch (error) {
    toast({ message: refusalOf(error).message, tone: "bad" });
  }
}

interface EndProps {
  readonly label: string;
  readonly isReady: boolean;
  readonly error: unknown;
  readonly onClose: () => void;
}

function FormEnd({ label, isReady, error, onClose }: EndProps) {
  return (
    <>
      <ActError error={error} />
      <div className="flex gap-2">
        <Button type="submit" tone="accent" disabled={!isReady}>
          {label}
        </Button>
        <Button tone="quiet" onClick={onClose}>
          Leave it
        </Button>
      </div>
    </>
  );
}
