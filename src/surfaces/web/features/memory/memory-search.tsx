import { infiniteQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { SearchDocument, SearchHit } from "../../../../contract/search-contract.ts";
import { call, query } from "../../api.ts";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { peopleQuery } from "../../queries.ts";
import { AddressLink } from "../../shell/address-link.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { MarkedText } from "../../shell/marked-text.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { EmptyState, ErrorState, Skeleton } from "../../shell/states.tsx";
import { countText, plainWords } from "../../shell/words.ts";
import { fieldOfInstant, instantOfField } from "./audit-search.ts";

/** What the address of the page says. */
export interface MemorySearch {
  readonly q?: string;
  readonly kind?: string;
  readonly person?: string;
  /** Only what was written in so many days. */
  readonly days?: string;
  /** As of this instant, epoch milliseconds. */
  readonly at?: string;
}

const maxPages = 20;
const dayMs = 86_400_000;

const kindWords: Readonly<Record<SearchHit["kind"], string>> = {
  request: "Request",
  task: "Task",
  decision: "Decision",
  comment: "Comment",
  entity: "Entity",
  epic: "Epic",
  sprint: "Sprint",
  fact: "Fact",
  deliverable: "Deliverable",
  objective: "Objective",
  principle: "Principle",
  persona: "Persona",
  playbook: "Playbook",
  person: "Person",
};

const periods: readonly (readonly [string, string])[] = [
  ["", "Any time"],
  ["7", "In the last 7 days"],
  ["30", "In the last 30 days"],
  ["365", "In the last 365 days"],
];

const foundQuery = ({ q = "", kind, person, days, at }: MemorySearch, project: string) =>
  infiniteQueryOptions({
    queryKey: ["memory-search", q, kind, person, days, at, project],
    queryFn: ({ pageParam }) => {
      const fromMs = days === undefined ? "" : String((at === undefined ? Date.now() : Number(at)) - Number(days) * dayMs);
      return call<SearchDocument>("GET", `/api/memory${query({ q, kind, person, fromMs, at, project, cursor: pageParam })}`);
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    maxPages,
  });

const given = (fields: MemorySearch): MemorySearch => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));

/** The words and what narrows them, as one form; it becomes the address, so a search can be handed on. */
export function SearchForm({ search }: { readonly search: MemorySearch }) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(search);
  const show = (next: MemorySearch): void => {
    setDraft(next);
    void navigate({ to: "/memory", search: given({ ...next, q: (next.q ?? "").trim() }) });
  };
  const send = (event: FormEvent): void => {
    event.preventDefault();
    show(draft);
  };
  return (
    <form role="search" onSubmit={send} className="flex flex-col gap-3">
      <div className="flex max-w-2xl items-end gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            label="Search"
            type="search"
            maxLength={200}
            placeholder="Words, or a label such as ENG-42"
            value={draft.q ?? ""}
            onChange={(event) => setDraft({ ...draft, q: event.target.value })}
          />
        </div>
        <Button type="submit" tone="accent" className="min-h-9">
          Search
        </Button>
      </div>
      {search.q !== undefined && <Narrowing draft={draft} onChange={(fields) => show({ ...draft, ...fields })} />}
    </form>
  );
}

interface NarrowingProps {
  readonly draft: MemorySearch;
  readonly onChange: (fields: MemorySearch) => void;
}

/** Takes effect at once; the instant when it is left. */
function Narrowing({ draft, onChange }: NarrowingProps) {
  const people = useQuery(peopleQuery);
  return (
    <fieldset className="grid max-w-4xl grid-cols-2 items-end gap-3 sm:grid-cols-4">
      <legend className="sr-only">Narrow the search</legend>
      <SelectField label="What" value={draft.kind ?? ""} onChange={(event) => onChange({ kind: event.target.value })}>
        <option value="">Everything</option>
        {Object.entries(kindWords).map(([kind, words]) => (
          <option key={kind} value={kind}>
            {words}
          </option>
        ))}
      </SelectField>
      <SelectField label="Who" value={draft.person ?? ""} onChange={(event) => onChange({ person: event.target.value })}>
        <option value="">Anybody</option>
        <option value="me">Me</option>
        {people.data?.items.map((person) => (
          <option key={person.id} value={person.id}>
            {person.name}
          </option>
        ))}
      </SelectField>
      <SelectField label="Written" value={draft.days ?? ""} onChange={(event) => onChange({ days: event.target.value })}>
        {periods.map(([days, words]) => (
          <option key={days} value={days}>
            {words}
          </option>
        ))}
      </SelectField>
      <TextField
        key={draft.at ?? ""}
        label="As it was at"
        type="datetime-local"
        defaultValue={fieldOfInstant(draft.at)}
        onBlur={(event) => {
          const at = instantOfField(event.target.value) ?? "";
          if (at !== (draft.at ?? "")) onChange({ at });
        }}
      />
    </fieldset>
  );
}

