import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { EntityDocument } from "../../../../contract/entity-contract.ts";
import type { JsonObject } from "../../../../core/shared/json.ts";
import { SelectField, TextArea, TextField } from "../../shell/controls.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { titleWords } from "../../shell/words.ts";
import type { FormField } from "../execution/form-fields.ts";
import { ActForm } from "../oversight/objectives-forms.tsx";
import { type EntityMove, changeEntity, createEntity, entityTypeQuery, entityTypesQuery, moveEntity } from "./entities-data.ts";
import { type Texts, dataChange, dataFields, fieldProblems, fieldText } from "./entity-fields.ts";

interface DataFormProps {
  readonly fields: readonly FormField[];
  readonly texts: Texts;
  readonly onChange: (texts: Texts) => void;
}

/** One input for each field of the data; what is wrong stands beside it once something was written. */
function DataForm({ fields, texts, onChange }: DataFormProps) {
  const problems = fieldProblems(fields, texts);
  return fields.map((field) => (
    <DataInput
      key={field.name}
      field={field}
      value={texts[field.name] ?? ""}
      problem={(texts[field.name] ?? "") === "" ? undefined : problems[field.name]}
      onChange={(value) => onChange({ ...texts, [field.name]: value })}
    />
  ));
}

interface InputProps {
  readonly field: FormField;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (value: string) => void;
}

function DataInput({ field, value, problem, onChange }: InputProps) {
  const shared = {
    label: field.required ? field.label : `${field.label} (optional)`,
    value,
    onChange: (event: { readonly target: { readonly value: string } }) => onChange(event.target.value),
    ...(problem === undefined ? {} : { problem }),
    ...hintOf(field),
  };
  if (field.kind === "boolean" || field.kind === "choice")
    return (
      <SelectField {...shared}>
        <option value="">not said</option>
        {choicesOf(field).map(([choice, word]) => (
          <option key={choice} value={choice}>
            {word}
          </option>
        ))}
      </SelectField>
    );
  if (isLong(field, value))
    return <TextArea {...shared} rows={3} className={field.kind === "json" ? "min-h-20 font-mono text-sm" : "min-h-20"} />;
  return <TextField {...shared} inputMode={field.kind === "number" ? "decimal" : "text"} />;
}

const choicesOf = (field: FormField): readonly (readonly [choice: string, word: string])[] =>
  field.kind === "boolean"
    ? [
        ["true", "yes"],
        ["false", "no"],
      ]
    : field.choices.map((choice) => [choice, choice]);

const ways: { readonly [kind in FormField["kind"]]?: string } = { list: "One a line.", json: "As JSON." };

const hintOf = (field: FormField): { readonly hint?: string } => {
  const hint = [field.hint, ways[field.kind] ?? ""].filter((part) => part !== "").join(" ");
  return hint === "" ? {} : { hint };
};

const isLong = (field: FormField, value: string): boolean =>
  field.kind === "json" || field.kind === "list" || value.includes("\n") || value.length > longText;

/** From this length on a text gets several lines. */
const longText = 90;

const noData: JsonObject = {};

/** Keeps a new entity: the type's schema is the form. */
export function NewEntity({ type, onClose }: { readonly type: string | undefined; readonly onClose: () => void }) {
  const types = useQuery(entityTypesQuery);
  const [chosen, setChosen] = useState(type ?? "");
  const key = chosen === "" ? (types.data?.items[0]?.key ?? "") : chosen;
  const [title, setTitle] = useState("");
  const [own, setOwn] = useState("");
  const [texts, setTexts] = useState<Texts>({});
  const fields = useTypeFields(key);
  const project = useProjectKey();
  const ready = title.trim() !== "" && fields !== null && Object.keys(fieldProblems(fields, texts)).length === 0;
  const send = () =>
    createEntity({
      type: key,
      title: title.trim(),
      data: dataChange(fields ?? [], texts, noData).set,
      ...(own.trim() === "" ? {} : { key: own.trim() }),
      ...(project === "" ? {} : { project }),
    });
  return (
    <ActForm title="New entity" act="Keep it" said="It is kept." ready={ready} send={send} onClose={onClose}>
      <SelectField label="Type" value={key} onChange={(event) => setChosen(event.target.value)}>
        {types.data?.items.map((one) => (
          <option key={one.key} value={one.key}>
            {one.title}
          </option>
        ))}
      </SelectField>
      <TextField label="Title" required maxLength={300} value={title} onChange={(event) => setTitle(event.target.value)} />
      <TextField
        label="Key (optional)"
        hint="Stands in addresses, such as acme; it stays for ever."
        maxLength={80}
        value={own}
        onChange={(event) => setOwn(event.target.value)}
      />
      <DataForm fields={fields ?? []} texts={texts} onChange={setTexts} />
    </ActForm>
  );
}

