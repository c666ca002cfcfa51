import { queryOptions } from "@tanstack/react-query";
import type { MarksDocument, TagUsesDocument } from "../../../../contract/entity-contract.ts";
import type { EpicsDocument, SprintsDocument } from "../../../../contract/work-contract.ts";
import { call, query } from "../../api.ts";

/** What carries marks on a page of its own. */
export interface Marked {
  readonly kind: "request" | "task";
  readonly id: string;
  /** `ENG-42`, `ENG-42/backend`. */
  readonly label: string;
}

export const marksQuery = ({ kind, id }: Pick<Marked, "kind" | "id">) =>
  queryOptions({ queryKey: ["marks", id], queryFn: () => call<MarksDocument>("GET", `/api/marks${query({ kind, id })}`) });

export const tagsInUseQuery = (kind: string) =>
  queryOptions({
    queryKey: ["marks", "in-use", kind],
    queryFn: () => call<TagUsesDocument>("GET", `/api/tags${query({ kind })}`),
    staleTime: 60_000,
  });

export interface Group {
  readonly label: string;
  readonly title: string;
}

/** Groups of one project that still take work; the contract allows no longer page than 200, and no more epics or sprints are open. */
export const openGroupsQuery = ({ kind, label }: Marked) =>
  queryOptions({
    queryKey: [kind === "request" ? "epics" : "sprints", "open", label.split("-")[0]],
    queryFn: async (): Promise<readonly Group[]> => {
      const asked = { project: label.split("-")[0], limit: "200" };
      if (kind === "request") return (await call<EpicsDocument>("GET", `/api/epics${query({ ...asked, state: "open" })}`)).items;
      return (await call<SprintsDocument>("GET", `/api/sprints${query({ ...asked, state: "planning,active" })}`)).items;
    },
  });
