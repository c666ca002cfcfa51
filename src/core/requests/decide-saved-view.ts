import { isActive } from "../oversight/authority.ts";
import type { Person } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, beginTransition, refuse } from "../shared/transition.ts";
import { type SavedView, savedViewKind } from "./saved-view.ts";

/** Keeps a list as a person likes to see it; a view of the same page and name of theirs is replaced. */
export interface SaveView {
  readonly kind: "save-view";
  readonly page: string;
  readonly name: string;
  /** Search part of the page's address, without `?`. */
  readonly search: string;
  /** Other members see it too; only its owner changes it. */
  readonly shared: boolean;
}

/** Takes a view away. */
export interface RemoveView {
  readonly kind: "remove-view";
  readonly viewId: string;
}

/** Views of one person; more are refused. */
export const maxViews = 100;
const maxSearch = 2_000;
const maxName = 100;

export interface ViewsSlice {
  readonly person: Person | undefined;
  /** All active views of the person. */
  readonly views: readonly SavedView[];
}

/** Saves or replaces a view; nobody but its owner is concerned. */
export function decideSaveView({ person, views }: ViewsSlice, command: SaveView, context: DecideContext): Decided {
  if (!isActive(person)) return refuse("forbidden", "view.not-a-member", "Only an active member can keep views.");
  const name = command.name.trim();
  if (name === "" || name.length > maxName || command.search.length > maxSearch || !/^[a-z-]{1,40}$/u.test(command.page))
    return refuse(
      "invalid",
      "view.invalid",
      `Give the view a name of at most ${maxName} characters; its address has at most ${maxSearch}.`,
    );
  const draft = beginTransition();
  const fields = { name, search: command.search, shared: command.shared };
  const before = views.find((view) => view.page === command.page && view.name === name);
  if (before === undefined && views.length >= maxViews)
    return refuse("conflict", "view.too-many", `You keep ${views.length} views; remove one first.`);
  const view =
    before === undefined
      ? draft.create(savedViewKind, { id: context.newId(), personId: asId(person.id), page: command.page, state: "active", ...fields })
      : draft.change(savedViewKind, before, fields);
  draft.record(savedViewKind, view, "view.saved", { page: command.page, name });
  return draft.accept({ id: view.id });
}

/** Removes a view of one's own. */
export function decideRemoveView(
  { person, view }: { readonly person: Person | undefined; readonly view: SavedView },
  _command: RemoveView,
  _context: DecideContext,
): Decided {
  if (!isActive(person) || view.personId !== person.id)
    return refuse("forbidden", "view.not-yours", "Only the one who saved a view can remove it.");
  if (view.state === "removed") return refuse("conflict", "view.removed", "This view was removed before.");
  const draft = beginTransition();
  draft.change(savedViewKind, view, { state: "removed" });
  draft.record(savedViewKind, view, "view.removed", { name: view.name });
  return draft.accept({ id: view.id });
}
