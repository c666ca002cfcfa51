import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type { ScriptsDocument } from "../../../../contract/script-contract.ts";
import { call } from "../../api.ts";
import { Button, SelectField, TextArea, TextField } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError } from "../../shell/states.tsx";

const firstSource = "export default (input) => {\n  return [];\n};\n";
const firstTests = '[{ "name": "nothing is wrong", "input": {}, "expected": [] }]';

/** What the fields hold, or what is wrong with the one that has to be JSON. */
function readTests(text: string): { readonly tests: unknown } | { readonly problem: string } {
  try {
    const tests: unknown = JSON.parse(text);
    return Array.isArray(tests) ? { tests } : { problem: 'Tests are a list: [{ "name", "input", "expected" }].' };
  } catch (error) {
    return { problem: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

interface NewScriptProps {
  readonly known: ScriptsDocument["items"];
  /** Hears the label of what was stored. */
  readonly onStored: (label: string) => void;
}

/** Stores a script, or the next version of one whose key is given again. */
export function NewScript({ known, onStored }: NewScriptProps) {
  const client = useQueryClient();
  const [key, setKey] = useState("");
  const [purpose, setPurpose] = useState("validator");
  const [title, setTitle] = useState("");
  const [source, setSource] = useState(firstSource);
  const [tests, setTests] = useState(firstTests);
  const read = readTests(tests);
  const after = known.filter((row) => row.key === key).reduce((newest, row) => Math.max(newest, row.scriptVersion), 0);
  const store = useMutation({
    mutationFn: (list: unknown) => call<CommandAnswer>("POST", "/api/scripts", { key, purpose, title, source, tests: list, after }),
    onSuccess: async ({ label }) => {
      await client.invalidateQueries({ queryKey: ["scripts"] });
      if (label !== undefined) onStored(label);
    },
  });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if ("tests" in read) store.mutate(read.tests);
  };
  return (
    <Section title="Store a script">
      <form onSubmit={send} className="grid max-w-3xl gap-3 sm:grid-cols-2">
        <TextField
          label="Key"
          required
          value={key}
          onChange={(event) => setKey(event.target.value)}
          hint={after > 0 ? `Becomes version ${after + 1}` : "Such as net-margin"}
        />
        <SelectField label="Purpose" value={purpose} onChange={(event) => setPurpose(event.target.value)}>
          <option value="validator">Validator: a list of problems</option>
          <option value="transformer">Transformer: any JSON</option>
          <option value="metric">Metric: a number</option>
        </SelectField>
        <div className="sm:col-span-2">
          <TextField label="What it is for" required value={title} onChange={(event) => setTitle(event.target.value)} />
        </div>
        <CodeArea label="Source" rows={8} value={source} onChange={setSource} />
        <CodeArea label="Tests" rows={4} value={tests} problem={"problem" in read ? read.problem : undefined} onChange={setTests} />
        <div className="flex flex-wrap items-center gap-3 sm:col-span-2">
          <Button type="submit" disabled={store.isPending || "problem" in read}>
            Store as a draft
          </Button>
          <ActError error={store.error} />
        </div>
      </form>
    </Section>
  );
}

interface CodeAreaProps {
  readonly label: string;
  readonly rows: number;
  readonly value: string;
  readonly problem?: string | undefined;
  readonly onChange: (text: string) => void;
}

function CodeArea({ label, rows, value, problem, onChange }: CodeAreaProps) {
  return (
    <div className="sm:col-span-2">
      <TextArea
        label={label}
        required
        spellCheck={false}
        rows={rows}
        className="font-mono text-xs"
        value={value}
        problem={problem}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
