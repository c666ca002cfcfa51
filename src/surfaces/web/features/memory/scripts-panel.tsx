import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useState } from "react";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type { ScriptDocument, ScriptTestDocument, ScriptsDocument } from "../../../../contract/script-contract.ts";
import { call } from "../../api.ts";
import { Button } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError, EmptyState, Loaded } from "../../shell/states.tsx";
import { scriptsQuery } from "./scripts-data.ts";
import { NewScript } from "./scripts-new.tsx";

const scriptQuery = (label: string) =>
  queryOptions({
    queryKey: ["scripts", label],
    queryFn: () => call<ScriptDocument>("GET", `/api/scripts/${encodeURIComponent(label)}`),
  });

type Row = ScriptsDocument["items"][number];

/** Stored scripts: what is in use, what waits for its tests, and trying them. */
export function Panel() {
  const scripts = useQuery(scriptsQuery);
  // An address may name the one that is meant: /settings/scripts#margin@2.
  const named = useLocation({ select: ({ hash }) => hash });
  const [chosen, setChosen] = useState<string | null>(named === "" ? null : named);
  return (
    <>
      <p className="max-w-[75ch] text-sm text-ink-2">
        A script is JavaScript that people store: a validator of entities, a transformer of data, or the formula of a metric. It runs in an
        engine of its own without clock, files or network, within limits of time and memory. A version is used once its tests have passed.
      </p>
      <Section title="Stored scripts" bare>
        <Loaded query={scripts} rows={3}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState>No script is stored yet.</EmptyState>
            ) : (
              <ScriptTable rows={items} chosen={chosen} onChoose={(label) => setChosen(label === chosen ? null : label)} />
            )
          }
        </Loaded>
      </Section>
      {chosen !== null && <Chosen key={chosen} label={chosen} mayWrite={scripts.data?.mayWrite === true} />}
      {scripts.data?.mayWrite === true && <NewScript known={scripts.data.items} onStored={setChosen} />}
    </>
  );
}

const head = "px-2 py-1.5 text-left text-xs font-medium text-ink-3 first:pl-0 last:pr-0";
const cell = "h-10 px-2 py-1 text-sm first:pl-0 last:pr-0";

interface TableProps {
  readonly rows: readonly Row[];
  readonly chosen: string | null;
  readonly onChoose: (label: string) => void;
}

function ScriptTable({ rows, chosen, onChoose }: TableProps) {
  return (
    <table className="w-full">
      <caption className="sr-only">Scripts, all versions, the newest first</caption>
      <thead>
        <tr className="border-b border-line-strong">
          {["Script", "State", "Purpose"].map((name) => (
            <th key={name} scope="col" className={head}>
              {name}
            </th>
          ))}
          <th scope="col" className={`${head} max-sm:hidden`}>
            Title
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className="border-b border-line">
            <th scope="row" className={`${cell} text-left font-mono font-medium`}>
              <button
                type="button"
                aria-expanded={chosen === row.label}
                className="min-h-8 text-accent underline"
                onClick={() => onChoose(row.label)}
              >
                {row.label}
              </button>
            </th>
            <td className={`${cell} ${row.state === "active" ? "text-good" : "text-ink-2"}`}>{row.state}</td>
            <td className={`${cell} text-ink-2`}>{row.purpose}</td>
            <td className={`${cell} text-ink-2 max-sm:hidden`}>{row.title}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Chosen({ label, mayWrite }: { readonly label: string; readonly mayWrite: boolean }) {
  const script = useQuery(scriptQuery(label));
  return (
    <Section title={label}>
      <Loaded query={script} rows={4}>
        {(found) => (
          <div className="flex flex-col gap-3 text-sm">
            <p>
              {found.title}, by {found.author.name}
            </p>
            <pre
              tabIndex={0}
              aria-label="Source"
              className="max-h-80 overflow-auto rounded border border-line bg-sheet p-3 font-mono text-xs"
            >
              {found.source}
            </pre>
            {mayWrite && <Acts script={found} />}
            <details>
              <summary className="cursor-pointer text-ink-2">{found.tests.length} tests</summary>
              <pre
                tabIndex={0}
                aria-label="Tests"
                className="mt-2 max-h-80 overflow-auto rounded border border-line bg-sheet p-3 font-mono text-xs"
              >
                {JSON.stringify(found.tests, null, 2)}
              </pre>
            </details>
          </div>
        )}
      </Loaded>
    </Section>
  );
}

function Acts({ script }: { readonly script: ScriptDocument }) {
  const client = useQueryClient();
  const path = `/api/scripts/${script.id}`;
  const refresh = () => client.invalidateQueries({ queryKey: scriptsQuery.queryKey });
  const test = useMutation({ mutationFn: () => call<ScriptTestDocument>("POST", `${path}/test`, {}) });
  const move = useMutation({
    mutationFn: (act: "activate" | "retire") => call<CommandAnswer>("POST", `${path}/${act}`, { version: script.version }),
    onSuccess: refresh,
  });
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => test.mutate()} disabled={test.isPending}>
          {test.isPending ? "Running the tests" : "Run the tests"}
        </Button>
        {script.state !== "active" && (
          <Button tone="accent" onClick={() => move.mutate("activate")} disabled={move.isPending}>
            Test and activate
          </Button>
        )}
        {script.state !== "retired" && (
          <Button onClick={() => move.mutate("retire")} disabled={move.isPending}>
            Retire
          </Button>
        )}
      </div>
      <ActError error={move.error ?? test.error} />
      <div role="status">
        {test.data !== undefined && (
          <ul className="flex flex-col gap-1">
            {test.data.results.map(({ name, problem }) => (
              <li key={name} className={problem === null ? "text-good" : "text-bad"}>
                {name}: {problem ?? "holds"}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
