import { z } from "zod";
import { factKind } from "../../core/memory/fact.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type About, beliefsView } from "../../engine/memory/beliefs-view.ts";
import { factDetailView, factPageView } from "../../engine/memory/facts-view.ts";
import {
  type FactBody,
  beliefsDocument,
  factBody,
  factCorrectionBody,
  factDetail,
  factPage,
  factsQuery,
} from "../../contract/fact-contract.ts";
import { commandAnswer, referenceField } from "../../contract/fields.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { rowOf } from "./memory-routes.ts";
import { atField, usingPast } from "./past.ts";
import { answerOf, command, narrowed, projectOf, reading, scopeOf } from "./references.ts";

const defaultRows = 50;

/** What is taken to be true, for when, as it was believed when; and what was decided on it. */
export const factRoutes = (): readonly Endpoint[] => [...readingRoutes(), ...recordingRoutes(), beliefsRoute()];

const validQuery = z.object({ valid: atField.optional() });

const readingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/facts",
    summary: "Facts with the value that holds now, or at the instant `valid`",
    query: factsQuery.extend(validQuery.shape),
    answer: factPage,
    past: true,
    run: (use, { member, query }) =>
      reading(use, narrowed(member, query.project), (reader) =>
        factPageView(reader, {
          limit: query.limit ?? defaultRows,
          validMs: query.valid ?? use.clock.nowMs(),
          ...(query.q === undefined ? {} : { words: query.q }),
          ...(query.subject === undefined ? {} : { subject: { kind: "words", id: query.subject } }),
          ...(query.attribute === undefined ? {} : { attribute: query.attribute }),
          ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
        }),
      ),
  }),
  endpoint({
    method: "get",
    path: "/api/facts/{reference}",
    summary: "One fact with every period it is known for",
    query: validQuery,
    answer: factDetail,
    past: true,
    run: (use, { member, reference, query }) =>
      reading(use, member, (reader) => factDetailView(reader, reference, query.valid ?? use.clock.nowMs())),
  }),
];

const recordingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/facts",
    summary: "Put on record that an attribute has a value from an instant on",
    body: factBody,
    answer: commandAnswer,
    status: 201,
    run: record,
  }),
  endpoint({
    method: "post",
    path: "/api/facts/{reference}/correct",
    summary: "Correct what was believed for a time",
    body: factCorrectionBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { version: expectedVersion, value, fromMs, toMs, source, address = null } = call.body;
      const fact = await reading(use, call.member, (reader) => reader.get(factKind, call.reference));
      if (fact === undefined)
        throw new Failure("not-found", "fact.not-found", {
          message: "There is no such fact, or it is not yours to see. xvc memory facts lists those that are.",
        });
      const said = { value, fromMs, toMs, source: { text: source, address } };
      return answerOf(
        await command(use, call, {
          projectId: fact.projectId,
          command: { kind: "correct-fact", factId: fact.id, expectedVersion, ...said },
        }),
      );
    },
  }),
];

async function record(use: HttpDependencies, call: Call<unknown, FactBody>) {
  const { project, subject, attribute, value, source, address = null, fromMs = null, version = null } = call.body;
  const about =
    typeof subject === "string"
      ? { subjectKind: "words", subjectId: subject, subjectName: subject }
      : { subjectKind: subject.kind, subjectId: subject.id, subjectName: subject.name };
  return answerOf(
    await command(use, call, {
      projectId: projectOf(call.member, { reference: project, rehearsal: false }).id,
      command: { kind: "record-fact", ...about, attribute, value, fromMs, source: { text: source, address }, expectedVersion: version },
    }),
  );
}

const beliefsQuery = validQuery.extend({
  /** Words, or a row by its kind and its id or label. */
  q: z.string().trim().min(2, "needs two characters or more").max(200).optional(),
  kind: z
    .string()
    .regex(/^[a-z][a-z_-]{0,49}$/u)
    .optional(),
  ref: referenceField.optional(),
  /** As the record was then; now, when absent. */
  recorded: atField.optional(),
  project: z.string().min(1).max(100).optional(),
});

const beliefsRoute = (): Endpoint =>
  endpoint({
    method: "get",
    path: "/api/beliefs",
    summary:
      "What was believed and decided about something: as the record was at `recorded`, for what held at `valid`; and what changed since",
    query: beliefsQuery,
    answer: beliefsDocument,
    run: async (use, { member, query }) => {
      const { about, name } = await aboutOf(use, member, query);
      const nowMs = use.clock.nowMs();
      // An instant that is still to come has no record: it is asked as the latest there is.
      const moment = await use.engine.moment(query.recorded ?? nowMs);
      const recordedMs = query.recorded === undefined ? nowMs : moment.atMs;
      const past = query.recorded === undefined ? use : usingPast(use, moment);
      const asked = { about, recordedMs, validMs: query.valid ?? query.recorded ?? nowMs, nowMs };
      const scope = narrowed(member, query.project);
      const view = await reading(use, scope, (now) => beliefsView(now, (work) => past.engine.read(scopeOf(scope), work), asked));
      return { ...view, about: name };
    },
  });

async function aboutOf(
  use: HttpDependencies,
  member: Member,
  { q, kind, ref }: z.output<typeof beliefsQuery>,
): Promise<{ readonly about: About; readonly name: string }> {
  if (q !== undefined) return { about: { kind: "words", words: q }, name: q };
  if (kind === undefined || ref === undefined)
    throw new Failure("invalid", "memory.nothing-asked", {
      message: "Say what it is about: words as `q`, or a row as `kind` and `ref`, such as kind=request and ref=WORK-3.",
    });
  const row = await rowOf(use, member, { kind, ref });
  return { about: { kind: "row", subjectKind: row.kind.name, id: row.id }, name: `${row.kind.name.replaceAll("_", " ")} ${ref}` };
}
