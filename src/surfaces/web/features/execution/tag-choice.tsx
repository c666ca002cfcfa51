import { useQuery } from "@tanstack/react-query";
import { tagText } from "../../../../core/memory/tag.ts";
import { tagsInUseQuery } from "../memory/marks-data.ts";

/** The most used come first; any other can be in the address. */
const maxTagsOffered = 100;

/** Which tag the tasks have to have; nothing where no task has one, for an empty choice says nothing. */
export function TagChoice({ tag, onChange }: { readonly tag: string | undefined; readonly onChange: (tag: string | undefined) => void }) {
  const tags = useQuery(tagsInUseQuery("task"));
  const inUse = (tags.data?.items ?? []).slice(0, maxTagsOffered).map(tagText);
  const offered = tag === undefined || tag === "" || inUse.includes(tag) ? inUse : [tag, ...inUse];
  if (offered.length === 0) return null;
  return (
    <select
      aria-label="Tag"
      value={tag ?? ""}
      onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
      className="h-8 max-w-48 rounded border border-line-strong bg-sheet px-2 text-sm text-ink"
    >
      <option value="">Any tag</option>
      {offered.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  );
}
