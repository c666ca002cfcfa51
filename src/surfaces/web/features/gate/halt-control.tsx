import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { OctagonX } from "lucide-react";
import { useState } from "react";
import type { HaltDocument, HaltsDocument } from "../../../../contract/halt-contract.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { ActError } from "../../shell/states.tsx";
import { haltsQuery, liftHalt, setHalt } from "./halt-data.ts";

/** One button in the shell: it says whether anything is halted, and opens the way to stop and to let go on. */
export function HaltControl() {
  const halts = useQuery(haltsQuery);
  const [open, setOpen] = useState(false);
  const count = halts.data?.items.length ?? 0;
  if (halts.data === undefined || (count === 0 && !halts.data.maySet)) return null;
  return (
    <>
      <Button
        tone={count > 0 ? "danger" : "quiet"}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className="justify-start gap-2.5 px-2.5 sm:max-rail:justify-center sm:max-rail:px-0"
      >
        <OctagonX size={16} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
        <span className="sm:max-rail:sr-only">{count > 0 ? `${count} halted` : "Halt"}</span>
      </Button>
      {open && <HaltDialog halts={halts.data} onClose={() => setOpen(false)} />}
    </>
  );
}

/** A bar over every page while something stands still; nothing while nothing does. */
export function HaltBanner() {
  const halts = useQuery(haltsQuery);
  const items = halts.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-bad bg-bad-wash px-4 py-1.5 text-sm">
      <OctagonX size={14} aria-hidden="true" className="text-bad" />
      <span>
        Halted: <strong>{items.map((halt) => halt.label).join(", ")}</strong>. {items[0]?.reason}
      </span>
    </div>
  );
}

function HaltDialog({ halts, onClose }: { readonly halts: HaltsDocument; readonly onClose: () => void }) {
  return (
    <Dialog title="Halt" onClose={onClose}>
      <div className="flex flex-col gap-5 text-sm">
        {halts.items.length > 0 && (
          <ul aria-label="Halted now" className="flex flex-col gap-3">
            {halts.items.map((halt) => (
              <HaltRow key={halt.id} halt={halt} mayLift={halts.mayLift} />
            ))}
          </ul>
        )}
        {halts.maySet && <NewHalt />}
      </div>
    </Dialog>
  );
}

function HaltRow({ halt, mayLift }: { readonly halt: HaltDocument; readonly mayLift: boolean }) {
  const client = useQueryClient();
  const lift = useMutation({
    mutationFn: () => liftHalt(halt.id, ""),
    onSuccess: () => client.invalidateQueries({ queryKey: haltsQuery.queryKey }),
  });
  return (
    <li className="flex flex-col gap-1 rounded border border-bad p-3">
      <p>
        <strong className="font-semibold">{halt.label}</strong>{" "}
        <span className="text-ink-3">
          by {halt.setBy.name} <Ago atMs={halt.setAtMs} />
        </span>
      </p>
      <p className="break-words">{halt.reason}</p>
      {halt.state === "lifting" ? (
        <p className="text-ink-3">Goes on; what was held is being given back.</p>
      ) : mayLift ? (
        <Button className="self-start" disabled={lift.isPending} onClick={() => lift.mutate()}>
          Let it go on
        </Button>
      ) : (
        <p className="text-ink-3">An administrator or director lets it go on.</p>
      )}
      <ActError error={lift.error} />
    </li>
  );
}

const scopes: readonly (readonly [string, string, string])[] = [
  ["everything", "everything", ""],
  ["project", "a project", "The project's key"],
  ["persona", "a persona", "The persona's key"],
  ["tool", "a tool", "The tool's name"],
  ["provider", "a provider", "An executor such as rules"],
];

function NewHalt() {
  const client = useQueryClient();
  const [scope, setScope] = useState("everything");
  const [scopeId, setScopeId] = useState("");
  const [reason, setReason] = useState("");
  const set = useMutation({
    mutationFn: () => setHalt({ scope, scopeId: scope === "everything" ? "" : scopeId, reason }),
    onSuccess: async () => {
      setReason("");
      setScopeId("");
      await client.invalidateQueries({ queryKey: haltsQuery.queryKey });
    },
  });
  const asks = scopes.find(([id]) => id === scope)?.[2] ?? "";
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate();
      }}
    >
      <p className="text-ink-2">
        Within two seconds nothing of the scope begins, nothing is sent, and attempts of personas that run are cancelled, which counts as no
        failed try. Work of people stays with them. What waits goes on when it is lifted.
      </p>
      <SelectField label="Halt" value={scope} onChange={(event) => setScope(event.target.value)}>
        {scopes.map(([id, label]) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </SelectField>
      {asks !== "" && (
        <TextField label={asks} required maxLength={200} value={scopeId} onChange={(event) => setScopeId(event.target.value)} />
      )}
      <TextField label="Why" required maxLength={2_000} value={reason} onChange={(event) => setReason(event.target.value)} />
      <Button
        type="submit"
        tone="danger"
        className="self-start"
        disabled={set.isPending || reason.trim() === "" || (asks !== "" && scopeId.trim() === "")}
      >
        Halt {scope === "everything" ? "everything" : "it"}
      </Button>
      <ActError error={set.error} />
    </form>
  );
}
