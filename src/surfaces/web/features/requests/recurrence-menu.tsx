import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type { ProgressDocument } from "../../../../contract/progress-contract.ts";
import type { RecurrenceDocument, RecurrencesDocument } from "../../../../contract/recurrence-contract.ts";
import type { RequestOpened } from "../../../../contract/request-contract.ts";
import { call } from "../../api.ts";
import { announce } from "../../shell/announce.tsx";
import { Button } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { ActError } from "../../shell/states.tsx";
import { countText, instantText } from "../../shell/words.ts";
import { RecurrenceForm } from "./recurrence-form.tsx";

/** The ways to have a request again: now, or by the calendar. */
export function RequestRepeatMenu({ progress }: { readonly progress: ProgressDocument }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Again</Button>
      {isOpen && <RepeatDialog progress={progress} onClose={() => setOpen(false)} />}
    </>
  );
}

function RepeatDialog({ progress, onClose }: { readonly progress: ProgressDocument; readonly onClose: () => void }) {
  const navigate = useNavigate();
  const [isRecurring, setRecurring] = useState(false);
  const repeat = useMutation({
    mutationFn: () => call<RequestOpened>("POST", `/api/requests/${encodeURIComponent(progress.request)}/repeat`, {}),
    onSuccess: (opened) => {
      announce(`${opened.label} is filed.`);
      onClose();
      void navigate({ to: "/requests/$reference", params: { reference: opened.label } });
    },
  });
  return (
    <Dialog title={`${progress.request} again`} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Way
          act="Repeat it now"
          says="Files the same request with the same inputs, as they were kept."
          disabled={repeat.isPending}
          onClick={() => repeat.mutate()}
        />
        <ActError error={repeat.error} />
        {!progress.summary.rehearsal && <Recurrences reference={progress.request} />}
        {!progress.summary.rehearsal &&
          (isRecurring ? (
            <RecurrenceForm reference={progress.request} onDone={() => setRecurring(false)} />
          ) : (
            <Way
              act="File it by the calendar"
              says="Files it at times you name, with the inputs it has now: a repository is not read again, so its later commits are not in it."
              disabled={false}
              onClick={() => setRecurring(true)}
            />
          ))}
      </div>
    </Dialog>
  );
}

interface WayProps {
  readonly act: string;
  readonly says: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

const Way = ({ act, says, disabled, onClick }: WayProps) => (
  <div className="flex flex-col items-start gap-1">
    <Button disabled={disabled} onClick={onClick}>
      {act}
    </Button>
    <p className="text-sm text-ink-2">{says}</p>
  </div>
);

function Recurrences({ reference }: { readonly reference: string }) {
  const query = useQuery({
    queryKey: ["recurrences", reference],
    queryFn: () => call<RecurrencesDocument>("GET", `/api/recurrences?request=${encodeURIComponent(reference)}`),
  });
  const live = query.data?.items.filter((one) => one.state !== "ended") ?? [];
  if (live.length === 0) return <ActError error={query.error} />;
  return (
    <ul className="flex flex-col border-t border-line">
      {live.map((one) => (
        <RecurrenceRow key={one.id} recurrence={one} />
      ))}
    </ul>
  );
}

function RecurrenceRow({ recurrence }: { readonly recurrence: RecurrenceDocument }) {
  const { id, rule, state, zone, nextAtMs, filedCount, skippedCount, owner, maySteer } = recurrence;
  const client = useQueryClient();
  const steer = useMutation({
    mutationFn: (act: "pause" | "resume" | "end") => call<CommandAnswer>("POST", `/api/recurrences/${id}/${act}`, {}),
    onSuccess: async (answer) => {
      announce(`The calendar rule is ${answer.state ?? "changed"}.`);
      await client.invalidateQueries({ queryKey: ["recurrences"] });
    },
  });
  return (
    <li className="flex flex-col gap-1 border-b border-line py-2 text-sm">
      <code className="font-mono text-xs break-all">{rule}</code>
      <span className="text-ink-2">
        {state === "paused" ? "Paused" : nextAtMs === null ? "Nothing ahead" : `Next ${instantText(nextAtMs)}`} ({zone}), in the name of{" "}
        {owner.name}. {countText(filedCount, "time")} filed{skippedCount > 0 && `, ${skippedCount} passed over`}.
      </span>
      {maySteer && (
        <span className="flex gap-2">
          <Button disabled={steer.isPending} onClick={() => steer.mutate(state === "paused" ? "resume" : "pause")}>
            {state === "paused" ? "Resume" : "Pause"}
          </Button>
          <Button tone="danger" disabled={steer.isPending} onClick={() => steer.mutate("end")}>
            End
          </Button>
        </span>
      )}
      <ActError error={steer.error} />
    </li>
  );
}
