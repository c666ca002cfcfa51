import { type FormEvent, useState } from "react";
import type { GrantBody } from "../../../../contract/gate-contract.ts";
import { visibleText } from "../../../../core/gate/show-text.ts";
import type { Json } from "../../../../core/shared/json.ts";
import { Button, SelectField, TextArea, TextField } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { readCap } from "./budget-data.ts";
import { contentWords, useGrant } from "./tools-data.ts";

/** What a grant is about before anybody typed anything. */
export interface GrantStart {
  readonly tool: string;
  /** Null: any of the project's personas. */
  readonly persona: string | null;
  /** The project's key or id; empty: it is asked for. */
  readonly project: string;
  readonly targets: { readonly [argument: string]: readonly Json[] };
  readonly hasAmount: boolean;
  /** The narrowest rule that the call at hand would fit; absent: there is none at hand. */
  readonly fits?: GrantBody["content"];
  readonly currency: string;
}

interface Draft {
  readonly project: string;
  readonly persona: string;
  readonly targets: { readonly [argument: string]: string };
  readonly content: GrantBody["content"];
  readonly calls: string;
  readonly cap: string;
  readonly until: string;
  readonly reason: string;
}

const rules = ["human", "inside", "any"] as const;
const dayMs = 86_400_000;

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

const draftOf = (start: GrantStart): Draft => ({
  project: start.project,
  persona: start.persona ?? "",
  targets: Object.fromEntries(Object.entries(start.targets).map(([argument, values]) => [argument, values.map(lineOf).join("\n")])),
  content: "human",
  calls: "10",
  cap: "",
  until: dayOf(Date.now() + 30 * dayMs),
  reason: "",
});

/** One line is one value: JSON where it reads as JSON but a plain word, otherwise the text as it stands. */
function valueOf(line: string): Json {
  try {
    return JSON.parse(line) as Json; // JSON.parse gives JSON
  } catch {
    return line;
  }
}

