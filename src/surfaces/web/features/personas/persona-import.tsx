import { useRef } from "react";
import { Button } from "../../shell/controls.tsx";
import { useMay } from "../../shell/may.ts";
import { ActError } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { useImport } from "./persona-data.ts";

/** Reads files that others wrote; what is in them waits as proposals. */
export function PersonaImport() {
  const input = useRef<HTMLInputElement>(null);
  const run = useImport();
  const may = useMay();
  if (!may("propose-persona")) return null;
  const done = run.data;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <Button disabled={run.isPending} onClick={() => input.current?.click()}>
          Import files
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          accept=".md,.json"
          aria-label="Files with personas"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            const files = [...(event.target.files ?? [])];
            event.target.value = "";
            if (files.length > 0) run.mutate(files);
          }}
        />
        <p className="max-w-[70ch] text-sm text-ink-2">
          SKILL.md, an agent's Markdown file, or a library as JSON. Nothing of it works before it is accepted below.
        </p>
      </div>
      <ActError error={run.error} />
      {done !== undefined && (
        <div role="status" className="text-sm">
          <p>
            {countText(done.proposed.length, "persona")} proposed{done.refused.length > 0 && `, ${done.refused.length} refused`}.
          </p>
          <ul className="list-disc pl-5 text-ink-2">
            {done.refused.slice(0, 20).map(({ path, key, reason }) => (
              <li key={`${path} ${key} ${reason}`} className="break-words">
                <span className="font-mono text-xs">{path}</span> {key}: {reason}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
