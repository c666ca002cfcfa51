import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ProgressDocument } from "../../../../contract/progress-contract.ts";
import type { RequestAction } from "../../../../contract/request-contract.ts";
import { api } from "../../api.ts";
import { announce } from "../../shell/announce.tsx";
import { Button, TextArea } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { type CommandKind, useMay } from "../../shell/may.ts";
import { ActError } from "../../shell/states.tsx";

interface Act {
  readonly action: RequestAction;
  readonly label: string;
  readonly consequence: string;
  readonly danger: boolean;
}

const acts = {
  pause: {
    action: "pause",
    label: "Pause",
    consequence: "Running attempts finish their present step and hold; nothing new starts until you resume.",
    danger: false,
  },
  resume: { action: "resume", label: "Resume", consequence: "It goes on where it stood.", danger: false },
  cancel: {
    action: "cancel",
    label: "Cancel",
    consequence: "Open tasks stop and nothing is delivered. What was done stays on record. This cannot be taken back.",
    danger: true,
  },
  reopen: {
    action: "reopen",
    label: "Reopen",
    consequence: "The work becomes active again; say what is wrong with the deliverable.",
    danger: false,
  },
  close: { action: "close", label: "Accept and close", consequence: "The deliverable is accepted.", danger: false },
} as const satisfies Readonly<Record<string, Act>>;

const commandOf: Readonly<Record<RequestAction, CommandKind>> = {
  pause: "pause-request",
  resume: "resume-request",
  cancel: "cancel-request",
  reopen: "reopen-request",
  close: "close-request",
  repeat: "submit-request",
};

/** What a person may do to a request in this state. */
export function actsFor(state: ProgressDocument["state"]): readonly Act[] {
  switch (state) {
    case "cancelled":
    case "rejected":
      return [];
    case "delivered":
      return [acts.close, acts.reopen];
    case "closed":
      return [acts.reopen];
    case "paused":
      return [acts.resume, acts.cancel];
    default:
      return [acts.pause, acts.cancel];
  }
}

export function RequestActs({ progress }: { readonly progress: ProgressDocument }) {
  const [open, setOpen] = useState<Act | null>(null);
  const may = useMay();
  const shown = actsFor(progress.state).filter(({ action }) => may(commandOf[action]));
  return (
    <>
      {shown.map((act) => (
        <Button key={act.action} tone={act.danger ? "danger" : "plain"} onClick={() => setOpen(act)}>
          {act.label}
        </Button>
      ))}
      {open !== null && <ActDialog act={open} reference={progress.request} onClose={() => setOpen(null)} />}
    </>
  );
}

function ActDialog({ act, reference, onClose }: { readonly act: Act; readonly reference: string; readonly onClose: () => void }) {
  const [reason, setReason] = useState("");
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: () => api.actOnRequest(reference, act.action, reason.trim()),
    onSuccess: async () => {
      announce(`${reference}: ${act.label.toLowerCase()} is recorded.`);
      await client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog title={`${act.label} ${reference}`} onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        <p>{act.consequence}</p>
        <TextArea
          label="Reason"
          hint="Kept with the decision."
          rows={2}
          className="min-h-14"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <ActError error={run.error} />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" tone={act.danger ? "danger" : "accent"} disabled={run.isPending}>
            {act.label}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
