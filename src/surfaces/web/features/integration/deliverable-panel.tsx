import { useQuery } from "@tanstack/react-query";
import { Download, ExternalLink } from "lucide-react";
import { useState } from "react";
import type { ArtifactDocument } from "../../../../contract/content-contract.ts";
import type { DeliverableDocument } from "../../../../contract/progress-contract.ts";
import { contentUrl } from "../../api.ts";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { StateMark } from "../../marks/state-mark.tsx";
import { contentQuery } from "../../queries.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, iconLinkLook } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { bytesText, countText } from "../../shell/words.ts";
import { Evidence } from "../review/criteria-list.tsx";

/** Longest text shown in the page; the whole file downloads. */
const maxShownChars = 200_000;

/** What the request returned, with the checks of the whole. */
export function DeliverablePanel({
  deliverable,
  headline,
}: {
  readonly deliverable: DeliverableDocument | null;
  readonly headline: string;
}) {
  if (deliverable === null) return <p className="text-ink-2">Nothing is delivered yet. {headline}</p>;
  return <Files deliverable={deliverable} />;
}

/** The report for people opens first. */
const firstFile = (files: readonly ArtifactDocument[]): ArtifactDocument | undefined =>
  files.find((file) => file.mediaType.startsWith("text/html")) ?? files.find((file) => isText(file.mediaType)) ?? files[0];

const isText = (mediaType: string): boolean => /^(?:text\/|application\/json)/u.test(mediaType);

function Files({ deliverable }: { readonly deliverable: DeliverableDocument }) {
  const [chosen, setChosen] = useState<string | undefined>();
  const open = deliverable.files.find((file) => file.name === chosen) ?? firstFile(deliverable.files);
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-2">
        <StateMark state={deliverable.state} />
        {!deliverable.rehearsal && (
          <span>
            <Ago atMs={deliverable.deliveredAtMs} />
          </span>
        )}
        <span>
          {countText(deliverable.files.length, "file")},{" "}
          {countText(deliverable.checks.filter((check) => check.verdict === "pass").length, "check")} passed of {deliverable.checks.length}
        </span>
        {deliverable.rehearsal && <RehearsalBadge />}
      </div>
      <ul className="flex flex-col">
        {deliverable.files.map((file) => (
          <FileRow key={file.name} file={file} isOpen={file === open} onOpen={() => setChosen(file.name)} />
        ))}
      </ul>
      {open !== undefined && <Reader key={open.sha256} file={open} />}
      <Section title="Checks of the whole">
        <ul>
          {deliverable.checks.map((check) => (
            <li key={check.criterionId} className="border-b border-line py-1.5 last:border-0">
              <Evidence result={check} />
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}

function FileRow({ file, isOpen, onOpen }: { readonly file: ArtifactDocument; readonly isOpen: boolean; readonly onOpen: () => void }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-1">
      <button
        type="button"
        data-row
        aria-pressed={isOpen}
        onClick={onOpen}
        className="min-h-6 min-w-0 flex-1 truncate text-left font-medium hover:underline aria-pressed:text-accent"
      >
        {file.name}
      </button>
      <span className="text-sm text-ink-3 max-sm:hidden">{file.mediaType}</span>
      <span className="w-16 text-right text-sm text-ink-3">{bytesText(file.bytes)}</span>
      <a
        href={contentUrl(file.sha256)}
        target="_blank"
        rel="noopener noreferrer"
        aria-label={`Open ${file.name} in a new tab`}
        title="Open in a new tab"
        className={iconLinkLook}
      >
        <ExternalLink size={15} aria-hidden="true" />
      </a>
      <a href={contentUrl(file.sha256)} download={file.name} aria-label={`Download ${file.name}`} title="Download" className={iconLinkLook}>
        <Download size={15} aria-hidden="true" />
      </a>
    </li>
  );
}

/** Delivered files are work of others: a page of theirs runs in a frame without scripts, forms or our origin. */
function Reader({ file }: { readonly file: ArtifactDocument }) {
  if (file.mediaType.startsWith("text/html"))
    return (
      <iframe
        sandbox=""
        src={contentUrl(file.sha256)}
        title={file.name}
        className="h-[70vh] w-full rounded border border-line bg-[#ffffff]"
      />
    );
  if (isText(file.mediaType)) return <TextReader file={file} />;
  return <p className="text-sm text-ink-3">This kind of file is not shown here; download it.</p>;
}

function TextReader({ file }: { readonly file: ArtifactDocument }) {
  const query = useQuery(contentQuery(file.sha256));
  const [whole, setWhole] = useState(false);
  return (
    <Loaded query={query}>
      {(text) => (
        <div className="flex flex-col gap-2">
          <pre
            tabIndex={0}
            aria-label={file.name}
            className="max-h-[70vh] overflow-auto rounded border border-line bg-sheet p-3 font-mono text-xs leading-5 whitespace-pre-wrap"
          >
            {whole ? text : text.slice(0, maxShownChars)}
          </pre>
          {text.length > maxShownChars && !whole && (
            <Button className="self-start" onClick={() => setWhole(true)}>
              Show all of it
            </Button>
          )}
        </div>
      )}
    </Loaded>
  );
}
