import { queryOptions, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { DiffChangeDocument, MemoryDiff, TextLine } from "../../../../contract/memory-contract.ts";
import type { Json } from "../../../../core/shared/json.ts";
import { call, query } from "../../api.ts";
import { AddressLink } from "../../shell/address-link.tsx";
import { Button, TextField } from "../../shell/controls.tsx";
import { addressOf, fieldText, momentOf } from "../../shell/instants.ts";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { countText, instantText } from "../../shell/words.ts";
import { VersionsList } from "./versions-list.tsx";

const route = getRouteApi("/framed/memory/diff");

interface Asked {
  readonly kind: string;
  readonly ref: string;
  readonly from: string;
  readonly to: string;
}

const diffQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ["memory-diff", asked.kind, asked.ref, asked.from, asked.to],
    queryFn: () => call<MemoryDiff>("GET", `/api/memory/diff${query({ ...asked })}`),
  });

/** What changed of one thing between two instants, field by field and line by line, and all its versions. */
export function DiffPage() {
  const { kind = "", ref = "", from = "", to = "" } = route.useSearch();
  const isNamed = kind !== "" && ref !== "";
  const title = `What changed: ${isNamed ? ref : "nothing named"}`;
  const asked = { kind, ref, from, to };
  return (
    <Page title={title}>
      {isNamed ? (
        <Compared title={title} asked={asked} />
      ) : (
        <>
          <PageHead title={title} />
          <EmptyState>Open this from the past of a request, a task or a persona.</EmptyState>
        </>
      )}
    </Page>
  );
}

function Compared({ title, asked }: { readonly title: string; readonly asked: Asked }) {
  const { kind, ref } = asked;
  const diff = useQuery({ ...diffQuery(asked), enabled: momentOf(asked.from) !== undefined });
  return (
    <>
      <PageHead
        over={
          <AddressLink address={pageOf(kind, ref)} className="hover:underline">
            <span className="capitalize">{kind}</span> <span className="font-mono">{ref}</span>
          </AddressLink>
        }
        title={title}
        answer={diff.data === undefined ? null : answerOf(diff.data)}
      />
      <Sides asked={asked} />
      {diff.isEnabled ? (
        <Loaded query={diff}>{(found) => <Changes diff={found} />}</Loaded>
      ) : (
        <EmptyState>Say from which instant to compare, or choose a version.</EmptyState>
      )}
      <VersionsList key={`${kind} ${ref}`} kind={kind} refers={ref} />
    </>
  );
}

/** Where the thing itself is shown. */
function pageOf(kind: string, ref: string): string {
  if (kind === "request") return `/requests/${ref}`;
  if (kind === "task") return `/task/${ref}`;
  return kind === "persona" ? `/personas/${ref}` : "/memory";
}

const answerOf = ({ from, to, changes, more }: MemoryDiff): string =>
  changes.length === 0
    ? `Nothing changed: version ${String(from.version)} holds at both instants.`
    : `${countText(changes.length + more, "change")} from version ${String(from.version)}, by ${from.actor.name}, to version ${String(to.version)}, by ${to.actor.name}.`;

/** The two instants, each to be moved. */
function Sides({ asked }: { readonly asked: Asked }) {
  const navigate = route.useNavigate();
  const fields = (["from", "to"] as const).map((side) => ({ side, atMs: momentOf(asked[side]) }));
  return (
    <form
      key={`${asked.from} ${asked.to}`}
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget);
        const instant = (side: string): string => {
          const text = given.get(side);
          const atMs = typeof text === "string" && text !== "" ? Date.parse(text) : Number.NaN;
          return Number.isFinite(atMs) ? addressOf(atMs) : "";
        };
        void navigate({ search: (before) => ({ ...before, from: instant("from"), to: instant("to") }) });
      }}
    >
      {fields.map(({ side, atMs }) => (
        <TextField
          key={side}
          name={side}
          type="datetime-local"
          step={1}
          required={side === "from"}
          label={side === "from" ? "From" : "To"}
          hint={side === "to" ? "Empty means now." : "As the record had it then."}
          defaultValue={atMs === undefined ? "" : fieldText(atMs)}
          className="min-h-8 w-auto py-0.5 text-sm"
        />
      ))}
      <Button type="submit" className="mb-5">
        Compare
      </Button>
    </form>
  );
}

