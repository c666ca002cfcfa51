import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { TaskDetail } from "../../../../contract/task-contract.ts";
import { api } from "../../api.ts";
import { personasQuery } from "../../queries.ts";
import { Button, SelectField, TextArea } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { ActError } from "../../shell/states.tsx";
import { toast } from "../../shell/toast.ts";
import { plainWords } from "../../shell/words.ts";

/** Moves the task to another persona, with a reason. Work is never pushed onto a person: people claim it. */
export function ReassignDialog({ task, onClose }: { readonly task: TaskDetail; readonly onClose: () => void }) {
  const [persona, setPersona] = useState("");
  const [reason, setReason] = useState("");
  const personas = useQuery(personasQuery);
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: () =>
      api.reassignTask(task.label, { reason: reason.trim(), ...(persona === "" ? {} : { to: { kind: "persona" as const, id: persona } }) }),
    onSuccess: async () => {
      toast({ message: `${task.label} moves to another performer.` });
      await client.invalidateQueries();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() !== "") run.mutate();
  };
  return (
    <Dialog title={`Reassign ${task.label}`} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <p>A running attempt ends; what it made is not used. Whoever had the task does not get it again.</p>
        <SelectField label="To" value={persona} onChange={(event) => setPersona(event.target.value)}>
          <option value="">The next best candidate</option>
          {Object.keys(personas.data?.persona_library ?? {}).map((key) => (
            <option key={key} value={key}>
              {plainWords(key)}
            </option>
          ))}
        </SelectField>
        <TextArea
          label="Reason"
          hint="Needed; kept with the move."
          rows={2}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <ActError error={run.error} />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" tone="accent" disabled={run.isPending || reason.trim() === ""}>
            Reassign
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