/** The fields of a type's latest schema; null: it is not read yet. */
function useTypeFields(key: string): readonly FormField[] | null {
  const schema = useQuery({ ...entityTypeQuery(key), enabled: key !== "" });
  return schema.data === undefined ? null : dataFields(schema.data.versions[0]?.dataSchema ?? noData, noData);
}

/** Changes what was touched and nothing else; somebody's change in between is refused and shown. */
export function EditEntity({ entity, onClose }: { readonly entity: EntityDocument; readonly onClose: () => void }) {
  const fields = dataFields(entity.type.dataSchema, entity.data);
  // What was read when the form opened: a change that arrives meanwhile must not be written over.
  const [read] = useState(entity);
  const [title, setTitle] = useState(entity.title);
  const [texts, setTexts] = useState<Texts>(() =>
    Object.fromEntries(fields.map((field) => [field.name, fieldText(field, read.data[field.name])])),
  );
  const ready = title.trim() !== "" && Object.keys(fieldProblems(fields, texts)).length === 0;
  const send = () =>
    changeEntity(read.id, {
      version: read.version,
      ...dataChange(fields, texts, read.data),
      ...(title.trim() === read.title ? {} : { title: title.trim() }),
    });
  return (
    <ActForm title={`Change ${read.label}`} act="Save" said="The change is kept." ready={ready} send={send} onClose={onClose}>
      <TextField label="Title" required maxLength={300} value={title} onChange={(event) => setTitle(event.target.value)} />
      <DataForm fields={fields} texts={texts} onChange={setTexts} />
    </ActForm>
  );
}

const moveWords: { readonly [move in EntityMove]: { readonly act: string; readonly what: string } } = {
  archive: { act: "Archive it", what: "It is put away unchanged; restore brings it back." },
  restore: { act: "Restore it", what: "It is in use again, with everything it had." },
  delete: { act: "Delete it", what: "It is gone from lists; restore brings it back until it is purged." },
  purge: {
    act: "Purge it for good",
    what: "Title, data and attachments are taken out of every version and cannot be brought back. Hashes, times and who did what stay.",
  },
  hold: { act: "Hold it", what: "While the legal hold stands, it is neither deleted nor purged." },
  release: { act: "Lift the hold", what: "It may be deleted again." },
};

export const moveLabel = (move: EntityMove): string =>
  move === "hold" ? "Legal hold" : move === "release" ? "Lift the legal hold" : titleWords(move);

/** One move with its reason. */
export function MoveForm({
  entity,
  move,
  onClose,
}: {
  readonly entity: EntityDocument;
  readonly move: EntityMove;
  readonly onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  const { act, what } = moveWords[move];
  const [version] = useState(entity.version);
  const send = () => moveEntity(entity.id, move, { version, reason: reason.trim() });
  return (
    <ActForm
      title={`${moveLabel(move)}: ${entity.label}`}
      act={act}
      said="Done."
      ready={reason.trim() !== ""}
      send={send}
      onClose={onClose}
    >
      <p className="text-sm text-ink-2">{what}</p>
      <TextArea
        label="Why"
        hint="Kept with it."
        rows={2}
        className="min-h-14"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </ActForm>
  );
}
