import { type FormEvent, useState } from "react";
import type { PersonaDetail } from "../../../../contract/performer-contract.ts";
import { Button, TextArea, TextField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { ActError } from "../../shell/states.tsx";
import { titleWords } from "../../shell/words.ts";
import { usePersonaAct } from "./persona-data.ts";
import { type PersonaDraft, documentOf, draftOf } from "./persona-draft.ts";

type TextFieldName = Exclude<keyof PersonaDraft, "reason" | "checks" | "worldviewText">;

const rows: readonly (readonly [field: TextFieldName, label: string, hint: string])[] = [
  ["worldview", "Worldview", "Its name, in a few words."],
  ["specializations", "Specializations", "With commas."],
  ["skills", "Skills", "With commas; plans ask for them by these names."],
  ["tools", "Tools", "With commas; each call is decided by the gate."],
  ["languages", "Languages", "With commas, such as en, de; the first is written in."],
  ["executors", "Done by", "In order: rules, human, scripted, model, agent, remote."],
  ["capacity", "Tasks at once", ""],
  ["costPerHour", "Cost per hour", "In the organization's currency; 0: none is stated."],
];

/** Writes the next version. Fields that are not shown here stay as they are; the command line has them all. */
export function PersonaEdit({ persona, onClose }: { readonly persona: PersonaDetail; readonly onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(persona.document));
  const run = usePersonaAct(persona.key, onClose);
  const read = documentOf(persona.document, draft);
  const change = (fields: Partial<PersonaDraft>) => setDraft((before) => ({ ...before, ...fields }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (read.problem === null)
      run.mutate({ act: "revise", body: { baseVersion: persona.version, persona: read.document, reason: draft.reason } });
  };
  return (
    <Dialog title={`The next version of ${titleWords(persona.key)}`} onClose={onClose}>
      <form onSubmit={send} className="flex flex-col gap-3">
        <TextArea
          label="Worldview in its own words"
          hint="What a model is told that does its work."
          rows={6}
          maxLength={20_000}
          value={draft.worldviewText}
          onChange={(event) => change({ worldviewText: event.target.value })}
        />
        <TextArea
          label="Checks"
          hint="One on each line, begun with rule: or question:. Whoever judges its result goes through them."
          rows={4}
          value={draft.checks}
          onChange={(event) => change({ checks: event.target.value })}
        />
        <div className="grid gap-3 sm:grid-cols-2">
          {rows.map(([field, label, hint]) => (
            <TextField
              key={field}
              label={label}
              {...(hint === "" ? {} : { hint })}
              value={draft[field]}
              onChange={(event) => change({ [field]: event.target.value })}
            />
          ))}
        </div>
        <TextField
          label="Why"
          hint="Needed; kept with the version."
          maxLength={2_000}
          value={draft.reason}
          onChange={(event) => change({ reason: event.target.value })}
        />
        {read.problem !== null && <p className="text-sm text-bad">{read.problem}</p>}
        <ActError error={run.error} />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" tone="accent" disabled={run.isPending || read.problem !== null || draft.reason.trim() === ""}>
            Write version {persona.version + 1}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
