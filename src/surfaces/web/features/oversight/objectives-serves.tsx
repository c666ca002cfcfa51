import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { announce } from "../../shell/announce.tsx";
import { Button, SelectField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { ActError } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { linkObjective, objectivesQuery, servesQuery } from "./objectives-data.ts";

/** The goal behind a request, on its page and on those of its tasks; `mayLink` lets the reader change it. */
export function ServesLine({ reference, mayLink = false }: { readonly reference: string; readonly mayLink?: boolean }) {
  const { data } = useQuery(servesQuery(reference));
  const [isOpen, setOpen] = useState(false);
  if (data === undefined) return null;
  const { objective, principles } = data;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
      {objective === null ? (
        <span>Serves no objective.</span>
      ) : (
        <span>
          Serves{" "}
          <Link to="/objectives/$reference" params={{ reference: objective.label }} className="underline">
            <span className="font-mono text-xs">{objective.label}</span> {objective.title}
          </Link>
        </span>
      )}
      {principles.length > 0 && (
        <Link to="/objectives" hash="principles" className="underline">
          {countText(principles.length, "principle")} in force
        </Link>
      )}
      {mayLink && (
        <Button tone="quiet" className="no-print" onClick={() => setOpen(true)}>
          {objective === null ? "Say what it serves" : "Change"}
        </Button>
      )}
      {isOpen && <LinkDialog reference={reference} current={objective?.label ?? ""} onClose={() => setOpen(false)} />}
    </div>
  );
}

function LinkDialog({
  reference,
  current,
  onClose,
}: {
  readonly reference: string;
  readonly current: string;
  readonly onClose: () => void;
}) {
  const objectives = useQuery(objectivesQuery);
  const [chosen, setChosen] = useState(current);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => linkObjective(reference, chosen === "" ? null : chosen),
    onSuccess: async () => {
      announce(`What ${reference} serves is recorded.`);
      await client.invalidateQueries();
      onClose();
    },
  });
  const open = objectives.data?.items.filter((one) => one.state === "open" || one.label === current) ?? [];
  return (
    <Dialog title={`What ${reference} serves`} onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <SelectField label="Objective" value={chosen} onChange={(event) => setChosen(event.target.value)}>
          <option value="">None</option>
          {open.map((one) => (
            <option key={one.id} value={one.label}>
              {one.label} {one.title}
            </option>
          ))}
        </SelectField>
        <ActError error={objectives.error ?? save.error} />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" tone="accent" disabled={save.isPending || chosen === current}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
