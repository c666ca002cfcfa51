import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type { AttemptDocument, TaskDetail } from "../../../../contract/task-contract.ts";
import { call } from "../../api.ts";
import { PerformerName } from "../../marks/performer-name.tsx";
import { Button, TextArea } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { useMay } from "../../shell/may.ts";
import { useMoment } from "../../shell/moment-context.ts";
import { Section } from "../../shell/page.tsx";
import { ActError } from "../../shell/states.tsx";
import { toast } from "../../shell/toast.ts";

const maxDirection = 2_000;

/** How whoever works now understands the task and which goal it serves, said before it acts; a person may say otherwise. */
export function TaskUnderstanding({ task }: { readonly task: TaskDetail }) {
  const now = task.attempts.toSorted((left, right) => right.number - left.number)[0];
  const isUnderWay = now !== undefined && now.endedAtMs === null && ["running", "assigned"].includes(task.state);
  if (now?.trust === undefined || (now.interpretation === "" && !isUnderWay)) return null;
  return (
    <Section title="How it is understood" aside={isUnderWay ? <RedirectButton task={task} attempt={now} /> : undefined}>
      <p className="max-w-[75ch] text-sm whitespace-pre-wrap" aria-live="polite">
        {now.interpretation === "" ? (
          <span className="text-ink-3">Nothing was said yet: it is said before anything is done.</span>
        ) : (
          now.interpretation
        )}
      </p>
      <p className="mt-1 text-xs text-ink-3">
        <PerformerName kind={now.performer.kind} name={now.performer.name} /> in attempt {now.number}
      </p>
    </Section>
  );
}

interface RedirectProps {
  readonly task: TaskDetail;
  readonly attempt: AttemptDocument;
}

function RedirectButton({ task, attempt }: RedirectProps) {
  const [open, setOpen] = useState(false);
  const may = useMay();
  const isPast = useMoment() !== null;
  if (isPast || !may("redirect-attempt")) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Redirect</Button>
      {open && <RedirectDialog task={task} attempt={attempt} onClose={() => setOpen(false)} />}
    </>
  );
}

function RedirectDialog({ task, attempt, onClose }: RedirectProps & { readonly onClose: () => void }) {
  const [direction, setDirection] = useState("");
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: () =>
      call<CommandAnswer>("POST", `/api/tasks/${encodeURIComponent(task.id)}/redirect`, {
        attemptId: attempt.id,
        direction: direction.trim(),
      }),
    onSuccess: async () => {
      toast({ message: `${task.label} is taken up again as you said.` });
      await client.invalidateQueries();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (direction.trim() !== "") run.mutate();
  };
  return (
    <Dialog title={`Redirect ${task.label}`} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <p>
          The attempt ends, and the task is given out again with your words as its input. It is no failed try; it counts against how far its
          performer is trusted.
        </p>
        <TextArea
          label="How it is to be understood"
          hint="Needed; told to whoever takes it up, and kept with the decision."
          rows={4}
          maxLength={maxDirection}
          value={direction}
          onChange={(event) => setDirection(event.target.value)}
        />
        <ActError error={run.error} />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" tone="accent" disabled={run.isPending || direction.trim() === ""}>
            Redirect
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
