import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { PolicyBody, PolicyDocument } from "../../../../contract/policy-contract.ts";
import { Button, TextArea, TextField } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError } from "../../shell/states.tsx";
import { checkPolicy, proposePolicy, tryPolicy } from "./policies-data.ts";
import { DiffView } from "./policies-diff.tsx";

interface ProposeProps {
  /** The policy that is changed; null: a new one. */
  readonly from: PolicyDocument | null;
  readonly onDone: () => void;
}

const firstText = `permit (
  principal,
  action == Action::"approve-plan",
  resource
)
when { principal.roles.contains("director") && resource.risk != "high" };`;

type Draft = PolicyBody;

/** A policy that is being written, with the tries made on its present text. */
function useDraft(from: PolicyDocument | null, onDone: () => void) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>({
    key: from?.key ?? "",
    statement: from?.statement ?? "",
    text: from?.text ?? firstText,
    reason: "",
  });
  const check = useMutation({ mutationFn: () => checkPolicy(draft.text) });
  const trial = useMutation({
    mutationFn: async () => ((await check.mutateAsync()).problems.length > 0 ? null : tryPolicy(draft.key, draft.text)),
  });
  const propose = useMutation({
    mutationFn: () => proposePolicy(draft),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["policies"] });
      onDone();
    },
  });
  const write = (fields: Partial<Draft>): void => {
    setDraft({ ...draft, ...fields });
    if (fields.text === undefined) return;
    check.reset();
    trial.reset();
  };
  return { draft, write, trial, propose, problems: check.data?.problems ?? [] };
}

type Writing = ReturnType<typeof useDraft>;

/** Writes a policy: its text is checked and tried against recorded decisions before it is proposed. */
export function ProposePolicy({ from, onDone }: ProposeProps) {
  const writing = useDraft(from, onDone);
  const { trial, propose } = writing;
  return (
    <Section title={from === null ? "Propose a policy" : `Propose the next version of ${from.key}`}>
      <form
        className="flex max-w-2xl flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          propose.mutate();
        }}
      >
        <Fields writing={writing} isNew={from === null} />
        {trial.data !== undefined && trial.data !== null && <DiffView diff={trial.data} />}
        <Acts writing={writing} onDone={onDone} />
        <ActError error={trial.error ?? propose.error} />
      </form>
    </Section>
  );
}

function Fields({ writing, isNew }: { readonly writing: Writing; readonly isNew: boolean }) {
  const { draft, write, problems } = writing;
  const problem = problems.map((one) => `line ${one.line}, column ${one.column}: ${one.message}`).join(" · ");
  return (
    <>
      {isNew && (
        <TextField
          label="Key"
          hint="Lower-case letters, digits and -; decisions name it"
          required
          value={draft.key}
          onChange={(event) => write({ key: event.target.value })}
          className="max-w-xs font-mono"
        />
      )}
      <TextField
        label="What it does, in one sentence"
        required
        maxLength={300}
        value={draft.statement}
        onChange={(event) => write({ statement: event.target.value })}
      />
      <TextArea
        label="Text (Cedar, one statement)"
        required
        spellCheck={false}
        rows={8}
        value={draft.text}
        onChange={(event) => write({ text: event.target.value })}
        className="font-mono text-xs"
        problem={problem === "" ? undefined : problem}
      />
      <TextField label="Why" required maxLength={2_000} value={draft.reason} onChange={(event) => write({ reason: event.target.value })} />
    </>
  );
}

function Acts({ writing, onDone }: { readonly writing: Writing; readonly onDone: () => void }) {
  const { draft, trial, propose, problems } = writing;
  const isKey = /^[a-z][a-z0-9-]{0,63}$/u.test(draft.key);
  const isWhole = isKey && draft.statement.trim() !== "" && draft.reason.trim() !== "";
  return (
    <div className="flex flex-wrap gap-2">
      <Button disabled={!isKey || trial.isPending} onClick={() => trial.mutate()}>
        Try it on recorded decisions
      </Button>
      <Button type="submit" tone="accent" disabled={propose.isPending || !isWhole || problems.length > 0}>
        Propose
      </Button>
      <Button tone="quiet" onClick={onDone}>
        Cancel
      </Button>
    </div>
  );
}
