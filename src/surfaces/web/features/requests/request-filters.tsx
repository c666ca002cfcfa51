import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { RequestSearch } from "../../api.ts";
import { meQuery } from "../../queries.ts";
import { tagText } from "../../../../core/memory/tag.ts";
import { tagsInUseQuery } from "../memory/marks-data.ts";
import { pillLook } from "../../shell/pill.ts";
import { givenOnly } from "./address-search.ts";
import { membersQuery } from "./request-queries.ts";

const states: readonly (readonly [string, string])[] = [
  ["", "All"],
  ["awaiting-approval", "Awaits approval"],
  ["needs-input", "Needs an answer"],
  ["active", "Active"],
  ["paused", "Paused"],
  ["delivered", "Delivered"],
  ["cancelled", "Cancelled"],
];

export const sorts = [
  ["", "Newest first"],
  ["oldest", "Oldest first"],
  ["since", "Longest in its state"],
  ["deadline", "Nearest deadline"],
] as const;

/** A word is looked for once nobody has typed for so long. */
const restMs = 200;

interface PartProps {
  readonly search: RequestSearch;
}

/** State as pills, the rest beside; each is a part of the address. */
export function RequestFilters({ search }: PartProps) {
  return (
    <div className="flex flex-col gap-2.5">
      <nav aria-label="Filter by state" className="-mx-4 overflow-x-auto px-4 sm:mx-0 sm:px-0">
        <ul className="flex gap-1">
          {states.map(([id, label]) => (
            <li key={id}>
              <Link
                to="/requests"
                search={givenOnly({ ...search, state: id })}
                activeOptions={{ exact: true }}
                aria-current={id === (search.state ?? "") ? "page" : undefined}
                className={pillLook(id === (search.state ?? ""))}
              >
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <search className="flex flex-wrap items-center gap-2">
        <TextFilter search={search} />
        <WaitsFilter search={search} />
        <RequesterFilter search={search} />
        <Choice search={search} name="urgency" label="Urgency" options={urgencies} />
        <TagFilter search={search} />
        <Choice search={search} name="sort" label="Order" options={sorts} />
      </search>
    </div>
  );
}

const urgencies = [
  ["", "Any urgency"],
  ["high", "High"],
  ["normal", "Normal"],
  ["low", "Low"],
] as const;

function useChange(search: RequestSearch) {
  const navigate = useNavigate();
  return (changes: RequestSearch) => void navigate({ to: "/requests", search: givenOnly({ ...search, ...changes }), replace: true });
}

function TextFilter({ search }: PartProps) {
  const change = useChange(search);
  const [text, setText] = useState(search.text ?? "");
  const told = useRef(search.text ?? "");
  // The address was changed by something else: a saved view, the browser's way back.
  if (told.current !== (search.text ?? "")) {
    told.current = search.text ?? "";
    setText(told.current);
  }
  const tell = useRef(change);
  useEffect(() => {
    tell.current = change;
  });
  useEffect(() => {
    if (text === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = text;
      tell.current({ text });
    }, restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <span className="relative min-w-48 flex-1 sm:max-w-72">
      <Search size={14} aria-hidden="true" className="pointer-events-none absolute top-2.5 left-2.5 text-ink-3" />
      <input
        type="search"
        aria-label="Find in titles, or an id such as ENG-42"
        placeholder="Title or id"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="h-8 w-full rounded border border-line-strong bg-sheet pr-2 pl-8 text-base"
      />
    </span>
  );
}

function WaitsFilter({ search }: PartProps) {
  const on = search.waits === "me";
  return (
    <Link
      to="/requests"
      search={givenOnly({ ...search, waits: on ? undefined : "me" })}
      activeOptions={{ exact: true }}
      aria-current={on ? "true" : undefined}
      className={pillLook(on)}
    >
      Waits for me
    </Link>
  );
}

function RequesterFilter({ search }: PartProps) {
  const me = useQuery(meQuery);
  const people = useQuery({ ...membersQuery, enabled: me.data?.solo !== true });
  if (people.data === undefined) return null;
  const options = [
    ["", "Any requester"],
    ["me", "Filed by me"],
    ...people.data.items.map((person) => [person.id, person.name] as const),
  ] as const;
  return <Choice search={search} name="requester" label="Requester" options={options} />;
}

/** Only where a request has a tag: an empty choice says nothing. */
function TagFilter({ search }: PartProps) {
  const tags = useQuery(tagsInUseQuery("request"));
  const inUse = (tags.data?.items ?? []).slice(0, maxTagsOffered).map(tagText);
  const offered = search.tag === undefined || search.tag === "" || inUse.includes(search.tag) ? inUse : [search.tag, ...inUse];
  if (offered.length === 0) return null;
  return <Choice search={search} name="tag" label="Tag" options={[["", "Any tag"], ...offered.map((one) => [one, one] as const)]} />;
}

/** The most used come first; any other goes into the address by the tag on a request. */
const maxTagsOffered = 100;

interface ChoiceProps extends PartProps {
  readonly name: "requester" | "urgency" | "sort" | "tag";
  readonly label: string;
  readonly options: readonly (readonly [value: string, label: string])[];
}

function Choice({ search, name, label, options }: ChoiceProps) {
  const change = useChange(search);
  return (
    <select
      aria-label={label}
      value={search[name] ?? ""}
      onChange={(event) => change({ [name]: event.target.value })}
      className="h-8 max-w-48 rounded border border-line-strong bg-sheet px-2 text-sm text-ink"
    >
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}
