import { type FormEvent, useState } from "react";
import type { ProviderDocument, ProvidersDocument } from "../../../../contract/provider-contract.ts";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { useProviderAct, vendorWords } from "./models-data.ts";

type Vendor = ProviderDocument["vendor"];

interface Draft {
  readonly name: string;
  readonly vendor: Vendor;
  readonly baseUrl: string;
  readonly models: string;
  readonly key: string;
  readonly local: boolean;
}

const empty: Draft = { name: "", vendor: "openai-compatible", baseUrl: "", models: "", key: "", local: true };

const modelsOf = (text: string): readonly string[] =>
  text
    .split(",")
    .map((model) => model.trim())
    .filter((model) => model !== "");

const bodyOf = ({ name, vendor, baseUrl, models, key, local }: Draft) => ({
  name: name.trim(),
  vendor,
  models: modelsOf(models),
  local,
  ...(baseUrl.trim() === "" ? {} : { baseUrl: baseUrl.trim() }),
  ...(key.trim() === "" ? {} : { key: key.trim() }),
});

/** Connects a provider. The key goes out once and never comes back. */
export function AddModel({ known, onDone }: { readonly known: ProvidersDocument; readonly onDone: () => void }) {
  const [draft, setDraft] = useState(empty);
  const add = useProviderAct(onDone);
  const change = (fields: Partial<Draft>) => setDraft({ ...draft, ...fields });
  const send = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ path: "", body: bodyOf(draft) });
  };
  return (
    <form onSubmit={send} autoComplete="off" className="mt-3 grid max-w-2xl gap-3 rounded border border-line p-3 sm:grid-cols-2">
      <Place known={known} draft={draft} change={change} />
      <Access known={known} draft={draft} change={change} />
      <div className="flex flex-wrap gap-2 sm:col-span-2">
        <Button type="submit" tone="accent" disabled={add.isPending}>
          Connect
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
      <div className="sm:col-span-2">
        <ActError error={add.error} />
      </div>
    </form>
  );
}

interface FieldsProps {
  readonly known: ProvidersDocument;
  readonly draft: Draft;
  readonly change: (fields: Partial<Draft>) => void;
}

const aboutOf = ({ known, draft }: FieldsProps) => known.vendors.find(({ vendor }) => vendor === draft.vendor);

function Place({ known, draft, change }: FieldsProps) {
  const about = aboutOf({ known, draft, change });
  return (
    <>
      <SelectField
        label="Speaks the interface of"
        value={draft.vendor}
        onChange={(event) => change(vendorChange(known, event.target.value))}
      >
        {known.vendors.map(({ vendor }) => (
          <option key={vendor} value={vendor}>
            {vendorWords[vendor]}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Name"
        required
        maxLength={40}
        placeholder={draft.vendor === "openai-compatible" ? "ollama" : draft.vendor}
        hint="What you call it; halts and prices name it so."
        value={draft.name}
        onChange={(event) => change({ name: event.target.value })}
      />
      <TextField
        label="Address"
        type="url"
        required={about?.baseUrl === null}
        maxLength={500}
        placeholder={about?.baseUrl ?? "http://127.0.0.1:11434/v1"}
        value={draft.baseUrl}
        onChange={(event) => change({ baseUrl: event.target.value })}
      />
      <TextField
        label="Models"
        required
        maxLength={2_000}
        hint="The one to ask first; others after commas."
        value={draft.models}
        onChange={(event) => change({ models: event.target.value })}
      />
    </>
  );
}

function Access({ known, draft, change }: FieldsProps) {
  const about = aboutOf({ known, draft, change });
  return (
    <>
      <TextField
        label="Key"
        type="password"
        maxLength={500}
        hint={keyHint(about?.variable ?? null, about?.variableSet ?? false, draft.local)}
        value={draft.key}
        onChange={(event) => change({ key: event.target.value })}
      />
      <label className="flex items-start gap-2 text-sm sm:pt-6">
        <input
          type="checkbox"
          className="mt-0.5 size-4"
          checked={draft.local}
          onChange={(event) => change({ local: event.target.checked })}
        />
        <span>
          Local: what is sent there stays in the house
          <span className="block text-xs text-ink-3">It serves every project, and it may be on the server's own machine.</span>
        </span>
      </label>
    </>
  );
}

const vendorChange = (known: ProvidersDocument, said: string): Partial<Draft> => {
  const vendor = known.vendors.find((one) => one.vendor === said)?.vendor ?? "openai-compatible";
  return { vendor, local: vendor === "openai-compatible" };
};

function keyHint(variable: string | null, isSet: boolean, local: boolean): string {
  if (isSet && variable !== null) return `The server has ${variable}; leave this empty to use it.`;
  return local ? "Sealed and never shown again; leave it empty where none is needed." : "Sealed and never shown again.";
}
