import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { twMerge } from "tailwind-merge";
import type { TaskDetail } from "../../../../contract/task-contract.ts";
import { contentUrl } from "../../api.ts";
import { contentQuery } from "../../queries.ts";
import { Button } from "../../shell/controls.tsx";
import { Loaded } from "../../shell/states.tsx";
import { bytesText } from "../../shell/words.ts";
import { changedParts, lineDiff } from "./line-diff.ts";

type Artifact = TaskDetail["outputs"][number];

/** Larger texts are opened on their own. */
const maxShownBytes = 300_000;
const isText = (file: Artifact): boolean =>
  (file.mediaType.startsWith("text/") || /json|yaml|xml|diff/u.test(file.mediaType)) &&
  file.mediaType !== "text/html" &&
  file.bytes <= maxShownBytes;

interface OutputProps {
  readonly file: Artifact;
  /** The same output of the attempt before. */
  readonly before: Artifact | undefined;
}

/** One output: opened on its own, read here, or compared with the attempt before. */
export function OutputView({ file, before }: OutputProps) {
  const [shown, setShown] = useState<"text" | "change" | null>(null);
  const toggle = (next: "text" | "change") => setShown(shown === next ? null : next);
  const comparable = before !== undefined && before.sha256 !== file.sha256 && isText(file) && isText(before);
  return (
    <li className="flex min-w-0 flex-col gap-1">
      <span className="flex flex-wrap items-center gap-x-3 text-sm">
        <a
          href={contentUrl(file.sha256)}
          target="_blank"
          rel="noopener noreferrer"
          className="inline-flex min-h-6 items-center text-accent underline"
        >
          {file.name}
        </a>
        <span className="text-xs text-ink-3">{bytesText(file.bytes)}</span>
        {isText(file) && (
          <Button tone="quiet" className="min-h-6 px-1.5" aria-expanded={shown === "text"} onClick={() => toggle("text")}>
            Read<span className="sr-only"> {file.name}</span>
          </Button>
        )}
        {comparable && (
          <Button tone="quiet" className="min-h-6 px-1.5" aria-expanded={shown === "change"} onClick={() => toggle("change")}>
            What changed<span className="sr-only"> in {file.name}</span>
          </Button>
        )}
      </span>
      {shown === "text" && <FileText file={file} />}
      {shown === "change" && before !== undefined && <FileChange before={before} file={file} />}
    </li>
  );
}

const boxLook = "max-h-96 overflow-auto rounded border border-line bg-sheet p-2 font-mono text-xs";

function FileText({ file }: { readonly file: Artifact }) {
  const query = useQuery(contentQuery(file.sha256));
  return (
    <Loaded query={query} rows={3}>
      {(text) => (
        <pre tabIndex={0} aria-label={file.name} className={twMerge(boxLook, "whitespace-pre-wrap break-words")}>
          {text}
        </pre>
      )}
    </Loaded>
  );
}

const lineLook = { same: "text-ink-2", added: "bg-good-wash text-good", removed: "bg-bad-wash text-bad" } as const;
const lineSign = { same: " ", added: "+", removed: "−" } as const;

function FileChange({ before, file }: { readonly before: Artifact; readonly file: Artifact }) {
  const old = useQuery(contentQuery(before.sha256));
  const now = useQuery(contentQuery(file.sha256));
  return (
    <Loaded query={old} rows={3}>
      {(was) => (
        <Loaded query={now} rows={3}>
          {(is) => (
            <pre tabIndex={0} aria-label={`What changed in ${file.name}`} className={boxLook}>
              {changedParts(lineDiff(was, is)).map((line, at) => (
                <span key={at} className={twMerge("block whitespace-pre-wrap", line !== null && lineLook[line.kind])}>
                  {line === null ? "…" : `${lineSign[line.kind]} ${line.text}`}
                </span>
              ))}
            </pre>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}