/** The line that reads as a value. Whatever would not be seen in a field is written by its number. */
function lineOf(value: Json): string {
  const isPlain = typeof value === "string" && visibleText(value) === value && value.trim() === value && !value.includes("\n");
  if (isPlain && valueOf(value) === value) return value;
  return JSON.stringify(value).replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const linesOf = (text: string): readonly Json[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(valueOf);

/** What is sent; null: something is missing. */
function bodyOf(start: GrantStart, draft: Draft): GrantBody | null {
  const targets = Object.fromEntries(Object.entries(draft.targets).map(([argument, text]) => [argument, [...linesOf(text)]]));
  const cap = readCap("costMicro", draft.cap);
  const expiresAtMs = Date.parse(`${draft.until}T23:59:59Z`);
  const isWhole = Object.keys(targets).length > 0 && Object.values(targets).every((values) => values.length > 0);
  if (!isWhole || !/^\d{1,4}$/u.test(draft.calls) || cap === undefined || Number.isNaN(expiresAtMs)) return null;
  if (draft.reason.trim() === "" || draft.project.trim() === "") return null;
  return {
    tool: start.tool,
    project: draft.project.trim(),
    persona: draft.persona.trim() === "" ? null : draft.persona.trim(),
    targets,
    content: draft.content,
    maxCalls: Number(draft.calls),
    capMicro: cap,
    expiresAtMs,
    reason: draft.reason,
  };
}

interface FormProps {
  readonly start: GrantStart;
  readonly label: string;
  readonly onDone: () => void;
  /** What happens right after the grant was given. */
  readonly next?: () => Promise<unknown>;
}

/** A yes beforehand. It says how far it goes in every direction, and a person can take it back at any time. */
export function GrantForm({ start, label, onDone, next }: FormProps) {
  const [draft, setDraft] = useState(() => draftOf(start));
  const give = useGrant(onDone, next);
  const body = bodyOf(start, draft);
  const change = (fields: Partial<Draft>) => setDraft((before) => ({ ...before, ...fields }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (body !== null) give.mutate(body);
  };
  return (
    <form aria-label={`A standing grant for ${start.tool}`} onSubmit={send} className="flex flex-col gap-3 rounded border border-line p-3">
      <p className="max-w-[75ch] text-sm text-ink-2">
        Calls of <code className="id">{start.tool}</code> that fit all of this happen without asking, until the count, the cap or the day is
        reached. Any member can revoke it; from then on it covers nothing.
      </p>
      <Targets draft={draft} onChange={change} />
      <Bounds start={start} draft={draft} onChange={change} />
      <TextField
        label="Why"
        hint="It is shown with the grant."
        required
        maxLength={2_000}
        value={draft.reason}
        onChange={(event) => change({ reason: event.target.value })}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="accent" disabled={give.isPending || body === null}>
          {label}
        </Button>
        <Button tone="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
      <ActError error={give.error} />
    </form>
  );
}

interface PartProps {
  readonly draft: Draft;
  readonly onChange: (fields: Partial<Draft>) => void;
}

function Targets({ draft, onChange }: PartProps) {
  return (
    <>
      {Object.entries(draft.targets).map(([argument, text]) => (
        <TextArea
          key={argument}
          label={`"${argument}" may be`}
          hint="One value on each line, compared whole. A text of digits stands in quotes."
          required
          rows={2}
          className="min-h-14 font-mono text-sm"
          value={text}
          onChange={(event) => onChange({ targets: { ...draft.targets, [argument]: event.target.value } })}
        />
      ))}
    </>
  );
}

function Bounds({ start, draft, onChange }: PartProps & { readonly start: GrantStart }) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Whose start={start} draft={draft} onChange={onChange} />
      <TextField
        label="Calls"
        hint="1 to 1000."
        required
        inputMode="numeric"
        value={draft.calls}
        {...(/^\d{1,4}$/u.test(draft.calls) ? {} : { problem: "This is no number." })}
        onChange={(event) => onChange({ calls: event.target.value })}
      />
      <TextField
        label="Until the end of"
        hint="90 days at most."
        type="date"
        required
        value={draft.until}
        onChange={(event) => onChange({ until: event.target.value })}
      />
      {start.hasAmount && (
        <TextField
          label={`Over all calls at most, in ${start.currency}`}
          inputMode="decimal"
          required
          value={draft.cap}
          {...(readCap("costMicro", draft.cap) === undefined ? { problem: "This is no amount." } : {})}
          onChange={(event) => onChange({ cap: event.target.value })}
        />
      )}
    </div>
  );
}

/** Says so where the call at hand would not be covered. */
const hintOf = ({ fits }: GrantStart, { content }: Draft): { readonly hint?: string } =>
  fits === undefined || rules.indexOf(content) >= rules.indexOf(fits)
    ? {}
    : { hint: `A call like this one would still be asked about: it needs "${contentWords[fits]}".` };

/** Whose words, which persona, which project. */
function Whose({ start, draft, onChange }: PartProps & { readonly start: GrantStart }) {
  return (
    <>
      <SelectField
        label="The rest of the call may be"
        {...hintOf(start, draft)}
        value={draft.content}
        onChange={(event) => onChange({ content: rules.find((rule) => rule === event.target.value) ?? "human" })}
      >
        {rules.map((rule) => (
          <option key={rule} value={rule}>
            {contentWords[rule]}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Only for the persona"
        hint="Its key. Empty: every persona that may call the tool."
        maxLength={200}
        value={draft.persona}
        onChange={(event) => onChange({ persona: event.target.value })}
      />
      {start.project === "" && (
        <TextField
          label="Project"
          hint="Its key."
          required
          maxLength={50}
          value={draft.project}
          onChange={(event) => onChange({ project: event.target.value })}
        />
      )}
    </>
  );
}
