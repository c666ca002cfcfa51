import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { TaskDetail } from "../../../../contract/task-contract.ts";
import { call } from "../../api.ts";
import { announce } from "../../shell/announce.tsx";
import { Button, TextArea, TextField } from "../../shell/controls.tsx";
import { useMay } from "../../shell/may.ts";
import { Section } from "../../shell/page.tsx";
import { ActError } from "../../shell/states.tsx";
import { instantText } from "../../shell/words.ts";
import { turnsQuery } from "./task-turns.tsx";

const done: { readonly [verb: string]: string } = {
  pause: "The work is paused.",
  resume: "The work goes on.",
  steer: "It is told in the next turn.",
  "take-over": "The task is yours.",
  stop: "The work is stopped; somebody is asked who goes on.",
};

/** What a person can do to running work: pause it, tell it something, do it themselves, or end it. */
export function TaskSteering({ task }: { readonly task: TaskDetail }) {
  const turns = useQuery(turnsQuery(task.label));
  const may = useMay();
  const client = useQueryClient();
  const [ending, setEnding] = useState<Ending>(null);
  const act = useMutation({
    mutationFn: ({ verb, body }: { readonly verb: string; readonly body: object }) =>
      call<object>("POST", `/api/tasks/${encodeURIComponent(task.label)}/${verb}`, body),
    onSuccess: async (_, { verb }) => {
      announce(done[verb] ?? "Done.");
      setEnding(null);
      await client.invalidateQueries();
    },
  });
  const send = (verb: string, body: object = {}) => act.mutate({ verb, body });
  if (!may("steer-work")) return null;
  const { pausedBy = null, notes = [] } = turns.data ?? {};
  return (
    <Section title="While it runs">
      {pausedBy !== null && <p className="text-sm text-wait">Paused by {pausedBy}; it goes on when somebody lets it.</p>}
      <div className="flex flex-wrap gap-2">
        <Button disabled={act.isPending} onClick={() => send(pausedBy === null ? "pause" : "resume")}>
          {pausedBy === null ? "Pause it" : "Let it go on"}
        </Button>
        {may("take-over-work") && <EndButtons ending={ending} onChoose={setEnding} />}
      </div>
      {ending !== null && <EndForm key={ending} verb={ending} onSend={(reason) => send(ending, { reason })} />}
      <NoteForm key={notes.length} onSend={(note) => send("steer", { note })} isPending={act.isPending} />
      <ActError error={act.error} />
      <Notes notes={notes} />
    </Section>
  );
}

type Ending = "take-over" | "stop" | null;

function EndButtons({ ending, onChoose }: { readonly ending: Ending; readonly onChoose: (ending: Ending) => void }) {
  const one = (verb: "take-over" | "stop", label: string) => (
    <Button onClick={() => onChoose(ending === verb ? null : verb)} aria-expanded={ending === verb}>
      {label}
    </Button>
  );
  return (
    <>
      {one("take-over", "Take over")}
      {one("stop", "Stop it")}
    </>
  );
}

function Notes({ notes }: { readonly notes: readonly { readonly note: string; readonly by: string; readonly atMs: number }[] }) {
  if (notes.length === 0) return null;
  return (
    <ul aria-label="Notes, the newest first" className="flex flex-col gap-1 text-sm">
      {notes.map(({ note, by, atMs }) => (
        <li key={`${String(atMs)} ${note}`} className="break-words">
          {note}{" "}
          <span className="text-ink-3">
            {by}, {instantText(atMs)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function NoteForm({ onSend, isPending }: { readonly onSend: (note: string) => void; readonly isPending: boolean }) {
  const [note, setNote] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend(note.trim());
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <TextArea
        label="Tell it something"
        hint="It is said in the next turn, as a person's word."
        required
        rows={2}
        maxLength={2_000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <Button type="submit" className="self-start" disabled={isPending || note.trim() === ""}>
        Tell it
      </Button>
    </form>
  );
}

function EndForm({ verb, onSend }: { readonly verb: "take-over" | "stop"; readonly onSend: (reason: string) => void }) {
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend(reason.trim());
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <TextField
        label="Why"
        required
        maxLength={4_000}
        hint="It goes on record."
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button type="submit" tone="danger" className="self-start" disabled={reason.trim() === ""}>
        {verb === "take-over" ? "End its work and do it myself" : "End its work"}
      </Button>
    </form>
  );
}
