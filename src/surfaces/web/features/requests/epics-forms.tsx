import { useState } from "react";
import type { EpicDocument } from "../../../../contract/work-contract.ts";
import { TextArea, TextField } from "../../shell/controls.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { ActForm } from "../oversight/objectives-forms.tsx";
import { type EpicMove, changeEpic, createEpic, linkEpic, moveEpic } from "./epics-data.ts";

/** The last moment of a day in the reader's zone. */
const endOf = (day: string): number => new Date(`${day}T23:59:59`).getTime();
const dayOf = (atMs: number | null): string => (atMs === null ? "" : new Date(atMs).toLocaleDateString("sv-SE"));

interface Fields {
  readonly title: string;
  readonly goal: string;
  readonly due: string;
}

function EpicFields({ fields, onChange }: { readonly fields: Fields; readonly onChange: (fields: Fields) => void }) {
  return (
    <>
      <TextField
        label="Title"
        required
        maxLength={300}
        value={fields.title}
        onChange={(event) => onChange({ ...fields, title: event.target.value })}
      />
      <TextArea
        label="Goal"
        hint="What is true when it is done."
        rows={3}
        maxLength={4_000}
        value={fields.goal}
        onChange={(event) => onChange({ ...fields, goal: event.target.value })}
      />
      <TextField
        label="By when (optional)"
        type="date"
        value={fields.due}
        onChange={(event) => onChange({ ...fields, due: event.target.value })}
      />
    </>
  );
}

export function NewEpic({ onClose }: { readonly onClose: () => void }) {
  const project = useProjectKey();
  const [fields, setFields] = useState<Fields>({ title: "", goal: "", due: "" });
  const { title, goal, due } = fields;
  const send = () =>
    createEpic({
      title: title.trim(),
      goal: goal.trim(),
      ...(due === "" ? {} : { dueAtMs: endOf(due) }),
      ...(project === "" ? {} : { project }),
    });
  return (
    <ActForm title="New epic" act="Open it" said="The epic is open." ready={title.trim() !== ""} send={send} onClose={onClose}>
      <EpicFields fields={fields} onChange={setFields} />
    </ActForm>
  );
}

/** Changes what was touched; somebody's change in between is refused. */
export function EditEpic({ epic, onClose }: { readonly epic: EpicDocument; readonly onClose: () => void }) {
  const [read] = useState(epic);
  const [fields, setFields] = useState<Fields>({ title: read.title, goal: read.goal, due: dayOf(read.dueAtMs) });
  const { title, goal, due } = fields;
  const send = () =>
    changeEpic(read.id, {
      version: read.version,
      ...(title.trim() === read.title ? {} : { title: title.trim() }),
      ...(goal.trim() === read.goal ? {} : { goal: goal.trim() }),
      ...(due === dayOf(read.dueAtMs) ? {} : { dueAtMs: due === "" ? null : endOf(due) }),
    });
  return (
    <ActForm
      title={`Change ${read.label}`}
      act="Save"
      said="The epic is changed."
      ready={title.trim() !== ""}
      send={send}
      onClose={onClose}
    >
      <EpicFields fields={fields} onChange={setFields} />
    </ActForm>
  );
}

export function LinkRequest({ epic, onClose }: { readonly epic: EpicDocument; readonly onClose: () => void }) {
  const [label, setLabel] = useState("");
  return (
    <ActForm
      title={`Add a request to ${epic.label}`}
      act="Add it"
      said="The request is part of the epic."
      ready={label.trim() !== ""}
      send={() => linkEpic(label.trim(), epic.id)}
      onClose={onClose}
    >
      <TextField
        label="Request"
        placeholder={`${epic.project}-42`}
        maxLength={60}
        value={label}
        onChange={(event) => setLabel(event.target.value)}
      />
    </ActForm>
  );
}

const words: { readonly [move in EpicMove]: { readonly title: string; readonly act: string } } = {
  finish: { title: "is done", act: "It is done" },
  cancel: { title: "is cancelled", act: "Cancel it" },
  reopen: { title: "is opened again", act: "Open it again" },
};

export function EpicMoveForm({
  epic,
  move,
  onClose,
}: {
  readonly epic: EpicDocument;
  readonly move: EpicMove;
  readonly onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  const [version] = useState(epic.version);
  const { title, act } = words[move];
  const send = () => moveEpic(epic.id, move, { version, reason: reason.trim() });
  return (
    <ActForm title={`${epic.label} ${title}`} act={act} said="Done." ready={reason.trim() !== ""} send={send} onClose={onClose}>
      <TextArea
        label="Why"
        hint="Kept with the epic. Its requests are not touched."
        rows={2}
        className="min-h-14"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </ActForm>
  );
}
