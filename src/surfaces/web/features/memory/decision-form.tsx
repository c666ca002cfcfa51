import { Plus, Trash2 } from "lucide-react";
import { Button, IconButton, TextArea, TextField } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { type DecisionDraft, type LinkDraft, type OptionDraft, emptyOption, maxLinks, maxOptions } from "./decision-writing.ts";

export interface FormProps {
  readonly draft: DecisionDraft;
  readonly write: (fields: Partial<DecisionDraft>) => void;
}

/** What is asked, and what it is about. */
export function QuestionFields({ draft, write }: FormProps) {
  return (
    <>
      <TextField
        label="What is decided, as a question"
        required
        maxLength={500}
        value={draft.question}
        onChange={(event) => write({ question: event.target.value })}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Topic"
          hint="A few words it is found by later, such as “database”"
          maxLength={80}
          value={draft.topic}
          onChange={(event) => write({ topic: event.target.value })}
        />
        <TextField
          label="Request it belongs to"
          hint="Such as WORK-3; may stay empty"
          maxLength={100}
          value={draft.request}
          onChange={(event) => write({ request: event.target.value })}
        />
      </div>
    </>
  );
}

/** What was considered, what speaks for and against each, and which one it is. */
export function OptionFields({ draft, write }: FormProps) {
  const { options } = draft;
  const change = (at: number, fields: Partial<OptionDraft>): void =>
    write({ options: options.map((option, index) => (index === at ? { ...option, ...fields } : option)) });
  const remove = (at: number): void =>
    write({
      options: options.filter((_option, index) => index !== at),
      ...(options[at]?.id === draft.choice ? { choice: "" } : {}),
    });
  return (
    <Section title="Options" aside={`${options.length} of at most ${maxOptions}`}>
      <fieldset className="flex flex-col">
        <legend className="sr-only">Options and which one is chosen</legend>
        {options.map((option, at) => (
          <OptionRow
            key={option.id}
            option={option}
            number={at + 1}
            chosen={option.id === draft.choice}
            onChoose={() => write({ choice: option.id })}
            onChange={(fields) => change(at, fields)}
            {...(options.length > 1 ? { onRemove: () => remove(at) } : {})}
          />
        ))}
        <label className="flex min-h-9 items-center gap-2 py-2 text-sm">
          <input type="radio" name="choice" checked={draft.choice === ""} onChange={() => write({ choice: "" })} />
          Nothing is chosen yet: only propose it
        </label>
      </fieldset>
      <Button
        className="self-start"
        disabled={options.length >= maxOptions}
        onClick={() => write({ options: [...options, emptyOption(options)] })}
      >
        <Plus size={14} aria-hidden="true" /> Another option
      </Button>
    </Section>
  );
}

interface OptionRowProps {
  readonly option: OptionDraft;
  readonly number: number;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onChange: (fields: Partial<OptionDraft>) => void;
  readonly onRemove?: () => void;
}

function OptionRow({ option, number, chosen, onChoose, onChange, onRemove }: OptionRowProps) {
  const name = option.label.trim() === "" ? `option ${number}` : option.label.trim();
  return (
    <div className="flex flex-col gap-2 border-b border-line py-3 first:pt-1">
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            label={`Option ${number}`}
            maxLength={200}
            value={option.label}
            onChange={(event) => onChange({ label: event.target.value })}
          />
        </div>
        <label className="flex min-h-9 items-center gap-2 text-sm">
          <input
            type="radio"
            name="choice"
            checked={chosen}
            disabled={option.label.trim() === ""}
            onChange={onChoose}
            aria-label={`Choose ${name}`}
          />
          chosen
        </label>
        {onRemove !== undefined && (
          <IconButton label={`Take ${name} away`} onClick={onRemove}>
            <Trash2 size={15} aria-hidden="true" />
          </IconButton>
        )}
      </div>
      <div className="grid gap-2 sm:grid-cols-2">
        <TextArea
          label={`What speaks for ${name}`}
          hint="One point per line"
          rows={2}
          className="min-h-16"
          maxLength={10_000}
          value={option.pros}
          onChange={(event) => onChange({ pros: event.target.value })}
        />
        <TextArea
          label={`What speaks against ${name}`}
          hint="One point per line"
          rows={2}
          className="min-h-16"
          maxLength={10_000}
          value={option.cons}
          onChange={(event) => onChange({ cons: event.target.value })}
        />
      </div>
    </div>
  );
}

/** Why, how sure, and what would show that it was wrong. */
export function ReasonFields({ draft, write }: FormProps) {
  return (
    <Section title="Reason">
      <TextArea
        label="Why"
        hint="Kept with the decision for as long as the record lasts"
        maxLength={4_000}
        required={draft.choice !== ""}
        value={draft.rationale}
        onChange={(event) => write({ rationale: event.target.value })}
      />
      <div className="grid gap-3 sm:grid-cols-[11rem_minmax(0,1fr)]">
        <TextField
          label="How sure, in percent"
          type="number"
          min={0}
          max={100}
          step={1}
          inputMode="numeric"
          value={draft.confidence}
          onChange={(event) => write({ confidence: event.target.value })}
        />
        <TextField
          label="What would prove it wrong"
          maxLength={4_000}
          required={draft.confidence !== ""}
          value={draft.wrongIf}
          onChange={(event) => write({ wrongIf: event.target.value })}
        />
      </div>
    </Section>
  );
}

/** Pages that the decision rests on. */
export function LinkFields({ draft, write }: FormProps) {
  const { links } = draft;
  const change = (at: number, fields: Partial<LinkDraft>): void =>
    write({ links: links.map((link, index) => (index === at ? { ...link, ...fields } : link)) });
  return (
    <Section title="Evidence">
      {links.map((link, at) => (
        // Rows have no identity of their own; they are only added at the end and taken away by number.
        <div key={at} className="flex flex-wrap items-end gap-2">
          <div className="w-full sm:w-56">
            <TextField
              label={`Name of page ${at + 1}`}
              maxLength={200}
              value={link.label}
              onChange={(event) => change(at, { label: event.target.value })}
            />
          </div>
          <div className="min-w-0 flex-1">
            <TextField
              label={`Address of page ${at + 1}`}
              type="url"
              maxLength={2_000}
              placeholder="https://"
              value={link.address}
              onChange={(event) => change(at, { address: event.target.value })}
            />
          </div>
          <IconButton label={`Take page ${at + 1} away`} onClick={() => write({ links: links.filter((_link, index) => index !== at) })}>
            <Trash2 size={15} aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <Button
        className="self-start"
        disabled={links.length >= maxLinks}
        onClick={() => write({ links: [...links, { label: "", address: "" }] })}
      >
        <Plus size={14} aria-hidden="true" /> Add a page it rests on
      </Button>
    </Section>
  );
}

/** From when it is in force, and when somebody asks how it turned out. */
export function DayFields({ draft, write }: FormProps) {
  return (
    <Section title="Time">
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="In force from"
          hint="Empty: from now. It may lie in the past or in the future."
          type="date"
          value={draft.validFrom}
          onChange={(event) => write({ validFrom: event.target.value })}
        />
        <TextField
          label="Ask how it turned out on"
          hint="A question in the inbox on that day"
          type="date"
          value={draft.review}
          onChange={(event) => write({ review: event.target.value })}
        />
      </div>
    </Section>
  );
}
