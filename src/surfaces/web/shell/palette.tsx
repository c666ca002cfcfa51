import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import {
  Bot,
  BookOpen,
  Box,
  ClipboardList,
  Compass,
  CornerDownLeft,
  Info,
  Layers,
  ListChecks,
  type LucideIcon,
  MessageSquare,
  Package,
  Scale,
  Search,
  Target,
  Timer,
  UserRound,
  Zap,
} from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { SearchHit } from "../../../contract/search-contract.ts";
import { stateWord } from "../marks/state-mark.tsx";
import { searchQuery } from "../queries.ts";
import { actsNow, keyText } from "./keys.ts";
import { type KnownPlace, furtherPlaces, places } from "./places.ts";

/** The search waits for a pause in typing. */
const pauseMs = 120;

const hitLooks: Readonly<Record<SearchHit["kind"], { readonly Icon: LucideIcon; readonly word: string }>> = {
  request: { Icon: ListChecks, word: "Request" },
  task: { Icon: ClipboardList, word: "Task" },
  person: { Icon: UserRound, word: "Person" },
  persona: { Icon: Bot, word: "Persona" },
  playbook: { Icon: BookOpen, word: "Playbook" },
  decision: { Icon: Scale, word: "Decision" },
  comment: { Icon: MessageSquare, word: "Comment" },
  entity: { Icon: Box, word: "Entity" },
  epic: { Icon: Layers, word: "Epic" },
  sprint: { Icon: Timer, word: "Sprint" },
  fact: { Icon: Info, word: "Fact" },
  deliverable: { Icon: Package, word: "Deliverable" },
  objective: { Icon: Target, word: "Objective" },
  principle: { Icon: Compass, word: "Principle" },
};

/** Kinds whose label says more than their title. */
const named: ReadonlySet<SearchHit["kind"]> = new Set(["request", "task", "epic", "sprint", "objective"]);

interface Doing {
  readonly id: string;
  readonly label: string;
  /** Undefined: an act without a key. */
  readonly shortcut: string | undefined;
  readonly run: () => void;
}

/** Keys that only move or close are no acts to look for. */
const onlyMoves: ReadonlySet<string> = new Set(["j", "k", "Escape", "Enter"]);

/** The acts at the head of the page and the halt that have no key: what a pointer could press there now. */
function buttonsNow(): readonly Doing[] {
  const shown = [...document.querySelectorAll<HTMLElement>("[data-acts] button:enabled, [data-acts] a[href]")]
    // The page's own before the halt, which stands in the rail on every page.
    .toSorted((one, other) => Number(one.closest("main") === null) - Number(other.closest("main") === null));
  return shown
    .filter((button) => button.offsetParent !== null && button.querySelector("kbd") === null)
    .map((button, at) => ({
      id: `press ${at}`,
      label: (button.getAttribute("aria-label") ?? button.textContent).trim(),
      shortcut: undefined,
      run: () => button.click(),
    }))
    .filter((doing) => doing.label !== "");
}

/** What can be done on the page below, taken once: the palette's own focus must not change it. */
const doingsNow = (): readonly Doing[] => [...keyedNow(), ...buttonsNow()];

function keyedNow(): readonly Doing[] {
  return (
    actsNow()
      .filter(([key]) => !onlyMoves.has(key) && !key.startsWith("g "))
      // What decides stands last: Enter by habit must not approve anything.
      .toSorted(([, one], [, other]) => Number(one.decides === true) - Number(other.decides === true))
      .map(([key, act]) => ({
        id: key,
        label: key === "?" ? "Keys on this page" : act.label,
        shortcut: keyText(key),
        run: () => void act.run(),
      }))
  );
}

const fits = (label: string, typed: string): boolean => {
  const lower = label.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => lower.includes(word));
};

