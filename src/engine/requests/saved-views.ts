import { decideRemoveView, decideSaveView, type RemoveView, type SaveView } from "../../core/requests/decide-saved-view.ts";
import { savedViewKind } from "../../core/requests/saved-view.ts";
import { type NamedPerformer, namedPerson, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";
import { handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";

/** More than `maxViews`, so that a person at the limit is seen to be there. */
const maxOwn = 200;
/** Views of others that are looked at for shared ones. */
const maxRead = 1_000;

export const saveViewHandler = handler({
  load: async (transaction, _command: SaveView, context) => {
    const person = await loadPerson(transaction, context);
    const where = { personId: context.caller.actor.id, state: "active" };
    const found = await transaction.find(savedViewKind, { where, limit: maxOwn });
    return {
      person,
      views: await transaction.lock(
        savedViewKind,
        found.map((view) => view.id),
      ),
    };
  },
  decide: decideSaveView,
});

export const removeViewHandler = handler({
  load: async (transaction, command: RemoveView, context) => ({
    person: await loadPerson(transaction, context),
    view: await lockOne(transaction, savedViewKind, command.viewId),
  }),
  decide: decideRemoveView,
});

export interface SavedViewsView {
  readonly schema: "xvc.views/1";
  readonly items: readonly {
    readonly id: string;
    readonly page: string;
    readonly name: string;
    readonly search: string;
    readonly shared: boolean;
    readonly mine: boolean;
    readonly owner: NamedPerformer;
  }[];
}

/** The views a person sees on a page: their own, then what others share. */
export async function savedViewsView(reader: Reader, page: string, viewerId: string): Promise<SavedViewsView> {
  const [own, all, people] = await Promise.all([
    reader.find(savedViewKind, { where: { personId: viewerId, page, state: "active" }, limit: maxOwn }),
    reader.find(savedViewKind, { where: { page, state: "active" }, limit: maxRead }),
    readPeople(reader),
  ]);
  const shared = all.filter((view) => view.shared && view.personId !== viewerId).slice(0, maxOwn);
  return {
    schema: "xvc.views/1",
    items: [...own, ...shared].map(({ id, name, search, shared: isShared, personId }) => ({
      id,
      page,
      name,
      search,
      shared: isShared,
      mine: personId === viewerId,
      owner: namedPerson(people, personId),
    })),
  };
}
