import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { InboxItemDetail, ItemAnswerBody } from "../../../../contract/inbox-contract.ts";
import type { Json } from "../../../../core/shared/json.ts";
import { api } from "../../api.ts";
import { playbooksQuery } from "../../queries.ts";
import { announce } from "../../shell/announce.tsx";
import { Button, SelectField, TextArea, TextField } from "../../shell/controls.tsx";
import { type KeyMap, useKeys } from "../../shell/keys.ts";
import { ActError } from "../../shell/states.tsx";
import { titleWords } from "../../shell/words.ts";
import { TasksEditor } from "../planning/tasks-editor.tsx";

type Choice = InboxItemDetail["choices"][number];

const refusing: readonly string[] = ["reject", "fail", "cancel", "failed", "deny"];

/** Approve or its like, and deny or its like, get the single keys. */
export function keyedChoices(choices: readonly Choice[]): { readonly act: Choice | undefined; readonly deny: Choice | undefined } {
  const deny = choices.find((choice) => refusing.includes(choice.id));
  return { act: choices.find((choice) => !refusing.includes(choice.id)), deny };
}

/** The ways to answer. A choice that needs more opens its form; one that needs nothing acts at once. */
export function ItemAnswer({ item, withKeys = true }: { readonly item: InboxItemDetail; readonly withKeys?: boolean }) {
  const [open, setOpen] = useState<Choice | null>(null);
  const client = useQueryClient();
  const answer = useMutation({
    mutationFn: (body: ItemAnswerBody) => api.answerItem(item.id, body),
    onSuccess: async () => {
      announce("Your answer is recorded.");
      await client.invalidateQueries();
    },
  });
  const choose = (choice: Choice) => {
    answer.reset();
    if (choice.needs === "nothing" && item.confirm === null) answer.mutate({ choice: choice.id });
    else setOpen(choice);
  };
  const { act, deny } = keyedChoices(item.choices);
  const keys: KeyMap = {
    ...(act === undefined ? {} : { a: { label: act.label, run: () => choose(act) } }),
    ...(deny === undefined ? {} : { d: { label: deny.label, run: () => choose(deny) } }),
  };
  useKeys(withKeys && item.mayAnswer && !answer.isPending ? keys : {});
  if (!item.mayAnswer)
    return <p className="rounded border border-line px-3 py-2 text-sm text-ink-2">{item.whyNot ?? "Somebody else has to answer this."}</p>;
  const shortcutOf = (choice: Choice): string | undefined =>
    !withKeys ? undefined : choice === act ? "A" : choice === deny ? "D" : undefined;
  return (
    <div className="no-print flex flex-col gap-3">
      <div role="group" aria-label="Answers" className="flex flex-wrap gap-2">
        {item.choices.map((choice, at) => {
          const shortcut = shortcutOf(choice);
          return (
            <Button
              key={choice.id}
              tone={refusing.includes(choice.id) ? "danger" : at === 0 ? "accent" : "plain"}
              aria-expanded={choice.needs === "nothing" && item.confirm === null ? undefined : open === choice}
              disabled={answer.isPending}
              onClick={() => choose(choice)}
              className="h-auto whitespace-normal py-1 text-left"
              {...(shortcut === undefined ? {} : { shortcut })}
            >
              {choice.label}
            </Button>
          );
        })}
      </div>
      {open !== null && (
        <AnswerForm
          key={open.id}
          item={item}
          choice={open}
          busy={answer.isPending}
          onSend={(body) => answer.mutate(body)}
          onClose={() => setOpen(null)}
        />
      )}
      <ActError error={answer.error} />
    </div>
  );
}

interface FormProps {
  readonly item: InboxItemDetail;
  readonly choice: Choice;
  readonly busy: boolean;
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

function AnswerForm({ item, choice, busy, onSend, onClose }: FormProps) {
  const [value, setValue] = useState<Json>(null);
  const [reason, setReason] = useState("");
  const [confirm, setConfirm] = useState("");
  useKeys({ Escape: { label: "Close the form", run: onClose } });
  const complete = isFilled(choice.needs, value, reason) && (item.confirm === null || confirm.trim() === item.confirm);
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSend({
      choice: choice.id,
      ...(value === null ? {} : { value }),
      ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
      ...(confirm === "" ? {} : { confirm: confirm.trim() }),
    });
  };
  return (
    <form aria-label={choice.label} onSubmit={send} className="flex flex-col gap-3 border-l-2 border-accent py-1 pl-4">
      <ValueField needs={choice.needs} value={value} onChange={setValue} />
      {choice.needs !== "text" && (
        <TextArea
          autoFocus={choice.needs === "reason"}
          label={choice.needs === "reason" ? "Reason" : "Reason (optional)"}
          hint="Kept with the decision."
          rows={2}
          className="min-h-14"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
      {item.confirm !== null && (
        <TextField
          autoFocus={choice.needs === "nothing"}
          label={`You are the only member. Type ${item.confirm} to decide`}
          hint="Recorded as a solo waiver: one person stood in for two."
          className="max-w-60 font-mono"
          value={confirm}
          onChange={(event) => setConfirm(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
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

interface ValueProps {
  readonly needs: Choice["needs"];
  readonly value: Json;
  readonly onChange: (value: Json) => void;
}

function ValueField({ needs, value, onChange }: ValueProps) {
  const text = typeof value === "string" ? value : "";
  switch (needs) {
    case "text":
      return <TextArea autoFocus label="Answer" rows={3} value={text} onChange={(event) => onChange(event.target.value)} />;
    case "input":
      return (
        <TextField
          autoFocus
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
