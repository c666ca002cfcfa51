import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { MemoryHistory } from "../../../../contract/memory-contract.ts";
import { call, query } from "../../api.ts";
import { addressOf } from "../../shell/instants.ts";
import { Section } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { countText, instantText } from "../../shell/words.ts";

/** Versions listed at once; `xvc memory history` has them all. */
const shown = 50;

const historyQuery = (kind: string, ref: string) =>
  queryOptions({
    queryKey: ["memory-history", kind, ref],
    queryFn: () => call<MemoryHistory>("GET", `/api/memory/history${query({ kind, ref, limit: String(shown) })}`),
  });

/** Every version of one thing, the newest first: when, who, what; each leads to what it changed. */
export function VersionsList({ kind, refers }: { readonly kind: string; readonly refers: string }) {
  const history = useQuery(historyQuery(kind, refers));
  return (
    <Section
      title="Versions"
      aside={history.data === undefined ? undefined : `the latest ${countText(history.data.items.length, "version")}`}
      bare
    >
      <Loaded query={history} rows={3}>
        {({ items }) => (
          <ol className="flex flex-col border-t border-line">
            {items.map((version, place) => (
              <Version key={version.version} version={version} before={items[place + 1]} row={{ kind, ref: refers }} />
            ))}
          </ol>
        )}
      </Loaded>
    </Section>
  );
}

interface VersionProps {
  readonly version: MemoryHistory["items"][number];
  /** Undefined: it is the first, or the one before is not listed. */
  readonly before: MemoryHistory["items"][number] | undefined;
  readonly row: { readonly kind: string; readonly ref: string };
}

function Version({ version, before, row }: VersionProps) {
  const { recordedAtMs, actor, changes, more } = version;
  const paths = changes.map((change) => change.path).join(", ");
  const what = version.version === 1 ? "made it" : `changed ${paths === "" ? "nothing that is kept" : paths}${more > 0 ? " and more" : ""}`;
  return (
    <li className="flex min-h-row flex-wrap items-baseline gap-x-4 border-b border-line py-1.5 text-sm">
      <span className="w-20 shrink-0 font-medium">Version {version.version}</span>
      <time dateTime={addressOf(recordedAtMs)} className="shrink-0 text-ink-3">
        {instantText(recordedAtMs)}
      </time>
      <span className="min-w-0 flex-1 basis-60 wrap-anywhere">
        {actor.name} <span className="text-ink-2">{what}</span>
      </span>
      {before !== undefined && before.recordedAtMs < recordedAtMs && (
        <Link
          to="/memory/diff"
          search={{ ...row, from: addressOf(before.recordedAtMs), to: addressOf(recordedAtMs) }}
          data-row
          className="min-h-6 underline"
        >
          What it changed<span className="sr-only"> in version {version.version}</span>
        </Link>
      )}
    </li>
  );
}