function Changes({ diff }: { readonly diff: MemoryDiff }) {
  if (diff.changes.length === 0)
    return <EmptyState>Both instants have the same version, of {instantText(diff.to.recordedAtMs)}.</EmptyState>;
  return (
    <Section title="Changes" aside={diff.more > 0 ? `the first ${String(diff.changes.length)}` : undefined} bare>
      <ol className="flex flex-col border-t border-line">
        {diff.changes.map((change) => (
          <li key={`${change.kind} ${change.path}`} className="border-b border-line py-2">
            <Change change={change} />
          </li>
        ))}
      </ol>
    </Section>
  );
}

const verbs = { added: "was added", removed: "is gone", changed: "changed" } as const;

/** One change; `j` and `k` step through them. */
function Change({ change }: { readonly change: DiffChangeDocument }) {
  return (
    <article data-row tabIndex={-1} aria-label={`${change.path} ${verbs[change.kind]}`} className="flex min-w-0 flex-col gap-1.5">
      <h3 className="text-sm">
        <code className="font-mono font-semibold wrap-anywhere">{change.path}</code>{" "}
        <span className="text-ink-3">{verbs[change.kind]}</span>
      </h3>
      {change.lines === null ? <Values change={change} /> : <Lines lines={change.lines} />}
    </article>
  );
}

function Values({ change }: { readonly change: DiffChangeDocument }) {
  return (
    <div className="flex flex-col gap-1">
      {change.kind !== "added" && (
        <del className="no-underline">
          <Value mark="−" word="Before" text={valueText(change.path, change.before)} look="bg-bad-wash" />
        </del>
      )}
      {change.kind !== "removed" && (
        <ins className="no-underline">
          <Value mark="+" word="After" text={valueText(change.path, change.after)} look="bg-good-wash" />
        </ins>
      )}
    </div>
  );
}

/** Longest value shown; the rest is in the API and `xvc memory diff`. */
const maxShownChars = 4_000;

/** A number of this size under a name such as `stateSinceMs` is a date, not a duration. */
const firstDateMs = 100_000_000_000;

function valueText(path: string, value: Json): string {
  if (typeof value === "number" && value >= firstDateMs && path.endsWith("Ms")) return instantText(value);
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return text.length > maxShownChars ? `${text.slice(0, maxShownChars)}…` : text;
}

function Value({ mark, word, text, look }: { readonly mark: string; readonly word: string; readonly text: string; readonly look: string }) {
  return (
    <span className={`flex gap-2 rounded-sm px-2 py-1 ${look}`}>
      <span aria-hidden="true" className="w-3 shrink-0 text-center font-mono text-sm text-ink-2">
        {mark}
      </span>
      <span className="sr-only">{word}: </span>
      <code className="min-w-0 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">{text}</code>
    </span>
  );
}

const lineLooks = {
  same: { mark: " ", word: "", look: "" },
  added: { mark: "+", word: "Added: ", look: "bg-good-wash" },
  removed: { mark: "−", word: "Removed: ", look: "bg-bad-wash" },
} as const;

function Lines({ lines }: { readonly lines: readonly TextLine[] }) {
  return (
    <ol className="rounded border border-line py-1 font-mono text-xs leading-5">
      {lines.map((line, place) => (
        <li key={place}>{line.kind === "skipped" ? <Skipped count={line.lines} /> : <Line kind={line.kind} text={line.text} />}</li>
      ))}
    </ol>
  );
}

const Skipped = ({ count }: { readonly count: number }) => (
  <span className="block bg-wash px-2 text-ink-3">{countText(count, "line")} the same</span>
);

function Line({ kind, text }: { readonly kind: keyof typeof lineLooks; readonly text: string }) {
  const { mark, word, look } = lineLooks[kind];
  return (
    <span className={`flex gap-2 px-2 ${look}`}>
      <span aria-hidden="true" className="w-3 shrink-0 text-center text-ink-2">
        {mark}
      </span>
      {word !== "" && <span className="sr-only">{word}</span>}
      <span className="min-w-0 wrap-anywhere whitespace-pre-wrap">{text.trimEnd() === "" ? " " : text.trimEnd()}</span>
    </span>
  );
}
