import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import type { EntityDocument, RelationDocument, TagDocument } from "../../../../contract/entity-contract.ts";
import { tagText } from "../../../../core/memory/tag.ts";
import { contentUrl } from "../../api.ts";
import { Button, IconButton, SelectField, TextField } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError } from "../../shell/states.tsx";
import { bytesText, plainWords } from "../../shell/words.ts";
import { attach, detach, relate } from "./entities-data.ts";
import { NewTag, TagList, chip } from "./tag-editor.tsx";
import { useAct } from "./use-act.ts";

/** Tags for reading. */
export function TagChips({ tags }: { readonly tags: readonly TagDocument[] }) {
  return (
    <span className="flex flex-wrap gap-1">
      {tags.map((tag) => (
        <span key={tagText(tag)} className={chip}>
          {tagText(tag)}
        </span>
      ))}
    </span>
  );
}

interface EntityProps {
  readonly entity: EntityDocument;
  /** Whether the reader may change it now. */
  readonly open: boolean;
}

/** Tags as a set: one can be taken off, one put on. */
export function TagSection({ entity, open }: EntityProps) {
  const subject = { kind: "entity", id: entity.id };
  return (
    <Section title="Tags">
      {entity.tags.length === 0 && <p className="text-sm text-ink-2">No tags.</p>}
      <TagList
        subject={subject}
        tags={entity.tags}
        open={open}
        link={(text) => (
          <Link to="/entities" search={{ tag: text }} className="hover:underline">
            {text}
          </Link>
        )}
      />
      {open && <NewTag subject={subject} placeholder="tier=gold" />}
    </Section>
  );
}

/** Where a thing of a kind has a page of its own. */
function SubjectLink({ other }: { readonly other: RelationDocument["other"] }) {
  const look = "min-w-0 underline-offset-2 hover:underline";
  const name = other.title === "" ? plainWords(other.kind) : other.title;
  if (other.kind === "entity")
    return (
      <Link to="/entities/$reference" params={{ reference: other.id }} className={look}>
        {name}
      </Link>
    );
  if (other.kind === "request")
    return (
      <Link to="/requests/$reference" params={{ reference: other.id }} className={look}>
        {name}
      </Link>
    );
  if (other.kind === "task")
    return (
      <Link to="/task/$" params={{ _splat: other.id }} className={look}>
        {name}
      </Link>
    );
  if (other.kind === "decision")
    return (
      <Link to="/memory/decisions/$decision" params={{ decision: other.id }} className={look}>
        {name}
      </Link>
    );
  return <span className="min-w-0">{name}</span>;
}

const kinds = ["entity", "request", "task", "epic", "sprint", "decision"] as const;

/** What stands in a role to it, in both directions. */
export function RelationSection({ entity, open }: EntityProps) {
  const [isAdding, setAdding] = useState(false);
  const remove = useAct((relation: RelationDocument) => {
    const [here, there] = [
      { kind: "entity", id: entity.id },
      { kind: relation.other.kind, id: relation.other.id },
    ];
    const [from, to] = relation.direction === "from" ? [here, there] : [there, here];
    return relate("remove", { from, role: relation.role, to });
  }, "The relation is gone.");
  return (
    <Section title="Relations">
      {entity.relations.length === 0 && <p className="text-sm text-ink-2">No relations.</p>}
      <ul className="flex flex-col">
        {entity.relations.map((relation) => (
          <li key={relation.id} className="flex items-center justify-between gap-3 border-b border-line py-1.5 text-sm">
            <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
              {relation.direction === "from" && <span className="text-ink-3">{plainWords(relation.role)}</span>}
              <SubjectLink other={relation.other} />
              <span className="text-xs text-ink-3">{plainWords(relation.other.kind)}</span>
              {relation.direction === "to" && <span className="text-ink-3">{plainWords(relation.role)} this</span>}
            </span>
            {open && (
              <IconButton label={`Take the relation ${relation.role} ${relation.other.title} away`} onClick={() => remove.mutate(relation)}>
                <X size={14} aria-hidden="true" />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      <ActError error={remove.error} />
      {open && !isAdding && (
        <Button className="self-start" onClick={() => setAdding(true)}>
          Relate it
        </Button>
      )}
      {open && isAdding && <RelateForm entity={entity} onDone={() => setAdding(false)} />}
    </Section>
  );
}

function RelateForm({ entity, onDone }: { readonly entity: EntityDocument; readonly onDone: () => void }) {
  const [kind, setKind] = useState<string>("request");
  const [id, setId] = useState("");
  const [role, setRole] = useState("");
  const add = useAct(
    () => relate("add", { from: { kind: "entity", id: entity.id }, role: role.trim(), to: { kind, id: id.trim() } }),
    "They are related.",
    onDone,
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (id.trim() !== "" && role.trim() !== "") add.mutate(undefined);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <TextField label="Role" placeholder="supplies" maxLength={40} value={role} onChange={(event) => setRole(event.target.value)} />
      <div className="grid grid-cols-2 gap-2">
        <SelectField label="To" value={kind} onChange={(event) => setKind(event.target.value)}>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </SelectField>
        <TextField label="Label or id" placeholder="ENG-42" maxLength={200} value={id} onChange={(event) => setId(event.target.value)} />
      </div>
      <ActError error={add.error} />
      <div className="flex gap-2">
        <Button type="submit" tone="accent" disabled={add.isPending || id.trim() === "" || role.trim() === ""}>
          Relate
        </Button>
        <Button tone="quiet" onClick={onDone}>
          Leave it
        </Button>
      </div>
    </form>
  );
}

/** Files by name; another one under the same name takes its place, and versions before keep theirs. */
export function AttachmentSection({ entity, open }: EntityProps) {
  const input = useRef<HTMLInputElement>(null);
  const add = useAct((file: File) => attach(entity.id, entity.version, file), "The file is attached.");
  const remove = useAct((name: string) => detach(entity.id, { version: entity.version, name }), "The file is taken off.");
  return (
    <Section title="Attachments">
      {entity.attachments.length === 0 && <p className="text-sm text-ink-2">No files.</p>}
      <ul className="flex flex-col">
        {entity.attachments.map((one) => (
          <li key={one.name} className="flex items-center justify-between gap-3 border-b border-line py-1.5 text-sm">
            <a
              href={contentUrl(one.sha256)}
              target="_blank"
              rel="noreferrer"
              className="min-w-0 break-words underline-offset-2 hover:underline"
            >
              {one.name} <span className="text-ink-3">{bytesText(one.bytes)}</span>
            </a>
            {open && (
              <IconButton label={`Take ${one.name} off`} disabled={remove.isPending} onClick={() => remove.mutate(one.name)}>
                <X size={14} aria-hidden="true" />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {open && (
        <>
          <input
            ref={input}
            type="file"
            aria-label="File to attach"
            className="sr-only"
            tabIndex={-1}
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file !== undefined) add.mutate(file);
            }}
          />
          <Button className="self-start" disabled={add.isPending} onClick={() => input.current?.click()}>
            {add.isPending ? "Attaching" : "Attach a file"}
          </Button>
        </>
      )}
      <ActError error={add.error ?? remove.error} />
    </Section>
  );
}
