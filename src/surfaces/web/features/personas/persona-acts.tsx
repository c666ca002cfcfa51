import { lazy, Suspense, useState } from "react";
import type { PersonaDetail } from "../../../../contract/performer-contract.ts";
import { Button, TextField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { useMay } from "../../shell/may.ts";
import { ActError } from "../../shell/states.tsx";
import { titleWords } from "../../shell/words.ts";
import { usePersonaAct } from "./persona-data.ts";

const PersonaEdit = lazy(async () => ({ default: (await import("./persona-edit.tsx")).PersonaEdit }));

/** What those who answer for work can do with a persona. */
export function PersonaActs({ persona }: { readonly persona: PersonaDetail }) {
  const [open, setOpen] = useState<"edit" | "retire" | null>(null);
  const may = useMay();
  if (!may("revise-persona")) return null;
  const close = () => setOpen(null);
  return (
    <>
      <Button onClick={() => setOpen("edit")}>Edit</Button>
      <Button onClick={() => setOpen("retire")}>{persona.retired ? "Put back to work" : "Retire"}</Button>
      {open === "edit" && (
        <Suspense>
          <PersonaEdit persona={persona} onClose={close} />
        </Suspense>
      )}
      {open === "retire" && <Retirement persona={persona} onClose={close} />}
    </>
  );
}

function Retirement({ persona, onClose }: { readonly persona: PersonaDetail; readonly onClose: () => void }) {
  const [reason, setReason] = useState("");
  const run = usePersonaAct(persona.key, onClose);
  const act = persona.retired ? "restore" : "retire";
  const title = persona.retired ? `Put ${titleWords(persona.key)} back to work` : `Retire ${titleWords(persona.key)}`;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate({ act, body: { reason } });
        }}
      >
        <p>
          {persona.retired
            ? "It is given work again, and judges again."
            : "It gets no new work and judges none. What it has on hand goes on."}
        </p>
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
            {persona.retired ? "Put back to work" : "Retire"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
