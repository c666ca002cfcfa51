import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { twMerge } from "tailwind-merge";
import type { Json } from "../../../../core/shared/json.ts";
import { Button, IconButton, TextArea } from "../../shell/controls.tsx";
import { isTextRecord, useDraft } from "../../shell/draft.ts";
import { pillLook } from "../../shell/pill.ts";
import { countText } from "../../shell/words.ts";
import { emptyRow, readRows, type TaskRow, type Written, writtenTasks } from "./written-tasks.ts";

const ways = [
  ["table", "Table"],
  ["markdown", "Markdown checklist"],
  ["json", "JSON"],
] as const;
type Way = (typeof ways)[number][0];

const nothing: Record<string, string> = {};

/** Writes the tasks of a plan in one of three ways. The same rules as on the server read them while you type. */
export function TasksEditor({ onChange }: { readonly onChange: (value: Json) => void }) {
  const draft = useDraft("tasks", nothing, isTextRecord);
  const [way, setWay] = useState<Way>("table");
  const change = (name: Way, text: string) => {
    draft.change({ ...draft.value, [name]: text });
    tell(name, text);
  };
  const tell = (name: Way, text: string) => {
    const read = writtenTasks(name, text);
    onChange(read.problems.length === 0 && read.titles.length > 0 ? read.value : null);
  };
  const text = draft.value[way] ?? "";
  const read = writtenTasks(way, text);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div role="group" aria-label="How to write them" className="flex flex-wrap gap-1">
        {ways.map(([id, label]) => (
          <button
            key={id}
            type="button"
            aria-pressed={way === id}
            onClick={() => {
              setWay(id);
              tell(id, draft.value[id] ?? "");
            }}
            className={pillLook(way === id)}
          >
            {label}
          </button>
        ))}
      </div>
      {way === "table" && <RowsEditor rows={readRows(text)} onChange={(rows) => change("table", JSON.stringify(rows))} />}
      {way === "markdown" && (
        <TextArea
          label="Checklist"
          rows={7}
          className="font-mono text-sm"
          hint="One line is one task, done after the line above. Details in brackets: (persona: ux_designer; after: 1; hours: 2-4-8; makes: ui.md)"
          placeholder={"- [ ] Collect the figures\n- [ ] Write the summary (hours: 1-2-4; makes: summary.md)"}
          value={text}
          onChange={(event) => change("markdown", event.target.value)}
        />
      )}
      {way === "json" && (
        <TextArea
          label="Plan as JSON"
          rows={9}
          className="font-mono text-sm"
          hint="An object with a decomposition: task, persona, dependencies; the rest has defaults."
          placeholder={'{"decomposition": [{"task": "collect", "persona": "contributor", "dependencies": []}]}'}
          value={text}
          onChange={(event) => change("json", event.target.value)}
        />
      )}
      <Reading read={read} untouched={text === ""} />
    </div>
  );
}

function Reading({ read, untouched }: { readonly read: Written; readonly untouched: boolean }) {
  if (untouched) return null;
  return (
    <div role="status" className="text-sm">
      {read.problems.length === 0 ? (
        <p className="text-ink-2">
          Reads as {countText(read.titles.length, "task")}: {read.titles.slice(0, 6).join("; ")}
          {read.titles.length > 6 && " and more"}.
        </p>
      ) : (
        <ul className="text-bad">
          {read.problems.slice(0, 8).map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

const columns = [
  ["title", "Task"],
  ["after", "After (numbers)"],
  ["hours", "Hours"],
] as const satisfies readonly (readonly [keyof TaskRow & string, string])[];

function ColumnHeads() {
  return (
    <thead>
      <tr className="text-left text-xs text-ink-3">
        <th scope="col" className="w-7 font-medium">
          No
        </th>
        {columns.map(([name, label]) => (
          <th key={name} scope="col" className={twMerge("px-1 font-medium", name !== "title" && "w-24 max-sm:w-16")}>
            {label}
          </th>
        ))}
        <th scope="col" className="w-9">
          <span className="sr-only">Remove</span>
        </th>
      </tr>
    </thead>
  );
}

function RowsEditor({ rows, onChange }: { readonly rows: readonly TaskRow[]; readonly onChange: (rows: readonly TaskRow[]) => void }) {
  const set = (at: number, name: string, value: string) =>
    onChange(rows.map((row, index) => (index === at ? { ...row, [name]: value } : row)));
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <table className="w-full table-fixed">
        <caption className="sr-only">Tasks</caption>
        <ColumnHeads />
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              <td className="text-sm text-ink-3">{at + 1}</td>
              {columns.map(([name, label]) => (
                <td key={name} className="p-0.5">
                  <input
                    aria-label={`${label} of task ${at + 1}`}
                    className="h-8 w-full rounded border border-line-strong bg-sheet px-2 text-base"
                    value={row[name]}
                    onChange={(event) => set(at, name, event.target.value)}
                  />
                </td>
              ))}
              <td>
                <IconButton
                  label={`Remove task ${at + 1}`}
                  disabled={rows.length === 1}
                  onClick={() => onChange(rows.filter((_, index) => index !== at))}
                >
                  <Trash2 size={15} aria-hidden="true" />
                </IconButton>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button className="self-start" onClick={() => onChange([...rows, emptyRow])}>
        <Plus size={15} aria-hidden="true" />
        Add a task
      </Button>
    </div>
  );
}
