import { useMemo, useState } from "react";
import { markedRuns } from "../../../../core/gate/show-text.ts";
import { Button } from "../../shell/controls.tsx";

/** As much of a long value as is shown before it is opened. */
const foldedChars = 600;

const count = new Intl.NumberFormat("en");

const codes = (raw: string): string =>
  Array.from(raw)
    .slice(0, 8)
    .map((letter) => `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`)
    .join(" ");

/**
 * A text from anywhere, as text and nothing else: what cannot be seen is spelled out, letters that can be taken for others are
 * marked, a long one is folded but whole.
 */
export function ShownText({ text, name }: { readonly text: string; readonly name: string }) {
  const [isOpen, setOpen] = useState(false);
  const isLong = text.length > foldedChars;
  const shown = isOpen || !isLong ? text : text.slice(0, foldedChars).replace(/[\ud800-\udbff]$/u, "");
  const runs = useMemo(() => markedRuns(shown), [shown]);
  return (
    <div className="flex min-w-0 flex-col items-start gap-1.5">
      <pre
        dir="auto"
        aria-label={`Value of ${name}`}
        {...(isLong ? { tabIndex: 0, role: "region" } : {})}
        className="isolate max-h-96 w-full overflow-auto font-mono text-sm break-words whitespace-pre-wrap"
      >
        {text === "" ? (
          <span className="text-ink-3">(empty)</span>
        ) : (
          runs.map(({ text: piece, raw, mark }, at) =>
            mark === null ? (
              <span key={at}>{piece}</span>
            ) : (
              <mark
                key={at}
                title={mark === "hidden" ? "A character that cannot be seen" : `Can be taken for other letters: ${codes(raw)}`}
                className={
                  mark === "hidden"
                    ? "rounded-sm bg-bad-wash px-0.5 text-bad"
                    : "rounded-sm bg-bad-wash text-bad underline decoration-wavy decoration-1 underline-offset-2"
                }
              >
                {piece}
                {mark === "lookalike" && <span className="sr-only"> (can be taken for other letters: {codes(raw)})</span>}
              </mark>
            ),
          )
        )}
        {!isOpen && isLong && <span aria-hidden="true">…</span>}
      </pre>
      {isLong && (
        <Button tone="quiet" className="-ml-3 text-accent" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Fold it" : `Show all ${count.format(text.length)} characters`}
        </Button>
      )}
    </div>
  );
}
