import { type FormEvent, type ReactNode, useState } from "react";
import type { LadderDocument } from "../../../../contract/trust-contract.ts";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { ActError } from "../../shell/states.tsx";
import { plainWords } from "../../shell/words.ts";
import { type TrustAct, useTrustAct } from "./trust-data.ts";

interface ReasonProps {
  readonly title: string;
  readonly label: string;
  readonly act: (reason: string) => TrustAct;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A decision that needs nothing but its reason. */
export function ReasonDialog({ title, label, act, onClose, children }: ReasonProps) {
  const [reason, setReason] = useState("");
  const run = useTrustAct(onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() !== "") run.mutate(act(reason.trim()));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        {children}
        <TextField
          label="Why"
          hint="Needed; kept in the record."
          maxLength={2_000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <ActError error={run.error} />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" tone="accent" disabled={run.isPending || reason.trim() === ""}>
            {label}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Down by hand, at any time; never up. */
export function LowerDialog({
  personaKey,
  ladder,
  onClose,
}: {
  readonly personaKey: string;
  readonly ladder: LadderDocument;
  readonly onClose: () => void;
}) {
  const below = ladder.rung === "sampled" ? (["review", "suggest"] as const) : (["suggest"] as const);
  const [to, setTo] = useState<string>(below[0]);
  return (
    <ReasonDialog
      title={`Lower ${plainWords(personaKey)} for ${plainWords(ladder.taskType)}`}
      label="Lower"
      act={(reason) => ({ act: "lower", key: personaKey, body: { taskType: ladder.taskType, to, reason } })}
      onClose={onClose}
    >
      <p>It rises again only on new evidence, and when a person consents.</p>
      <SelectField label="To" value={to} onChange={(event) => setTo(event.target.value)}>
        {below.map((rung) => (
          <option key={rung} value={rung}>
            {rung === "review" ? "do, then review" : "suggest: what it makes is a proposal"}
          </option>
        ))}
      </SelectField>
    </ReasonDialog>
  );
}
