import { type KeyboardEvent, useId, useRef, useState } from "react";
import { handleOf, suggestMentions } from "../../../../core/oversight/find-mentioned.ts";
import { announce } from "../../shell/announce.tsx";
import { type Mentionable, mentionedIn } from "./comments-data.ts";

/** People offered at once; typing another letter narrows them. */
const maxOffered = 6;
const maxChars = 10_000;

interface BoxProps {
  readonly label: string;
  readonly text: string;
  readonly people: readonly Mentionable[];
  readonly picked: ReadonlySet<string>;
  readonly onChange: (text: string, picked: ReadonlySet<string>) => void;
  readonly onSend: () => void;
}

/** The word after an `@` that the caret stands behind; null: none. */
function typedMention(text: string, caret: number): string | null {
  return /(?:^|[\s(])@([\p{Letter}\p{Number}._-]{0,40})$/u.exec(text.slice(0, caret))?.[1] ?? null;
}

/** What the caret stands in, who is offered for it, and what keys and clicks do to it. */
function useMentioning({ text, people, picked, onChange, onSend }: Omit<BoxProps, "label">) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const offered = typed === null ? [] : suggestMentions(people, typed, maxOffered);
  const look = (): void => {
    const element = area.current;
    const next = element === null ? null : typedMention(element.value, element.selectionStart);
    if (next === typed) return;
    setTyped(next);
    setActive(0);
    if (next !== null) announce(offerSentence(suggestMentions(people, next, maxOffered).length));
  };
  const take = (person: Mentionable): void => {
    const element = area.current;
    if (element === null || typed === null) return;
    const begun = element.selectionStart - typed.length;
    const after = begun + handleOf(person).length + 1;
    onChange(`${text.slice(0, begun)}${handleOf(person)} ${text.slice(element.selectionStart)}`, new Set([...picked, person.id]));
    setTyped(null);
    announce(`${person.name} is told.`);
    requestAnimationFrame(() => {
      element.focus();
      element.setSelectionRange(after, after);
    });
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    const move = isSend ? onSend : moveFor(event.key);
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };
  const moveFor = (key: string): (() => void) | undefined => {
    const chosen = offered[active];
    if (chosen === undefined) return undefined;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => setActive((active + 1) % offered.length),
      ArrowUp: () => setActive((active + offered.length - 1) % offered.length),
      Enter: () => take(chosen),
      Tab: () => take(chosen),
      Escape: () => setTyped(null),
    };
    return moves[key];
  };
  return { area, offered, active, look, take, press, close: () => setTyped(null) };
}

const offerSentence = (count: number): string =>
  count === 0 ? "Nobody is called that." : `${count} ${count === 1 ? "person" : "people"}; arrow keys choose, Enter takes.`;

/** A text in which `@` offers people: arrows choose, Enter or Tab takes, Escape closes; Ctrl+Enter sends. */
export function CommentBox({ label, ...box }: BoxProps) {
  const id = useId();
  const { area, offered, active, look, take, press, close } = useMentioning(box);
  const isOffering = offered.length > 0;
  return (
    <div className="relative flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <textarea
        id={id}
        ref={area}
        rows={3}
        maxLength={maxChars}
        value={box.text}
        onChange={(event) => box.onChange(event.target.value, box.picked)}
        onKeyUp={look}
        onClick={look}
        onBlur={close}
        onKeyDown={press}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={isOffering ? `${id}-people` : undefined}
        aria-activedescendant={isOffering ? `${id}-people-${active}` : undefined}
        aria-describedby={`${id}-hint`}
        className="min-h-20 w-full rounded border border-line-strong bg-sheet px-2.5 py-1.5 text-base text-ink"
      />
      {isOffering && <Offered id={`${id}-people`} people={offered} active={active} onTake={take} />}
      <Told id={`${id}-hint`} people={box.people} ids={mentionedIn(box.text, box.people, box.picked)} />
    </div>
  );
}

interface OfferedProps {
  readonly id: string;
  readonly people: readonly Mentionable[];
  readonly active: number;
  readonly onTake: (person: Mentionable) => void;
}

const Offered = ({ id, people, active, onTake }: OfferedProps) => (
  <ul
    id={id}
    role="listbox"
    aria-label="People to mention"
    className="absolute top-full left-0 z-20 mt-0.5 w-full max-w-80 overflow-hidden rounded border border-line-strong bg-sheet shadow-lg"
  >
    {people.map((person, at) => (
      <li
        key={person.id}
        id={`${id}-${at}`}
        role="option"
        aria-selected={at === active}
        // Before the text loses focus, which would close the list.
        onMouseDown={(event) => {
          event.preventDefault();
          onTake(person);
        }}
        className={`flex min-h-8 cursor-pointer flex-wrap items-center gap-x-2 px-2.5 text-sm ${at === active ? "bg-accent-wash" : ""}`}
      >
        <span className="font-medium">{person.name}</span>
        <span className="text-ink-2">{person.email ?? `@${handleOf(person)}`}</span>
      </li>
    ))}
  </ul>
);

function Told({ id, people, ids }: { readonly id: string; readonly people: readonly Mentionable[]; readonly ids: readonly string[] }) {
  const names = ids.map((one) => people.find((person) => person.id === one)?.name ?? one);
  return (
    <p id={id} className="text-xs text-ink-3">
      {names.length === 0 ? "@ and a name tells somebody; it reaches their inbox." : `Tells ${names.join(", ")}.`}
    </p>
  );
}
