import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { InboxItemDetail, ItemAnswerBody } from "../../../../contract/inbox-contract.ts";
import type { Json } from "../../../../core/shared/json.ts";
import { playbooksQuery } from "../../queries.ts";
import { Button, SelectField, TextArea, TextField } from "../../shell/controls.tsx";
import { useKeys } from "../../shell/keys.ts";
import { titleWords } from "../../shell/words.ts";
import { TasksEditor } from "../planning/tasks-editor.tsx";
import type { Choice } from "./item-choices.ts";

/** What was typed for an item and not sent yet: `choice`, `reason`, `text`. */
export interface ItemDraft {
  readonly value: Readonly<Record<string, string>>;
  readonly change: (value: Record<string, string>) => void;
}

interface FormProps {
  readonly item: InboxItemDetail;
  readonly choice: Choice;
  readonly busy: boolean;
  readonly draft: ItemDraft;
  /** Opened by an act, not found again after a reload: only then may it take the focus. */
  readonly takesFocus: boolean;
  readonly onSend: (body: ItemAnswerBody) => void;
  readonly onClose: () => void;
}

/** What sending does, where the choice itself only opened the form. */
const sendWords: { readonly [needs: string]: string } = {
  plan: "Propose these tasks",
  task: "Offer this task",
  playbook: "Use this playbook",
  text: "Send the answer",
  input: "Use this path",
};

/** Whether the answer carries what its choice needs. */
function isFilled(needs: Choice["needs"], value: Json, reason: string): boolean {
  if (needs === "nothing") return true;
  return needs === "reason" ? reason.trim() !== "" : value !== null && value !== "";
}

/** Its value is a text that somebody types. */
const isTyped = ({ needs }: Choice): boolean => needs === "text" || needs === "input";

const keptValue = (choice: Choice, draft: ItemDraft): Json => (isTyped(choice) ? (draft.value["text"] ?? null) : null);

const isConfirmed = (item: InboxItemDetail, typed: string): boolean => item.confirm === null || typed.trim() === item.confirm;

interface Typed {
  readonly value: Json;
  readonly reason: string;
  readonly confirm: string;
}

/** Only what was given goes along. */
const bodyOf = (choice: Choice, { value, reason, confirm }: Typed): ItemAnswerBody => ({
  choice: choice.id,
  ...(value === null ? {} : { value }),
  ...(reason === "" ? {} : { reason }),
  ...(confirm === "" ? {} : { confirm }),
});

/** What a choice needs before it can be sent. Texts survive a reload. */
export function AnswerForm({ item, choice, busy, draft, takesFocus, onSend, onClose }: FormProps) {
  const [value, setValue] = useState<Json>(() => keptValue(choice, draft));
  const reason = draft.value["reason"] ?? "";
  const keep = (name: string, text: string) => draft.change({ ...draft.value, choice: choice.id, [name]: text });
  const changeValue = (next: Json) => {
    setValue(next);
    if (isTyped(choice) && typeof next === "string") keep("text", next);
  };
  const [confirm, setConfirm] = useState("");
  useKeys({ Escape: { label: "Close the form", run: onClose } });
  const complete = isFilled(choice.needs, value, reason) && isConfirmed(item, confirm);
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSend(bodyOf(choice, { value, reason: reason.trim(), confirm: confirm.trim() }));
  };
  return (
    <form aria-label={choice.label} onSubmit={send} className="flex flex-col gap-3 border-l-2 border-accent py-1 pl-4">
      <ValueField needs={choice.needs} value={value} takesFocus={takesFocus} onChange={changeValue} />
      {choice.needs !== "text" && (
        <ReasonField
          isNeeded={choice.needs === "reason"}
          takesFocus={takesFocus}
          value={reason}
          onChange={(text) => keep("reason", text)}
        />
      )}
      {item.confirm !== null && (
        <ConfirmField text={item.confirm} takesFocus={takesFocus && choice.needs === "nothing"} value={confirm} onChange={setConfirm} />
      )}
      <div className="flex gap-2">
        <Button type="submit" tone="accent" disabled={busy || !complete}>
          {sendWords[choice.needs] ?? choice.label}
        </Button>
        <Button tone="quiet" onClick={onClose}>
          Leave it
        </Button>
      </div>
    </form>
  );
}

interface ReasonProps {
  readonly isNeeded: boolean;
  readonly takesFocus: boolean;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

function ReasonField({ isNeeded, takesFocus, value, onChange }: ReasonProps) {
  return (
    <TextArea
      autoFocus={takesFocus && isNeeded}
      label={isNeeded ? "Reason" : "Reason (optional)"}
      hint="Kept with the decision."
      rows={2}
      className="min-h-14"
      maxLength={4_000}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface ConfirmProps {
  readonly text: string;
  readonly takesFocus: boolean;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

function ConfirmField({ text, takesFocus, value, onChange }: ConfirmProps) {
  return (
    <TextField
      autoFocus={takesFocus}
      label={`You are the only member. Type ${text} to decide`}
      hint="Recorded as a solo waiver: one person stood in for two."
      className="max-w-60 font-mono"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

interface ValueProps {
  readonly needs: Choice["needs"];
  readonly value: Json;
  readonly takesFocus: boolean;
  readonly onChange: (value: Json) => void;
}

function ValueField({ needs, value, takesFocus, onChange }: ValueProps) {
  const text = typeof value === "string" ? value : "";
  switch (needs) {
    case "text":
      return <TextArea autoFocus={takesFocus} label="Answer" rows={3} value={text} onChange={(event) => onChange(event.target.value)} />;
    case "input":
      return (
        <TextField
          autoFocus={takesFocus}
          label="Path on this machine"
          className="font-mono text-sm"
          hint="A path the server can read, such as /home/me/project."
          value={text}
          onChange={(event) => onChange(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      );
    case "playbook":
      return <PlaybookField value={text} onChange={onChange} />;
    case "plan":
      return <TasksEditor onChange={onChange} />;
    case "task":
      return <OneTaskField onChange={onChange} />;
    case "nothing":
    case "reason":
      return null;
  }
}

function PlaybookField({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const playbooks = useQuery(playbooksQuery);
  return (
    <SelectField autoFocus label="Playbook" value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">Choose one</option>
      {playbooks.data?.items.map((playbook) => (
        <option key={playbook.id} value={playbook.name}>
          {titleWords(playbook.name)} ({playbook.taskCount} tasks)
        </option>
      ))}
    </SelectField>
  );
}

function OneTaskField({ onChange }: { readonly onChange: (value: Json) => void }) {
  const [title, setTitle] = useState("");
  return (
    <TextField
      autoFocus
      label="What has to be done"
      hint="One task, offered to every member. Whoever claims it hands in one text."
      value={title}
      onChange={(event) => {
        setTitle(event.target.value);
        onChange(event.target.value.trim() === "" ? null : { title: event.target.value.trim() });
      }}
    />
  );
}
