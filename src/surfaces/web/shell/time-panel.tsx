import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, IconButton, TextField } from "./controls.tsx";
import { type Instant, addressOf, fieldText, instantsQuery, placeOf } from "./instants.ts";
import type { TimeSubject } from "./time-subject.ts";
import { instantText } from "./words.ts";

interface PanelProps {
  readonly subject: TimeSubject;
  /** Null: now. */
  readonly atMs: number | null;
}

/** Moves the page to an instant: by date and time, or along the changes of what it is about. */
export function TimePanel({ subject, atMs }: PanelProps) {
  const navigate = useNavigate();
  const { data: instants = [], isPending, isError } = useQuery(instantsQuery(subject.changes));
  const go = (to: number | null): void =>
    void navigate({
      to: ".",
      search: (before) => ({ ...before, at: to === null ? "" : addressOf(to) }),
      resetScroll: false,
    });
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
      <DateAndTime key={atMs} atMs={atMs} onGo={go} />
      {isPending && <p className="text-sm text-ink-3">Reading when it changed.</p>}
      {isError && <p className="text-sm text-ink-3">When it changed cannot be read now. A date and time still work.</p>}
      {instants.length > 0 && <Changes key={`changes ${String(atMs)}`} instants={instants} atMs={atMs} onGo={go} />}
    </div>
  );
}

interface MoveProps {
  readonly atMs: number | null;
  readonly onGo: (toMs: number | null) => void;
}

function DateAndTime({ atMs, onGo }: MoveProps) {
  const [text, setText] = useState(() => fieldText(atMs ?? Date.now()));
  const wanted = Date.parse(text);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (Number.isFinite(wanted)) onGo(wanted > Date.now() ? null : wanted);
  };
  return (
    <form className="flex items-end gap-2" onSubmit={submit}>
      <TextField
        label="Date and time"
        type="datetime-local"
        step={1}
        required
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="min-h-8 py-0.5 text-sm"
      />
      <Button type="submit" disabled={!Number.isFinite(wanted)}>
        Show it
      </Button>
    </form>
  );
}

/** One place for each change, and the last for now. The page follows when the slider is let go of. */
function Changes({ instants, atMs, onGo }: MoveProps & { readonly instants: readonly Instant[] }) {
  const shown = atMs === null ? instants.length : placeOf(instants, atMs);
  const [place, setPlace] = useState(shown);
  const chosen = instants[place];
  const text =
    place >= instants.length
      ? "Now"
      : chosen === undefined
        ? "Before its first change that is listed"
        : chosenText(chosen, place, instants.length);
  const settle = (at: number): void => {
    if (at !== shown) onGo(instants[at]?.atMs ?? (at < 0 ? (instants[0]?.atMs ?? 1) - 1 : null));
  };
  return (
    <div className="flex min-w-0 flex-1 basis-72 flex-col gap-1">
      <div className="flex items-center gap-1">
        <IconButton label="Earlier change" disabled={place <= 0} onClick={() => settle(Math.min(place, instants.length) - 1)}>
          <ChevronLeft size={16} aria-hidden="true" />
        </IconButton>
        <input
          type="range"
          aria-label="Along its changes"
          aria-valuetext={text}
          min={0}
          max={instants.length}
          value={Math.max(place, 0)}
          onChange={(event) => setPlace(Number(event.target.value))}
          onPointerUp={() => settle(place)}
          onKeyUp={() => settle(place)}
          className="h-8 min-w-0 flex-1 accent-accent"
        />
        <IconButton label="Later change" disabled={place >= instants.length} onClick={() => settle(place + 1)}>
          <ChevronRight size={16} aria-hidden="true" />
        </IconButton>
      </div>
      <p aria-hidden="true" className="truncate px-9 text-sm text-ink-2">
        {text}
      </p>
    </div>
  );
}

const chosenText = (instant: Instant, place: number, count: number): string =>
  `${String(place + 1)} of ${String(count)}, ${instantText(instant.atMs)}: ${instant.text}`;
