import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type { PlaybookDraft } from "../../../../contract/playbook-draft-contract.ts";
import { call } from "../../api.ts";
import { announce } from "../../shell/announce.tsx";
import { Button, TextArea, TextField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { useMay } from "../../shell/may.ts";
import { ActError } from "../../shell/states.tsx";

/** Keeps an approved plan as a playbook: a draft to read and change, added by those who teach. */
export function SavePlaybookButton({ reference }: { readonly reference: string }) {
  const [isOpen, setOpen] = useState(false);
  const may = useMay();
  if (!may("add-playbook")) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Save as playbook</Button>
      {isOpen && <SaveDialog reference={reference} onClose={() => setOpen(false)} />}
    </>
  );
}

const phrasesIn = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

function SaveDialog({ reference, onClose }: { readonly reference: string; readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [phrases, setPhrases] = useState("");
  const [draft, setDraft] = useState<string | null>(null);
  const client = useQueryClient();
  const learn = useMutation({
    mutationFn: () =>
      call<PlaybookDraft>("POST", `/api/requests/${encodeURIComponent(reference)}/playbook-draft`, {
        ...(name === "" ? {} : { name }),
        matches: phrasesIn(phrases),
      }),
    onSuccess: ({ playbook }) => setDraft(JSON.stringify(playbook, null, 2)),
  });
  const add = useMutation({
    mutationFn: () => call<CommandAnswer>("POST", "/api/playbooks", parsed(draft ?? "")),
    onSuccess: async (answer) => {
      announce(`${answer.label ?? "The playbook"} is added.`);
      await client.invalidateQueries({ queryKey: ["playbooks"] });
      onClose();
    },
  });
  return (
    <Dialog title={`A playbook of ${reference}`} onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (draft === null) learn.mutate();
          else add.mutate();
        }}
      >
        {draft === null ? (
          <Choices name={name} phrases={phrases} onName={setName} onPhrases={setPhrases} />
        ) : (
          <Draft text={draft} problems={learn.data?.problems ?? []} onChange={setDraft} />
        )}
        <ActError error={draft === null ? learn.error : add.error} />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" tone="accent" disabled={learn.isPending || add.isPending}>
            {draft === null ? "Show the draft" : "Add the playbook"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ChoicesProps {
  readonly name: string;
  readonly phrases: string;
  readonly onName: (name: string) => void;
  readonly onPhrases: (phrases: string) => void;
}

const Choices = ({ name, phrases, onName, onPhrases }: ChoicesProps) => (
  <>
    <TextField
      label="Name (optional)"
      hint="Lower-case letters, digits, - and _; made of the request's title when empty."
      value={name}
      onChange={(event) => onName(event.target.value.trim())}
    />
    <TextArea
      label="Phrases that find it, one a line"
      hint="A request whose text holds one of them gets this plan. Without any, it is chosen by name."
      rows={3}
      value={phrases}
      onChange={(event) => onPhrases(event.target.value)}
    />
  </>
);

interface DraftProps {
  readonly text: string;
  readonly problems: readonly string[];
  readonly onChange: (text: string) => void;
}

const Draft = ({ text, problems, onChange }: DraftProps) => (
  <>
    <TextArea
      label="The playbook"
      hint="Tasks, estimates and acceptance as they were, with a placeholder for each input. Change what was particular to this request."
      rows={16}
      className="font-mono text-xs"
      value={text}
      onChange={(event) => onChange(event.target.value)}
      spellCheck={false}
    />
    {problems.map((problem) => (
      <p key={problem} className="text-sm text-bad">
        {problem}
      </p>
    ))}
  </>
);

/** What stands in the field, as the server takes it; what is no JSON goes as it is and is refused with the reason. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The server's own refusal says what it expects.
    return { schema: "xvc.playbook/1", name: "", plan: {} };
  }
}
