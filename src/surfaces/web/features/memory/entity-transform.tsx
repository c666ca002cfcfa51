import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { EntityDocument } from "../../../../contract/entity-contract.ts";
import type { TransformedDocument } from "../../../../contract/script-contract.ts";
import type { JsonObject } from "../../../../core/shared/json.ts";
import { call } from "../../api.ts";
import { Button, SelectField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { ActError } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { changeEntity } from "./entities-data.ts";
import { readable } from "./entity-fields.ts";
import { scriptsQuery } from "./scripts-data.ts";
import { useAct } from "./use-act.ts";

/** Runs an active transformer on an entity. What it would change is read first and written then, as a change of the version it saw. */
export function TransformButton({ entity }: { readonly entity: EntityDocument }) {
  const [isOpen, setOpen] = useState(false);
  const scripts = useQuery(scriptsQuery);
  const offered = scripts.data?.items.filter(({ purpose, state }) => purpose === "transformer" && state === "active") ?? [];
  if (offered.length === 0) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Transform</Button>
      {isOpen && <TransformDialog entity={entity} offered={offered} onClose={() => setOpen(false)} />}
    </>
  );
}

interface DialogProps {
  readonly entity: EntityDocument;
  readonly offered: readonly { readonly label: string; readonly title: string }[];
  readonly onClose: () => void;
}

function TransformDialog({ entity, offered, onClose }: DialogProps) {
  const [script, setScript] = useState(offered[0]?.label ?? "");
  const run = useMutation({
    mutationFn: () => call<TransformedDocument>("POST", `/api/entities/${encodeURIComponent(entity.id)}/transform`, { script }),
  });
  const apply = useAct(
    ({ version, set, unset }: TransformedDocument) => changeEntity(entity.id, { version, set: set as JsonObject, unset: [...unset] }), // what crossed the wire is JSON
    "The change is written.",
    onClose,
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    apply.reset();
    run.mutate();
  };
  const shown = run.data;
  return (
    <Dialog title={`Transform ${entity.title === "" ? entity.label : entity.title}`} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <form onSubmit={submit} className="flex flex-col gap-3">
          <SelectField
            label="Transformer"
            hint="It runs in its sandbox and changes nothing by itself."
            value={script}
            onChange={(event) => {
              setScript(event.target.value);
              run.reset();
            }}
          >
            {offered.map(({ label, title }) => (
              <option key={label} value={label}>
                {label} {title}
              </option>
            ))}
          </SelectField>
          <Button type="submit" className="self-start" tone={shown === undefined ? "accent" : "plain"} disabled={run.isPending}>
            {run.isPending ? "Running" : "Show what would change"}
          </Button>
        </form>
        <ActError error={run.error} />
        {shown !== undefined && <Changes shown={shown} />}
        <ActError error={apply.error} />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Leave it
          </Button>
          {shown !== undefined && shown.changes.length > 0 && (
            <Button tone="accent" disabled={apply.isPending} onClick={() => apply.mutate(shown)}>
              Write {countText(shown.changes.length + shown.more, "change")}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

const verbs = { added: "is added", removed: "goes", changed: "changes" } as const;

function Changes({ shown }: { readonly shown: TransformedDocument }) {
  if (shown.changes.length === 0)
    return (
      <p role="status" className="text-sm text-ink-2">
        Nothing would change.
      </p>
    );
  return (
    <ul aria-label="What would change" className="flex max-h-80 flex-col overflow-y-auto border-t border-line" tabIndex={0}>
      {shown.changes.map((change) => (
        <li key={`${change.kind} ${change.path}`} className="flex flex-col gap-1 border-b border-line py-2 text-sm">
          <span>
            <code className="font-mono font-semibold wrap-anywhere">{change.path}</code>{" "}
            <span className="text-ink-3">{verbs[change.kind]}</span>
          </span>
          {change.kind !== "added" && <Side word="Before" mark="−" look="bg-bad-wash" text={readable(change.before)} />}
          {change.kind !== "removed" && <Side word="After" mark="+" look="bg-good-wash" text={readable(change.after)} />}
        </li>
      ))}
      {shown.more > 0 && <li className="py-2 text-sm text-ink-2">{countText(shown.more, "further change")}</li>}
    </ul>
  );
}

const Side = ({
  word,
  mark,
  look,
  text,
}: {
  readonly word: string;
  readonly mark: string;
  readonly look: string;
  readonly text: string;
}) => (
  <span className={`flex gap-2 rounded-sm px-2 py-1 ${look}`}>
    <span aria-hidden="true" className="w-3 shrink-0 text-center font-mono text-ink-2">
      {mark}
    </span>
    <span className="sr-only">{word}: </span>
    <code className="min-w-0 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">{text}</code>
  </span>
);
