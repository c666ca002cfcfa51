import { ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import type { AuditEntry } from "../../../../contract/audit-contract.ts";
import { OriginTag } from "../../marks/origin-tag.tsx";
import { AddressLink } from "../../shell/address-link.tsx";
import { Ago } from "../../shell/clock.tsx";
import { instantText } from "../../shell/words.ts";

const origins = { person: "person", persona: "persona", system: "rule" } as const;

/** One fact in a sentence; the raw event on demand. */
export function AuditRow({ entry }: { readonly entry: AuditEntry }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="border-b border-line">
      <div className="flex min-h-10 items-center gap-x-3 py-1 pr-2 text-sm">
        <button
          type="button"
          data-row
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          aria-label={`${isOpen ? "Hide" : "Show"} the raw event: ${entry.sentence}`}
          onClick={() => setOpen(!isOpen)}
          className="inline-flex size-6 shrink-0 items-center justify-center rounded text-ink-3 hover:bg-wash hover:text-ink"
        >
          <ChevronRight size={14} aria-hidden="true" className={isOpen ? "rotate-90" : ""} />
        </button>
        <span className="w-24 shrink-0 text-xs text-ink-3">
          <Ago atMs={entry.recordedAtMs} />
        </span>
        <span className="w-28 shrink-0 max-md:hidden">
          <OriginTag origin={origins[entry.actor.kind]} name={entry.actor.name} />
        </span>
        <span className="w-20 shrink-0 max-sm:hidden">
          {entry.requestLabel !== null && (
            <AddressLink address={`/requests/${entry.requestLabel}`} className="font-mono text-xs text-ink-2 hover:underline">
              {entry.requestLabel}
            </AddressLink>
          )}
        </span>
        <span className="min-w-0 flex-1 sm:truncate" title={entry.sentence}>
          {entry.sentence}
        </span>
        <code className="shrink-0 font-mono text-xs text-ink-3 max-lg:hidden">{entry.kind}</code>
      </div>
      {isOpen && <Raw id={id} entry={entry} />}
    </div>
  );
}

function Raw({ id, entry }: { readonly id: string; readonly entry: AuditEntry }) {
  const { sentence: _sentence, ...raw } = entry;
  return (
    <div id={id} className="flex flex-col gap-1 pb-3 pl-9">
      <p className="text-xs text-ink-3">
        Number {entry.number} of <code className="font-mono">{entry.subjectKind}</code>, recorded {instantText(entry.recordedAtMs)}.{" "}
        <AddressLink address={`/audit?subject=${entry.subjectId}`} className="underline">
          Everything of this row
        </AddressLink>
      </p>
      <pre
        tabIndex={0}
        aria-label="Raw event"
        className="max-h-72 overflow-auto rounded border border-line bg-sheet p-2 font-mono text-xs whitespace-pre-wrap"
      >
        {JSON.stringify(raw, null, 2)}
      </pre>
    </div>
  );
}
