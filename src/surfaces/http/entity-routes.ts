import type { MoveEntity, HoldEntity } from "../../core/memory/decide-entity-state.ts";
import { readTagText } from "../../core/memory/tag.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import { entityDetailView, entityPageView } from "../../engine/memory/entity-view.ts";
import { commandAnswer } from "../../contract/fields.ts";
import {
  attachBody,
  detachBody,
  entitiesDocument,
  entitiesQuery,
  entityBody,
  entityChangeBody,
  entityDocument,
  entityReasonBody,
} from "../../contract/entity-contract.ts";
import { requireOwnContent } from "./content-routes.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import { answerOf, command, narrowed, projectOf, reading } from "./references.ts";
import { entityOf } from "./subject-references.ts";

const defaultPage = 50;

/** Typed documents beside requests. */
export const entityRoutes = (): readonly Endpoint[] => [
  ...readingRoutes(),
  ...writingRoutes(),
  ...(["archive", "restore", "delete", "purge", "hold", "release"] as const).map(reasonRoute),
  ...attachmentRoutes(),
];

const readingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/entities",
    summary: "Entities by type, state, tags, fields of their data, relations and text, newest first",
    query: entitiesQuery,
    answer: entitiesDocument,
    past: true,
    run: (use, { member, query }) =>
      reading(use, narrowed(member, query.project), (reader) =>
        entityPageView(reader, {
          typeKey: query.type,
          key: query.key,
          states: query.state,
          tags: query.tag?.map(readTagText),
          fields: query.field === undefined ? undefined : readFields(query.field),
          related:
            query.related === undefined ? undefined : { id: query.related, ...(query.role === undefined ? {} : { role: query.role }) },
          text: query.text,
          sort: query.sort,
          cursor: query.cursor,
          limit: query.limit ?? defaultPage,
        }),
      ),
  }),
  endpoint({
    method: "get",
    path: "/api/entities/{reference}",
    summary: "One entity with its data, tags, relations and attachments",
    answer: entityDocument,
    past: true,
    run: async (use, { member, reference }) => {
      const { id } = await entityOf(use, member, reference);
      const view = await reading(use, member, (reader) => entityDetailView(reader, id, member.person));
      if (view !== undefined) return view;
      throw new Failure("not-found", "entity.not-found", {
        message: `There is no entity ${reference.slice(0, 160)}, or it is not yours to see.`,
      });
    },
  }),
];

const writingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/entities",
    summary: "Keep a new entity; its data has to fit its type",
    body: entityBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { project, type, schemaVersion = null, key = null, title, data = {} } = call.body;
      const projectId = projectOf(call.member, { reference: project, rehearsal: false }).id;
      return labelled(
        await command(use, call, { projectId, command: { kind: "create-entity", typeKey: type, schemaVersion, key, title, data } }),
      );
    },
  }),
  endpoint({
    method: "post",
    path: "/api/entities/{reference}/change",
    summary: "Change named fields of an entity and leave all others as they are",
    body: entityChangeBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { id, projectId } = await entityOf(use, call.member, call.reference);
      const { title = null, set = {}, unset = [], schemaVersion = null } = call.body;
      const expectedVersion = versionOf(call, call.body.version);
      return labelled(
        await command(use, call, {
          projectId,
          command: { kind: "change-entity", entityId: id, expectedVersion, title, set, unset: [...unset], schemaVersion },
        }),
      );
    },
  }),
];

const summaries = {
  archive: "Put an entity away; restore brings it back",
  restore: "Bring an archived or deleted entity back",
  delete: "Delete an entity softly; restore brings it back",
  purge: "Take the content of a deleted entity out of every version; hashes stay",
  hold: "Put a legal hold on an entity: it is neither deleted nor purged",
  release: "Lift a legal hold",
} as const;

const reasonRoute = (word: keyof typeof summaries): Endpoint =>
  endpoint({
    method: "post",
    path: `/api/entities/{reference}/${word}`,
    summary: summaries[word],
    body: entityReasonBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { id, projectId } = await entityOf(use, call.member, call.reference);
      const kind = `${word}-entity` as (MoveEntity | HoldEntity)["kind"]; // the words of the summaries are those of the commands
      const { reason, version } = call.body;
      const sent = { kind, entityId: id, expectedVersion: versionOf(call, version), reason } as MoveEntity | HoldEntity; // as above
      return labelled(await command(use, call, { projectId, command: sent }));
    },
  });

const attachmentRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/entities/{reference}/attach",
    summary: "Attach content that was handed in before, by its hash",
    body: attachBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { id, projectId } = await entityOf(use, call.member, call.reference);
      const { version, name, sha256, mediaType, bytes } = call.body;
      const expectedVersion = versionOf(call, version);
      await requireOwnContent(use, call.member, [{ name, sha256 }]);
      const artifact = { name, sha256: asId<"sha256">(sha256), mediaType, bytes };
      return labelled(
        await command(use, call, { projectId, command: { kind: "attach-content", entityId: id, expectedVersion, artifact } }),
      );
    },
  }),
  endpoint({
    method: "post",
    path: "/api/entities/{reference}/detach",
    summary: "Take an attachment off; versions before keep it",
    body: detachBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { id, projectId } = await entityOf(use, call.member, call.reference);
      const expectedVersion = versionOf(call, call.body.version);
      const { name } = call.body;
      return labelled(await command(use, call, { projectId, command: { kind: "detach-content", entityId: id, expectedVersion, name } }));
    },
  }),
];

/** An answer with its label. */
export const labelled = (answer: JsonObject) => answerOf(answer, typeof answer["label"] === "string" ? { label: answer["label"] } : {});

/** The version that was read: a field of the body, or `If-Match`. @throws {Failure} `memory.version-missing` */
export function versionOf({ header }: Pick<Call<unknown, unknown>, "header">, stated: number | undefined): number {
  const matched = /^(?:W\/)?"?(\d{1,9})"?$/u.exec(header("if-match") ?? "")?.[1];
  const version = stated ?? (matched === undefined ? undefined : Number(matched));
  if (version !== undefined) return version;
  throw new Failure("invalid", "memory.version-missing", { message: "Say which version you read: `version` in the body, or If-Match." });
}

/** `address.city=Berlin` and `seats=3` as the part of the data that they name. @throws {Failure} `entity.bad-filter` */
function readFields(said: readonly string[]): JsonObject {
  return said.reduce<JsonObject>((part, one) => {
    const at = one.indexOf("=");
    if (at < 1)
      throw new Failure("invalid", "entity.bad-filter", { message: `"${one.slice(0, 80)}" is no field with a value; write country=DE.` });
    return withField(part, one.slice(0, at).split("."), valueOf(one.slice(at + 1)));
  }, {});
}

function withField(part: JsonObject, [name = "", ...rest]: readonly string[], value: Json): JsonObject {
  if (rest.length === 0) return { ...part, [name]: value };
  const inner = part[name];
  const known = inner !== null && typeof inner === "object" && !Array.isArray(inner) ? (inner as JsonObject) : {}; // an object of JSON
  return { ...part, [name]: withField(known, rest, value) };
}

/** Numbers, `true`, `false`, `null` and what stands in quotes are JSON; all else is text. */
function valueOf(text: string): Json {
  if (!/^(?:-?\d+(?:\.\d+)?|true|false|null|".*")$/u.test(text)) return text;
  try {
    return JSON.parse(text) as Json; // what JSON gives is JSON
  } catch {
    return text; // a quote inside of quotes: the text as it stands
  }
}
