import { useInfiniteQuery } from "@tanstack/react-query";
import type { TimelineEntry } from "../../../../contract/event-contract.ts";
import { type Origin, OriginTag } from "../../marks/origin-tag.tsx";
import { timelineQuery } from "../../queries.ts";
import { Button } from "../../shell/controls.tsx";
import { ErrorState, Skeleton } from "../../shell/states.tsx";
import { instantText } from "../../shell/words.ts";

const originOf: Readonly<Record<TimelineEntry["actor"]["kind"], Origin>> = { person: "person", persona: "persona", system: "rule" };

/** The story of the request in sentences; the raw fact on demand. */
export function RequestLog({ reference }: { readonly reference: string }) {
  const query = useInfiniteQuery(timelineQuery(reference));
  const entries = query.data?.pages.flatMap((page) => page.items);
  if (entries === undefined) return query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton />;
  return (
    <div className="flex flex-col gap-3">
      <ol className="flex flex-col">
        {entries.map((entry) => (
          <StoryEntry key={entry.cursor} entry={entry} />
        ))}
      </ol>
      {query.hasNextPage && (
        <Button className="self-start" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  );
}

/** One fact as a sentence; `narrow`: time and origin under each other. */
export function StoryEntry({ entry, narrow = false }: { readonly entry: TimelineEntry; readonly narrow?: boolean }) {
  return (
    <li
      className={
        narrow
          ? "grid grid-cols-1 items-baseline border-b border-line py-1"
          : "grid grid-cols-[11rem_minmax(0,1fr)_9rem] items-baseline gap-x-4 border-b border-line py-1 max-sm:grid-cols-1"
      }
    >
      <time dateTime={new Date(entry.atMs).toISOString()} className="text-xs text-ink-3">
        {instantText(entry.atMs)}
      </time>
      <details className="min-w-0">
        <summary className="min-h-6 leading-6">{entry.sentence}</summary>
        <pre
          className="my-1 max-h-64 overflow-auto rounded border border-line bg-sheet p-2 font-mono text-xs"
          tabIndex={0}
          aria-label={`Raw fact ${entry.kind}`}
        >
          {JSON.stringify(
            { kind: entry.kind, subject: `${entry.subjectKind} ${entry.subjectId}`, cursor: entry.cursor, data: entry.data },
            null,
            2,
          )}
        </pre>
      </details>
      <OriginTag origin={originOf[entry.actor.kind]} name={entry.actor.name} />
    </li>
  );
}
