/** What every address stands under: the frame, and what an address may say. */
import { createRootRoute, createRoute, retainSearchParams, stripSearchParams } from "@tanstack/react-router";
import { SignedInFrame } from "./shell/signed-in-frame.tsx";
import { NotFound, PageNotFound } from "./shell/states.tsx";

/** A number in an address was read as one; here it is text again. */
const text = (value: unknown): string | undefined =>
  typeof value === "number" ? String(value) : typeof value === "string" && value !== "" ? value : undefined;

/** Keeps only the texts named, so that an address reproduces the view and nothing else rides along. */
export function searchOf<Name extends string>(...names: readonly Name[]) {
  return (search: Record<string, unknown>): { readonly [key in Name]?: string } => {
    const kept = names.map((name) => [name, text(search[name])] as const).filter((field) => field[1] !== undefined);
    return Object.fromEntries(kept) as { readonly [key in Name]?: string }; // built from `names` alone
  };
}

export type Search<Name extends string> = { readonly [key in Name | "project"]?: string };

/** `?at=` shows a page as of an instant; it stays while the reader moves between pages that have a past, until it is emptied. */
export function keepInstant<Search extends object>({
  search,
  next,
}: {
  readonly search: Search;
  readonly next: (search: Search) => Search;
}): Search {
  const instantIn = (held: Search): unknown => (held as { readonly at?: unknown }).at; // looked at, not trusted
  const wanted = next(search);
  const at = text(instantIn(wanted) ?? instantIn(search));
  const { at: _, ...others } = wanted as Search & { readonly at?: unknown }; // as above
  return (at === undefined ? others : { ...others, at }) as Search; // the same fields, `at` among them or not
}

export const root = createRootRoute({ notFoundComponent: PageNotFound });

/** `?project=` narrows every page to one project; it stays while the reader moves on. */
export const framed = createRoute({
  getParentRoute: () => root,
  id: "framed",
  validateSearch: searchOf("project"),
  search: { middlewares: [stripSearchParams<{ readonly project?: string }>({ project: "" }), retainSearchParams(["project"])] },
  component: SignedInFrame,
  notFoundComponent: NotFound,
});