function useLate(text: string): string {
  const [late, setLate] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setLate(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return late;
}

const rowLook =
  "flex min-h-9 cursor-default items-center gap-3 rounded px-2.5 text-sm data-[selected=true]:bg-accent data-[selected=true]:text-on-accent";
const groupLook =
  "px-1.5 pb-1.5 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-ink-3";

interface RowProps {
  readonly id: string;
  readonly Icon: LucideIcon;
  readonly label: string;
  readonly note?: string;
  readonly name?: string;
  readonly shortcut?: string;
  readonly onChoose: () => void;
}

function Row({ id, Icon, label, note, name, shortcut, onChoose }: RowProps) {
  return (
    <Command.Item value={id} onSelect={onChoose} className={rowLook}>
      <Icon size={15} aria-hidden="true" className="shrink-0 opacity-75" />
      {name !== undefined && <span className="id shrink-0">{name}</span>}
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {note !== undefined && <span className="shrink-0 text-xs opacity-80">{note}</span>}
      {shortcut !== undefined && <kbd className="id shrink-0 rounded-sm border border-current/40 px-1.5">{shortcut}</kbd>}
    </Command.Item>
  );
}

/** Keeps the browser's own dialog open under the palette: focus stays inside, Escape closes, and focus returns. */
function useModal(onClose: () => void) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the next key arrives: what is typed at once belongs into the palette.
  useLayoutEffect(() => {
    const before = document.activeElement;
    const shown = dialog.current;
    if (shown !== null && !shown.open) shown.showModal();
    shown?.querySelector("input")?.focus();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  /** Closes first, so that the act meets the page and not the palette. */
  const closeAnd = (run: () => void): void => {
    onClose();
    setTimeout(run, 0);
  };
  return { dialog, closeAnd };
}

function Found({ hits, onOpen }: { readonly hits: readonly SearchHit[]; readonly onOpen: (hit: SearchHit) => void }) {
  if (hits.length === 0) return null;
  return (
    <Command.Group heading="Found" className={groupLook}>
      {hits.map((hit) => {
        const { Icon, word } = hitLooks[hit.kind];
        const state = hit.state === null ? word : `${word}, ${stateWord(hit.state)}`;
        const note = hit.rehearsal ? `${state}, rehearsal` : state;
        return (
          <Row
            key={`${hit.kind} ${hit.id}`}
            id={`found ${hit.kind} ${hit.id}`}
            Icon={Icon}
            label={hit.title.text === "" ? hit.label : hit.title.text}
            {...(named.has(hit.kind) && hit.label !== "" ? { name: hit.label } : {})}
            note={note}
            onChoose={() => onOpen(hit)}
          />
        );
      })}
    </Command.Group>
  );
}

function Doings({ doings, onChoose }: { readonly doings: readonly Doing[]; readonly onChoose: (doing: Doing) => void }) {
  if (doings.length === 0) return null;
  return (
    <Command.Group heading="On this page" className={groupLook}>
      {doings.map((doing) => (
        <Row
          key={doing.id}
          id={`do ${doing.id}`}
          Icon={Zap}
          label={doing.label}
          {...(doing.shortcut === undefined ? {} : { shortcut: doing.shortcut })}
          onChoose={() => onChoose(doing)}
        />
      ))}
    </Command.Group>
  );
}

interface LeadingProps {
  readonly typed: string;
  readonly shown: readonly KnownPlace[];
  readonly onChoose: (address: string) => void;
}

function Leading({ typed, shown, onChoose }: LeadingProps) {
  // Pages below a place come up once something is typed; before, the list would hide what matters.
  const further = typed === "" ? [] : furtherPlaces.filter((place) => fits(`Go to ${place.label}`, typed));
  if (shown.length + further.length === 0) return null;
  return (
    <Command.Group heading="Go to" className={groupLook}>
      {shown.map((place) => (
        <Row
          key={place.to}
          id={`go ${place.to}`}
          Icon={place.Icon}
          label={`Go to ${place.label}`}
          shortcut={keyText(`g ${place.key}`)}
          onChoose={() => onChoose(place.to)}
        />
      ))}
      {further.map((place) => (
        <Row key={place.to} id={`go ${place.to}`} Icon={place.Icon} label={`Go to ${place.label}`} onChoose={() => onChoose(place.to)} />
      ))}
    </Command.Group>
  );
}

/** Finds any object and does any act of the page, with its shortcut shown. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const { dialog, closeAnd } = useModal(onClose);
  const [typed, setTyped] = useState("");
  const [doings] = useState(doingsNow);
  const sought = useLate(typed.trim());
  const search = useQuery(searchQuery(sought));
  const hits = typed.trim() === "" ? [] : (search.data?.items ?? []);
  const here = doings.filter((doing) => fits(doing.label, typed.trim()));
  const leading = places.filter((place) => fits(`Go to ${place.label}`, typed.trim()));
  const further = furtherPlaces.some((place) => fits(`Go to ${place.label}`, typed.trim()));
  const isEmpty = hits.length + here.length + leading.length === 0 && !further;
  return (
    <dialog
      ref={dialog}
      aria-label="Find or do"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      className="mt-[12vh] mb-auto w-[min(620px,calc(100vw-2rem))] overflow-hidden rounded-md bg-sheet p-0 text-ink shadow-float"
    >
      <Command label="Find or do" shouldFilter={false} loop>
        <div className="flex items-center gap-2.5 border-b border-line px-4">
          <Search size={16} aria-hidden="true" className="shrink-0 text-ink-3" />
          <Command.Input
            autoFocus
            value={typed}
            onValueChange={setTyped}
            maxLength={100}
            placeholder="A request, a task, a person, or what you want to do"
            className="min-h-12 w-full bg-transparent text-lg outline-none"
          />
        </div>
        <Command.List label="What was found" className="max-h-[min(420px,60vh)] overflow-y-auto py-1">
          {isEmpty && !search.isFetching && sought === typed.trim() && (
            <Command.Empty className="px-4 py-6 text-sm text-ink-2">
              Nothing is called that. A label such as ENG-42, a part of a title or a name finds things.
            </Command.Empty>
          )}
          {search.isError && (
            <p role="alert" className="px-4 py-2 text-sm text-bad">
              The search does not answer. What is on this page still works.
            </p>
          )}
          <Found hits={hits} onOpen={(hit) => closeAnd(() => void navigate({ href: hit.address }))} />
          <Doings doings={here} onChoose={(doing) => closeAnd(doing.run)} />
          <Leading typed={typed.trim()} shown={leading} onChoose={(address) => closeAnd(() => void navigate({ href: address }))} />
        </Command.List>
        <p className="flex items-center gap-1.5 border-t border-line px-4 py-2 text-xs text-ink-3">
          <CornerDownLeft size={12} aria-hidden="true" /> opens, arrows move, Esc closes
        </p>
      </Command>
    </dialog>
  );
}
