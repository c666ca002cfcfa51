import { X } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { TagDocument } from "../../../../contract/entity-contract.ts";
import { readTagText, tagText } from "../../../../core/memory/tag.ts";
import { Button, IconButton, TextField } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { markTag } from "./entities-data.ts";
import { useAct } from "./use-act.ts";

export const chip = "inline-flex items-center gap-1 rounded-sm border border-line bg-wash px-1.5 py-0.5 font-mono text-xs text-ink-2";

interface Subject {
  readonly kind: string;
  readonly id: string;
}

interface TagsProps {
  readonly subject: Subject;
  readonly tags: readonly TagDocument[];
  /** Whether the reader may change them now. */
  readonly open: boolean;
  /** The tag as a way to everything that has it. */
  readonly link: (text: string) => ReactNode;
}

/** The tags of a thing, each with a way to take it off. */
export function TagList({ subject, tags, open, link }: TagsProps) {
  const remove = useAct((tag: TagDocument) => markTag("remove", { subject, ...tag }), "The tag is off.");
  return (
    <>
      {tags.length > 0 && (
        <ul aria-label="Tags" className="flex flex-wrap gap-1.5">
          {tags.map((tag) => (
            <li key={tagText(tag)} className={chip}>
              {link(tagText(tag))}
              {open && (
                <IconButton
                  label={`Take ${tagText(tag)} off`}
                  className="no-print size-6"
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(tag)}
                >
                  <X size={12} aria-hidden="true" />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      <ActError error={remove.error} />
    </>
  );
}

interface NewTagProps {
  readonly subject: Subject;
  /** Offered while somebody types. */
  readonly known?: readonly string[];
  readonly placeholder: string;
}

/** Puts one more tag on; `Enter` sends it, and the field is free for the next. */
export function NewTag({ subject, known = [], placeholder }: NewTagProps) {
  const [text, setText] = useState("");
  const listId = useId();
  const add = useAct(
    (tag: TagDocument) => markTag("add", { subject, ...tag }),
    "The tag is on.",
    () => setText(""),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const tag = readTagText(text);
    if (tag.key !== "") add.mutate(tag);
  };
  return (
    <>
      <form onSubmit={submit} className="no-print flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            label="New tag"
            placeholder={placeholder}
            maxLength={250}
            value={text}
            list={known.length === 0 ? undefined : listId}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <datalist id={listId}>
          {known.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <Button type="submit" className="min-h-9" disabled={add.isPending || text.trim() === ""}>
          Put on
        </Button>
      </form>
      <ActError error={add.error} />
    </>
  );
}
