import { type FormEvent, useState } from "react";
import type { OutsideToolBody, OutsideToolDocument, ToolServersDocument } from "../../../../contract/gate-contract.ts";
import { canonicalJson } from "../../../../core/shared/json.ts";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { plainWords } from "../../shell/words.ts";
import { groupOf } from "./effect-group.tsx";
import { ShownText } from "./shown-text.tsx";
import { deliveryWords, groupWords, useServerAct } from "./tools-data.ts";

const stateWords: { readonly [state in OutsideToolDocument["state"]]: string } = {
  waiting: "waits: does nothing",
  allowed: "allowed",
  changed: "changed: does nothing",
  gone: "not offered any more",
};

interface RowProps {
  readonly tool: OutsideToolDocument;
  readonly known: ToolServersDocument;
}

/** One tool in the words of its server, and what a person said it does. */
export function OutsideToolRow({ tool, known }: RowProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li className="flex flex-col gap-2 border-t border-line py-2 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <code className="font-mono font-medium break-all">{tool.name}</code>
        <span className={tool.state === "allowed" ? "text-good" : "text-wait"}>{stateWords[tool.state]}</span>
        <Button
          className="ml-auto"
          aria-expanded={isOpen}
          aria-label={`${isOpen ? "Close" : "Look at it"}: ${tool.name}`}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? "Close" : "Look at it"}
        </Button>
      </div>
      {isOpen && (
        <>
          <Words tool={tool} />
          {tool.problems.length > 0 ? (
            <p className="text-bad">It cannot be allowed: {tool.problems.slice(0, 5).join(" ")}</p>
          ) : (
            known.mayAllow && <AllowForm tool={tool} known={known} onDone={() => setOpen(false)} />
          )}
        </>
      )}
    </li>
  );
}

function Words({ tool: { given } }: { readonly tool: OutsideToolDocument }) {
  const parts = [
    ["its title", given.title],
    ["its description", given.description],
    ["its arguments", canonicalJson(given.inputSchema)],
    ["its hints", canonicalJson(given.annotations)],
  ] as const;
  return (
    <div className="flex flex-col gap-2 rounded border border-l-2 border-line border-l-wait px-3 py-2">
      <p className="text-xs text-ink-3">All of this is what the server says. Nobody here vouches for it, and its hints decide nothing.</p>
      {parts.map(([name, text]) => (
        <div key={name}>
          <p className="text-xs text-ink-3">{name}</p>
          <ShownText text={text} name={name} />
        </div>
      ))}
    </div>
  );
}

const deliveries = ["once", "queryable", "keyed", "pure"] as const;

interface Draft {
  readonly effectKind: string;
  readonly deliveryClass: OutsideToolDocument["said"]["deliveryClass"];
  readonly targets: readonly string[];
  readonly reason: string;
}

/** What a person says a tool does. Everything begins at the worst. */
function AllowForm({ tool, known, onDone }: RowProps & { readonly onDone: () => void }) {
  const { effectKind, deliveryClass, targets } = tool.said;
  const [draft, setDraft] = useState<Draft>({ effectKind, deliveryClass, targets, reason: "" });
  const allow = useServerAct(onDone);
  const change = (fields: Partial<Draft>) => setDraft((before) => ({ ...before, ...fields }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    const body: OutsideToolBody = { ...draft, givenSha256: tool.givenSha256 };
    allow.mutate({ path: `/outside-tools/${tool.id}/allow`, body });
  };
  return (
    <form aria-label={`Allow ${tool.name}`} onSubmit={send} className="flex max-w-2xl flex-col gap-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label="What it does to the world"
          value={draft.effectKind}
          onChange={(event) => change({ effectKind: event.target.value })}
        >
          {known.effectKinds.map(({ kind, group }) => (
            <option key={kind} value={kind}>
              {plainWords(kind)}: {groupWords[groupOf(group)].toLowerCase()}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Repeats"
          value={draft.deliveryClass}
          onChange={(event) => change({ deliveryClass: deliveries.find((one) => one === event.target.value) ?? "once" })}
        >
          {deliveries.map((one) => (
            <option key={one} value={one}>
              {deliveryWords[one]}
            </option>
          ))}
        </SelectField>
      </div>
      <Targets tool={tool} chosen={draft.targets} onChange={(chosen) => change({ targets: chosen })} />
      <TextField
        label="Why"
        hint="It is shown with the tool."
        required
        maxLength={2_000}
        value={draft.reason}
        onChange={(event) => change({ reason: event.target.value })}
      />
      <Button type="submit" tone="accent" className="self-start" disabled={allow.isPending || draft.reason.trim() === ""}>
        Let it be called under the gate
      </Button>
      <ActError error={allow.error} />
    </form>
  );
}

interface TargetsProps {
  readonly tool: OutsideToolDocument;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

function Targets({ tool, chosen, onChange }: TargetsProps) {
  const { properties } = tool.given.inputSchema;
  const names = typeof properties === "object" && properties !== null && !Array.isArray(properties) ? Object.keys(properties) : [];
  if (names.length === 0) return null;
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="text-sm font-medium">Arguments that say whom or what it reaches</legend>
      <p className="text-xs text-ink-3">None chosen: every argument is judged as one, and no standing grant can cover it.</p>
      <div className="flex flex-wrap gap-x-4">
        {names.slice(0, 100).map((name) => (
          <label key={name} className="flex min-h-7 items-center gap-1.5 text-sm">
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={(event) => onChange(event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name))}
            />
            <code className="font-mono">{name}</code>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
