import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SprintDocument } from "../../../../contract/work-contract.ts";
import { SelectField, TextArea, TextField } from "../../shell/controls.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { ActForm } from "../oversight/objectives-forms.tsx";
import { type SprintMove, changeSprint, createSprint, moveSprint, planTask, sprintsQuery } from "./sprints-data.ts";

interface Fields {
  readonly title: string;
  readonly goal: string;
  readonly from: string;
  readonly to: string;
  readonly hours: string;
}

const startOf = (day: string): number => new Date(`${day}T00:00:00`).getTime();
const endOf = (day: string): number => new Date(`${day}T23:59:59`).getTime();
const dayOf = (atMs: number): string => new Date(atMs).toLocaleDateString("sv-SE");
const hoursOf = (text: string): number => Number(text.replace(",", "."));

const isReady = ({ title, from, to, hours }: Fields): boolean =>
  title.trim() !== "" && from !== "" && to !== "" && from <= to && hours.trim() !== "" && hoursOf(hours) >= 0;

function SprintFields({ fields, onChange }: { readonly fields: Fields; readonly onChange: (fields: Fields) => void }) {
  const set = (name: keyof Fields) => (event: { readonly target: { readonly value: string } }) =>
    onChange({ ...fields, [name]: event.target.value });
  return (
    <>
      <TextField label="Title" required maxLength={300} value={fields.title} onChange={set("title")} />
      <TextArea label="Goal (optional)" rows={2} className="min-h-14" maxLength={4_000} value={fields.goal} onChange={set("goal")} />
      <div className="grid grid-cols-2 gap-2">
        <TextField label="First day" type="date" required value={fields.from} onChange={set("from")} />
        <TextField label="Last day" type="date" required value={fields.to} onChange={set("to")} />
      </div>
      <TextField label="Hours to give" inputMode="decimal" required value={fields.hours} onChange={set("hours")} />
    </>
  );
}

export function NewSprint({ onClose }: { readonly onClose: () => void }) {
  const project = useProjectKey();
  const [fields, setFields] = useState<Fields>({ title: "", goal: "", from: "", to: "", hours: "" });
  const send = () =>
    createSprint({
      title: fields.title.trim(),
      goal: fields.goal.trim(),
      startsAtMs: startOf(fields.from),
      endsAtMs: endOf(fields.to),
      capacityHours: hoursOf(fields.hours),
      ...(project === "" ? {} : { project }),
    });
  return (
    <ActForm title="New sprint" act="Plan it" said="The sprint is planned." ready={isReady(fields)} send={send} onClose={onClose}>
      <SprintFields fields={fields} onChange={setFields} />
    </ActForm>
  );
}

/** Changes what was touched; somebody's change in between is refused. */
export function EditSprint({ sprint, onClose }: { readonly sprint: SprintDocument; readonly onClose: () => void }) {
  const [read] = useState(sprint);
  const [before] = useState<Fields>({
    title: read.title,
    goal: read.goal,
    from: dayOf(read.startsAtMs),
    to: dayOf(read.endsAtMs),
    hours: String(read.capacityHours),
  });
  const [fields, setFields] = useState(before);
  const send = () =>
    changeSprint(read.id, {
      version: read.version,
      ...(fields.title === before.title ? {} : { title: fields.title.trim() }),
      ...(fields.goal === before.goal ? {} : { goal: fields.goal.trim() }),
      ...(fields.from === before.from ? {} : { startsAtMs: startOf(fields.from) }),
      ...(fields.to === before.to ? {} : { endsAtMs: endOf(fields.to) }),
      ...(fields.hours === before.hours ? {} : { capacityHours: hoursOf(fields.hours) }),
    });
  return (
    <ActForm title={`Change ${read.label}`} act="Save" said="The sprint is changed." ready={isReady(fields)} send={send} onClose={onClose}>
      <SprintFields fields={fields} onChange={setFields} />
    </ActForm>
  );
}

export function PlanTask({ sprint, onClose }: { readonly sprint: SprintDocument; readonly onClose: () => void }) {
  const [label, setLabel] = useState("");
  return (
    <ActForm
      title={`Plan a task for ${sprint.label}`}
      act="Plan it"
      said="The task is planned for the sprint."
      ready={label.trim() !== ""}
      send={() => planTask(label.trim(), sprint.id)}
      onClose={onClose}
    >
      <TextField
        label="Task"
        placeholder={`${sprint.project}-42/draft`}
        hint="Its label, as the task's page shows it."
        maxLength={260}
        value={label}
        onChange={(event) => setLabel(event.target.value)}
      />
    </ActForm>
  );
}

const acts: { readonly [move in SprintMove]: { readonly title: string; readonly act: string } } = {
  start: { title: "Start", act: "Start it" },
  complete: { title: "Complete", act: "Complete it" },
  cancel: { title: "Call off", act: "Call it off" },
};

/** Starts a sprint, or ends it and says what becomes of the tasks that are not done. */
export function SprintMoveForm({
  sprint,
  move,
  onClose,
}: {
  readonly sprint: SprintDocument;
  readonly move: SprintMove;
  readonly onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  const [moveTo, setMoveTo] = useState("");
  const [version] = useState(sprint.version);
  const others = useInfiniteQuery({ ...sprintsQuery({ state: "planning,active", project: sprint.project }), enabled: move !== "start" });
  const { title, act } = acts[move];
  const send = () =>
    moveSprint(sprint.id, move, {
      version,
      ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
      ...(moveTo === "" ? {} : { moveTo }),
    });
  return (
    <ActForm
      title={`${title} ${sprint.label}`}
      act={act}
      said="Done."
      ready={move !== "cancel" || reason.trim() !== ""}
      send={send}
      onClose={onClose}
    >
      {move !== "start" && (
        <SelectField label="What is not done goes to" value={moveTo} onChange={(event) => setMoveTo(event.target.value)}>
          <option value="">no sprint</option>
          {others.data?.pages
            .flatMap((page) => page.items)
            .filter((one) => one.id !== sprint.id)
            .map((one) => (
              <option key={one.id} value={one.id}>
                {one.label} {one.title}
              </option>
            ))}
        </SelectField>
      )}
      <TextArea
        label={move === "cancel" ? "Why" : "What is to be said (optional)"}
        hint="Kept with the sprint."
        rows={2}
        className="min-h-14"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </ActForm>
  );
}
