import { useSearch } from "@tanstack/react-router";

/** The project the reader narrowed the pages to, by its key; empty: all. It stands in every address as `?project=`. */
export function useProjectKey(): string {
  const search: { readonly project?: unknown } = useSearch({ strict: false });
  return typeof search.project === "string" ? search.project : "";
}