/** What was found, the fittest first. */
export function FoundInMemory({ search }: { readonly search: MemorySearch }) {
  const found = useInfiniteQuery(foundQuery(search, useProjectKey()));
  const [first] = found.data?.pages ?? [];
  if (found.isError && first === undefined) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (first === undefined) return <Skeleton rows={6} />;
  const hits = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Summary first={first} hits={hits} />
      <Hits hits={hits} findsSimilar={first.findsSimilar} byMeaning={first.meaning.state === "used"} />
      {found.hasNextPage && (
        <Button className="self-start" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

interface HitsProps {
  readonly hits: readonly SearchHit[];
  readonly findsSimilar: boolean;
  readonly byMeaning: boolean;
}

function Hits({ hits, findsSimilar, byMeaning }: HitsProps) {
  if (hits.length === 0)
    return (
      <EmptyState>
        Nothing has these words, as they are, as another form of them{findsSimilar ? ", or misspelled" : ""}
        {byMeaning ? ", and no text is alike in its meaning" : ""}. Fewer words find more; the content of uploaded files is not searched.
      </EmptyState>
    );
  return (
    <ul aria-label="What was found" className="max-w-4xl">
      {hits.map((hit) => (
        <Hit key={`${hit.kind} ${hit.id}`} hit={hit} />
      ))}
    </ul>
  );
}

function Summary({ first, hits }: { readonly first: SearchDocument; readonly hits: readonly SearchHit[] }) {
  const { ranked, mostRanked, similar, findsSimilar, meaning } = first;
  const count = ranked >= mostRanked ? `${String(mostRanked)} or more things` : countText(ranked, "thing");
  return (
    <div className="flex flex-col gap-0.5">
      <p role="status" className="text-sm text-ink-2">
        {hits.length === 0 ? "Nothing was found" : `${count}`} for “{first.query}”, the best first.
        {ranked >= mostRanked && ` Of so many the latest ${String(mostRanked)} are compared; more words narrow it.`}
      </p>
      {meaning.state === "used" && (
        <p className="text-xs text-ink-3">
          By words, and by likeness of meaning to {countText(meaning.compared, "text")}
          {meaning.isCapped && ", the latest of more"}.
        </p>
      )}
      {meaning.state === "unavailable" && <p className="text-sm text-wait">By words alone this time: {meaning.note}</p>}
      {similar.length > 0 && <p className="text-sm text-wait">Nothing has these words. Taken instead: {similar.join(", ")}.</p>}
      {!findsSimilar && (
        <p className="text-xs text-ink-3">This database cannot find misspelled words: its extension pg_trgm is not there.</p>
      )}
    </div>
  );
}

function Hit({ hit }: { readonly hit: SearchHit }) {
  return (
    <li className="flex flex-col gap-0.5 border-b border-line py-2">
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <AddressLink address={hit.address} row className="min-w-0 font-medium break-words underline-offset-2 hover:underline">
          <MarkedText {...hit.title} />
        </AddressLink>
        {hit.rehearsal && <RehearsalBadge />}
      </span>
      {hit.found !== null && (
        <span className="block max-w-[85ch] text-sm break-words text-ink-2">
          <MarkedText {...hit.found} />
        </span>
      )}
      <span className="flex flex-wrap gap-x-3 text-xs text-ink-3">
        <span>{kindWords[hit.kind]}</span>
        {hit.byMeaning && <span>alike in meaning, without the words</span>}
        {hit.label !== "" && <span className="font-mono">{hit.label}</span>}
        {hit.state !== null && <span>{plainWords(hit.state)}</span>}
        {hit.recordedAtMs !== null && (
          <span>
            written <Ago atMs={hit.recordedAtMs} />
          </span>
        )}
      </span>
    </li>
  );
}
