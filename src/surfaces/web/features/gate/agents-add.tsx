import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { AgentDocument } from "../../../../contract/agent-contract.ts";
import { agentFacts, agentForms } from "../../../../core/gate/agent.ts";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { formWords, useAgentAct } from "./agents-data.ts";
import { providersQuery } from "./models-data.ts";

type Form = AgentDocument["form"];

interface Draft {
  readonly name: string;
  readonly form: Form;
  readonly provider: string;
  readonly words: string;
}

const isForm = (value: string): value is Form => agentForms.some((form) => form === value);

const bodyOf = ({ name, form, words }: Draft, provider: string) => ({
  name: name.trim(),
  form,
  ...(provider === "" ? {} : { provider }),
  ...(form === "command" ? { command: { argv: words.split(" ").filter((word) => word !== "") } } : {}),
});

/** Connects an agent. A command line is typed as words between spaces; nothing of it is read by a shell. */
export function AddAgent({ onDone }: { readonly onDone: () => void }) {
  const [draft, setDraft] = useState<Draft>({ name: "", form: "opencode", provider: "", words: "" });
  const providers = useQuery(providersQuery);
  const add = useAgentAct(onDone);
  const { vendors } = agentFacts[draft.form];
  const fitting = (providers.data?.items ?? []).filter(({ vendor }) => vendors.includes(vendor)).map(({ name }) => name);
  const provider = draft.provider === "" && draft.form !== "command" ? (fitting[0] ?? "") : draft.provider;
  const send = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ path: "", body: bodyOf(draft, provider) });
  };
  return (
    <form onSubmit={send} autoComplete="off" className="mt-3 grid max-w-2xl gap-3 rounded border border-line p-3 sm:grid-cols-2">
      <Fields draft={draft} fitting={fitting} provider={provider} change={(fields) => setDraft({ ...draft, ...fields })} />
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
  readonly draft: Draft;
  /** Names of providers that this agent can be pointed at. */
  readonly fitting: readonly string[];
  readonly provider: string;
  readonly change: (fields: Partial<Draft>) => void;
}

function Fields({ draft, fitting, provider, change }: FieldsProps) {
  const isOwn = draft.form === "command";
  return (
    <>
      <TextField label="Name" required maxLength={40} value={draft.name} onChange={({ target }) => change({ name: target.value })} />
      <SelectField
        label="Agent"
        value={draft.form}
        onChange={({ target }) => isForm(target.value) && change({ form: target.value, provider: "" })}
      >
        {agentForms.map((form) => (
          <option key={form} value={form}>
            {formWords[form]}
          </option>
        ))}
      </SelectField>
      <SelectField label="Model provider" value={provider} onChange={({ target }) => change({ provider: target.value })}>
        {(isOwn || fitting.length === 0) && (
          <option value="">{isOwn ? "None: it reaches nothing" : "None fits; connect one under Models"}</option>
        )}
        {fitting.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
      {isOwn && (
        <TextField
          label="Command line"
          required
          maxLength={2_000}
          hint="{prompt}, {outputs} and {worktree} stand for places"
          value={draft.words}
          onChange={({ target }) => change({ words: target.value })}
        />
      )}
    </>
  );
}
