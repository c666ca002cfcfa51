import { Failure } from "../../core/shared/failure.ts";
import { entityTypeView, entityTypesView } from "../../engine/memory/entity-view.ts";
import { commandAnswer } from "../../contract/fields.ts";
import { entityTypeBody, entityTypeDocument, entityTypesDocument } from "../../contract/entity-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { labelled } from "./entity-routes.ts";
import { command, reading } from "./references.ts";

/** What kinds of entities there are, and what their data looks like. */
export const entityTypeRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/entity-types",
    summary: "Types of entities at their latest version, with how many are in use",
    answer: entityTypesDocument,
    past: true,
    run: (use, { member }) => reading(use, member, (reader) => entityTypesView(reader, member.person)),
  }),
  endpoint({
    method: "get",
    path: "/api/entity-types/{reference}",
    summary: "One type with the versions of its schema, newest first",
    answer: entityTypeDocument,
    past: true,
    run: async (use, { member, reference }) => {
      const view = await reading(use, member, (reader) => entityTypeView(reader, reference, member.person));
      if (view !== undefined) return view;
      throw new Failure("not-found", "entity-type.not-found", {
        message: `There is no type ${reference.slice(0, 100)}. xvc entity types lists those there are.`,
      });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/entity-types",
    summary: "Define a type, or a new version of its schema beside those before",
    body: entityTypeBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { key, title, description = "", dataSchema, expectedSchemaVersion = 0 } = call.body;
      const sent = { kind: "define-entity-type", key, title, description, dataSchema, expectedSchemaVersion } as const;
      return labelled(await command(use, call, { projectId: null, command: sent }));
    },
  }),
];
