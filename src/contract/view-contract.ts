import { z } from "zod";
import { idField, listOf, nameField, performerDocument } from "./fields.ts";

const pageField = z.string().regex(/^[a-z-]{1,40}$/u, "is no page");
const searchField = z.string().max(2_000);

export const savedView = z.object({
  id: idField,
  page: pageField,
  name: nameField,
  /** Search part of the page's address, without `?`. */
  search: searchField,
  shared: z.boolean(),
  mine: z.boolean(),
  owner: performerDocument,
});
export type SavedViewDocument = z.infer<typeof savedView>;

/** `GET /api/views?page=requests`: the reader's own, then what others share. */
export const savedViews = z.object({ schema: z.literal("xvc.views/1"), items: listOf(savedView, 400) });
export type SavedViewsDocument = z.infer<typeof savedViews>;

export const savedViewsQuery = z.object({ page: pageField });

/** `POST /api/views`: a view of the same page and name of one's own is replaced. */
export const savedViewBody = z.strictObject({
  page: pageField,
  name: nameField.max(100),
  search: searchField,
  shared: z.boolean().optional(),
});
export type SavedViewBody = z.infer<typeof savedViewBody>;
