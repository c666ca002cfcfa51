import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type {
  EntitiesDocument,
  EntityBody,
  EntityChangeBody,
  EntityDocument,
  EntityTypeBody,
  EntityTypeDocument,
  EntityTypesDocument,
  RelationBody,
  TagBody,
  TagUsesDocument,
} from "../../../../contract/entity-contract.ts";
import { api, call, query } from "../../api.ts";

const segment = encodeURIComponent;

/** What the list is narrowed by; the names are those of the address. */
export interface EntitySearch {
  readonly type?: string | undefined;
  readonly state?: string | undefined;
  readonly tag?: string | undefined;
  readonly field?: string | undefined;
  readonly text?: string | undefined;
  readonly sort?: string | undefined;
  readonly project?: string | undefined;
}

/** Pages that one list keeps. */
const maxPages = 20;

export const entitiesQuery = (search: EntitySearch) =>
  infiniteQueryOptions({
    queryKey: ["entities", search],
    queryFn: ({ pageParam }) => call<EntitiesDocument>("GET", `/api/entities${query({ ...search, cursor: pageParam, limit: "50" })}`),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    maxPages,
  });

export const entityQuery = (reference: string) =>
  queryOptions({
    queryKey: ["entity", reference],
    queryFn: () => call<EntityDocument>("GET", `/api/entities/${segment(reference)}`),
  });

export const entityTypesQuery = queryOptions({
  queryKey: ["entity-types"],
  queryFn: () => call<EntityTypesDocument>("GET", "/api/entity-types"),
});

export const entityTypeQuery = (key: string) =>
  queryOptions({
    queryKey: ["entity-types", key],
    queryFn: () => call<EntityTypeDocument>("GET", `/api/entity-types/${segment(key)}`),
  });

export const tagUsesQuery = queryOptions({
  queryKey: ["entities", "tags"],
  queryFn: () => call<TagUsesDocument>("GET", "/api/tags?kind=entity"),
});

const send = (path: string, body: object) => call<CommandAnswer>("POST", path, body);

export type EntityMove = "archive" | "restore" | "delete" | "purge" | "hold" | "release";

export const defineType = (body: EntityTypeBody) => send("/api/entity-types", body);
export const createEntity = (body: EntityBody) => send("/api/entities", body);
export const changeEntity = (id: string, body: EntityChangeBody) => send(`/api/entities/${segment(id)}/change`, body);
export const moveEntity = (id: string, move: EntityMove, body: { readonly version: number; readonly reason: string }) =>
  send(`/api/entities/${segment(id)}/${move}`, body);
export const markTag = (act: "add" | "remove", body: TagBody) => send(act === "add" ? "/api/tags" : "/api/tags/remove", body);
export const relate = (act: "add" | "remove", body: RelationBody) => send(act === "add" ? "/api/relations" : "/api/relations/remove", body);
export const detach = (id: string, body: { readonly version: number; readonly name: string }) =>
  send(`/api/entities/${segment(id)}/detach`, body);

/** Hands a file in, then attaches it by its hash. */
export async function attach(id: string, version: number, file: File): Promise<CommandAnswer> {
  const { artifacts } = await api.upload(file);
  const [artifact] = artifacts;
  if (artifact === undefined) throw new Error("The upload gave no content.");
  const { sha256, mediaType, bytes } = artifact;
  return send(`/api/entities/${segment(id)}/attach`, { version, name: file.name, sha256, mediaType, bytes });
}
