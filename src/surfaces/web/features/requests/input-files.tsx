import { useMutation } from "@tanstack/react-query";
import { FileUp, Trash2 } from "lucide-react";
import { useEffect, useId } from "react";
import type { RequestInputDocument } from "../../../../contract/content-contract.ts";
import { api } from "../../api.ts";
import { announce } from "../../shell/announce.tsx";
import { buttonLook, IconButton } from "../../shell/controls.tsx";
import { droppedFiles } from "./new-request-draft.ts";
import { ActError } from "../../shell/states.tsx";
import { bytesText, countText } from "../../shell/words.ts";

/** As many as one request takes. */
export const maxInputs = 20;

/** What an older page may have left in a draft. */
export const isInputList = (kept: unknown): kept is readonly RequestInputDocument[] =>
  Array.isArray(kept) && kept.every((one: unknown) => typeof one === "object" && one !== null && "name" in one && "artifacts" in one);

/** A file of the same name replaces the earlier one: two of a name cannot be told apart later. */
const withInput = (inputs: readonly RequestInputDocument[], taken: RequestInputDocument): readonly RequestInputDocument[] => [
  ...inputs.filter((input) => input.name !== taken.name),
  taken,
];

interface InputFilesProps {
  readonly inputs: readonly RequestInputDocument[];
  readonly onChange: (inputs: readonly RequestInputDocument[]) => void;
}

/** Files of the reader's own: chosen, or dropped anywhere on the page. Each is at the server before the request is filed. */
export function InputFiles({ inputs, onChange }: InputFilesProps) {
  const id = useId();
  const take = useMutation({
    mutationFn: async (files: readonly File[]) => {
      let all = inputs;
      for (const file of files.slice(0, maxInputs - inputs.length)) {
        all = withInput(all, await api.upload(file));
        onChange(all);
        announce(`${file.name} is attached.`);
      }
      if (files.length > maxInputs - inputs.length) announce(`A request takes ${maxInputs} files; the rest was left out.`);
    },
  });
  useDroppedFiles((files) => take.mutate(files));
  const { mutate } = take;
  useEffect(() => {
    const waiting = droppedFiles();
    if (waiting.length > 0) mutate(waiting);
  }, [mutate]);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <input
          id={id}
          type="file"
          multiple
          className="peer sr-only"
          disabled={take.isPending || inputs.length >= maxInputs}
          aria-describedby={`${id}-hint`}
          onChange={(event) => {
            take.mutate([...(event.target.files ?? [])]);
            event.target.value = ""; // the same file may be chosen again
          }}
        />
        <label
          htmlFor={id}
          className={`${buttonLook({ tone: "plain" })} cursor-pointer hover:bg-wash peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent`}
        >
          <FileUp size={15} aria-hidden="true" />
          Attach files
        </label>
        <span id={`${id}-hint`} className="text-xs text-ink-3">
          {take.isPending ? "Uploading" : "Choose them, or drop them anywhere on this page."}
        </span>
      </div>
      {inputs.length > 0 && <Attached inputs={inputs} onRemove={(name) => onChange(inputs.filter((input) => input.name !== name))} />}
      <ActError error={take.error} />
    </div>
  );
}

function Attached({ inputs, onRemove }: { readonly inputs: readonly RequestInputDocument[]; readonly onRemove: (name: string) => void }) {
  return (
    <ul aria-label={countText(inputs.length, "attached file")} className="flex flex-col">
      {inputs.map((input) => (
        <li key={input.name} className="flex items-center gap-3 border-b border-line text-sm">
          <span className="min-w-0 flex-1 truncate">{input.name}</span>
          <span className="text-ink-3">{bytesText(input.artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0))}</span>
          <IconButton label={`Remove ${input.name}`} onClick={() => onRemove(input.name)}>
            <Trash2 size={15} aria-hidden="true" />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

/** Without this the browser would leave the page to show a dropped file. */
function useDroppedFiles(take: (files: readonly File[]) => void): void {
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files") === true) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      take(files);
    };
    window.addEventListener("dragover", over);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("drop", drop);
    };
  });
}
