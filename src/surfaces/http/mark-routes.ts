import { readTagText } from "../../core/memory/tag.ts";
import { marksView, tagUses, taggedPage } from "../../engine/memory/mark-view.ts";
import { commandAnswer } from "../../contract/fields.ts";
import {
  marksDocument,
  marksQuery,
  relationBody,
  tagBody,
  tagUsesDocument,
  tagUsesQuery,
  taggedDocument,
  taggedQuery,
} from "../../contract/entity-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { labelled } from "./entity-routes.ts";
import { command, narrowed, reading } from "./references.ts";
import { noSubject, subjectOf } from "./subject-references.ts";

const defaultPage = 100;

/** Tags and relations on anything. */
export const markRoutes = (): readonly Endpoint[] => [
  ...readingRoutes(),
  tagRoute("add"),
  tagRoute("remove"),
  relationRoute("add"),
  relationRoute("remove"),
];

const readingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/marks",
    summary: "Tags and relations of one thing of any kind",
    query: marksQuery,
    answer: marksDocument,
    past: true,
    run: async (use, { member, query }) => {
      const subject = await subjectOf(use, member, query);
      const view = await reading(use, member, (reader) => marksView(reader, subject));
      if (view === undefined) throw noSubject(query.kind, query.id);
      return view;
    },
  }),
  endpoint({
    method: "get",
    path: "/api/tags",
    summary: "Tags in use, with how many things have them",
    query: tagUsesQuery,
    answer: tagUsesDocument,
    past: true,
    run: async (use, { member, query }) => ({
      schema: "xvc.tags/1" as const,
      items: await reading(use, narrowed(member, query.project), (reader) => tagUses(reader, query.kind)),
    }),
  }),
  endpoint({
    method: "get",
    path: "/api/tagged",
    summary: "Everything that has a tag, whatever kind it is",
    query: taggedQuery,
    answer: taggedDocument,
    past: true,
    run: async (use, { member, query }) => {
      const { tag, kind, cursor, limit = defaultPage, project } = query;
      const page = await reading(use, narrowed(member, project), (reader) =>
        taggedPage(reader, { ...readTagText(tag), kind, cursor, limit }),
      );
      return { schema: "xvc.tagged/1" as const, ...page };
    },
  }),
];

const tagRoute = (word: "add" | "remove"): Endpoint =>
  endpoint({
    method: "post",
    path: word === "add" ? "/api/tags" : "/api/tags/remove",
    summary: word === "add" ? "Put a tag on a thing of any kind" : "Take a tag off",
    body: tagBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { subject: said, key, value = "", project } = call.body;
      const { projectId, ...subject } = await subjectOf(use, call.member, { ...said, project });
      return labelled(await command(use, call, { projectId, command: { kind: `${word}-tag`, subject, key, value } }));
    },
  });

const relationRoute = (word: "add" | "remove"): Endpoint =>
  endpoint({
    method: "post",
    path: word === "add" ? "/api/relations" : "/api/relations/remove",
    summary: word === "add" ? "Say that one thing stands in a role to another" : "Take a relation away",
    body: relationBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { role, project } = call.body;
      const { projectId, ...from } = await subjectOf(use, call.member, { ...call.body.from, project });
      const { kind, id } = await subjectOf(use, call.member, { ...call.body.to, project: projectId });
      return labelled(await command(use, call, { projectId, command: { kind: `${word}-relation`, from, role, to: { kind, id } } }));
    },
  });
