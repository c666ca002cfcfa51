import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, refusalOf } from "../../api.ts";
import { Button, TextArea } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { useMay } from "../../shell/may.ts";
import { toast } from "../../shell/toast.ts";
import { countText } from "../../shell/words.ts";
import { copyText } from "./copy-text.ts";

type BatchAct = "pause" | "resume" | "cancel";

const acts: Readonly<Record<BatchAct, { readonly label: string; readonly done: string }>> = {
  pause: { label: "Pause", done: "paused" },
  resume: { label: "Resume", done: "resumed" },
  cancel: { label: "Cancel", done: "cancelled" },
};

interface BarProps {
  readonly labels: readonly string[];
  readonly onClear: () => void;
}

/** What can be done to several requests at once. Each is its own act: what is refused is said by name. */
export function SelectionBar({ labels, onClear }: BarProps) {
  const [act, setAct] = useState<BatchAct | null>(null);
  const may = useMay();
  if (labels.length === 0) return null;
  return (
    <div
      role="region"
      aria-label="Selected requests"
      className="no-print sticky bottom-14 z-10 flex flex-wrap items-center gap-2 self-start rounded border border-line-strong bg-sheet px-3 py-1.5 shadow-float sm:bottom-4"
    >
      <span className="text-sm font-medium">{countText(labels.length, "request")} selected</span>
      <Button onClick={() => void copyText(labels.join(" "), countText(labels.length, "id"))}>Copy ids</Button>
      {may("pause-request") && <Button onClick={() => setAct("pause")}>Pause</Button>}
      {may("resume-request") && <Button onClick={() => setAct("resume")}>Resume</Button>}
      {may("cancel-request") && (
        <Button tone="danger" onClick={() => setAct("cancel")}>
          Cancel
        </Button>
      )}
      <Button tone="quiet" onClick={onClear}>
        Clear
      </Button>
      {act !== null && <BatchDialog act={act} labels={labels} onClose={() => setAct(null)} onDone={onClear} />}
    </div>
  );
}

interface Outcome {
  readonly label: string;
  readonly refusal: string | null;
}

async function actOnAll(act: BatchAct, labels: readonly string[], reason: string): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  // One after the other: each stands for itself, and the server is not asked for fifty commits at once.
  for (const label of labels)
    outcomes.push(
      await api.actOnRequest(label, act, reason).then(
        () => ({ label, refusal: null }),
        (error: unknown) => ({ label, refusal: refusalOf(error).message }),
      ),
    );
  return outcomes;
}

function BatchDialog({
  act,
  labels,
  onClose,
  onDone,
}: {
  readonly act: BatchAct;
  readonly labels: readonly string[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const [reason, setReason] = useState("");
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: () => actOnAll(act, labels, reason.trim()),
    onSuccess: async (outcomes) => {
      await client.invalidateQueries({ queryKey: ["requests"] });
      if (outcomes.some((one) => one.refusal !== null)) return;
      toast({ message: `${countText(labels.length, "request")} ${acts[act].done}.` });
      onClose();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run.mutate();
  };
  return (
    <Dialog title={`${acts[act].label} ${countText(labels.length, "request")}`} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <p className="id text-ink-2">{labels.join(" ")}</p>
        {act === "cancel" && <p>Open tasks stop and nothing is delivered. This cannot be taken back.</p>}
        <TextArea
          label="Reason"
          hint="Kept with each decision."
          rows={2}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <Refused outcomes={run.data ?? []} />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Leave them
          </Button>
          <Button type="submit" tone={act === "cancel" ? "danger" : "accent"} disabled={run.isPending}>
            {acts[act].label}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Refused({ outcomes }: { readonly outcomes: readonly Outcome[] }) {
  const refused = outcomes.filter((one) => one.refusal !== null);
  if (refused.length === 0) return null;
  return (
    <ul role="alert" className="text-sm text-bad">
      {refused.map((one) => (
        <li key={one.label}>
          <span className="id">{one.label}</span> {one.refusal}
        </li>
      ))}
    </ul>
  );
}
