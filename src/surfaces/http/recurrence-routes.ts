import { z } from "zod";
import { readSeries } from "../../core/requests/read-series.ts";
import { recurrenceKind } from "../../core/requests/recurrence.ts";
import { slotsFrom } from "../../core/requests/recurrence-slots.ts";
import { Failure } from "../../core/shared/failure.ts";
import { utcOnly } from "../../engine/ports/zone-time.ts";
import { recurrencesView } from "../../engine/requests/recurrence-view.ts";
import { commandAnswer, idField, reasonBody, referenceField } from "../../contract/fields.ts";
import { recurrenceBody, recurrenceCheck, recurrencesDocument } from "../../contract/recurrence-contract.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies } from "./http-dependencies.ts";
import { answerOf, command, labelOf, reading, requestOf } from "./references.ts";

/** Next times that a check of a rule names. */
const maxNamed = 5;

/** Requests that are filed again by a calendar rule. */
export const recurrenceRoutes = (): readonly Endpoint[] => [...filingRoutes(), ...steeringRoutes()];

const filingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/recurrences",
    summary: "Recurring requests, newest first",
    query: z.object({ request: referenceField.optional() }),
    answer: recurrencesDocument,
    run: async (use, { member, query }) => {
      const request = query.request === undefined ? undefined : await requestOf(use, member, query.request);
      const asked = { viewer: member.person, ...(request === undefined ? {} : { requestId: request.id }) };
      return reading(use, member, (reader) => recurrencesView(reader, asked));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/requests/{reference}/recur",
    summary: "File a request again by a calendar rule",
    body: recurrenceBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const request = await requestOf(use, call.member, call.reference);
      const { rule, zone, startsAt } = call.body;
      const sent = await command(use, call, {
        projectId: request.projectId,
        command: { kind: "create-recurrence", requestId: request.id, rule, zone, startsAt },
      });
      return answerOf(sent, { label: labelOf(call.member, request) });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/recurrence-check",
    summary: "The next times that a calendar rule names; changes nothing",
    body: recurrenceBody,
    answer: recurrenceCheck,
    run: async (use, { body }) => {
      const { zones = utcOnly } = use.engine.capabilities;
      const read = readSeries(body, (wallMs, zone) => zones.instantOf(wallMs, zone));
      const answer = { schema: "xvc.recurrence-check/1" as const, problem: null, nextAtMs: [] };
      if (read.kind === "problem") return { ...answer, problem: read.message };
      const next: number[] = [];
      for (const slot of slotsFrom(read.series, use.clock.nowMs() + 1)) if (next.push(slot) >= maxNamed) break;
      return next.length === 0 ? { ...answer, problem: "This rule names no time that is still to come." } : { ...answer, nextAtMs: next };
    },
  }),
];

const steeringRoutes = (): readonly Endpoint[] =>
  (["pause", "resume", "end"] as const).map((act) =>
    endpoint({
      method: "post",
      path: `/api/recurrences/{reference}/${act}`,
      summary: `${act.charAt(0).toUpperCase()}${act.slice(1)} a recurring request`,
      body: reasonBody,
      answer: commandAnswer,
      run: async (use, call) => {
        const { projectId } = await placeOf(use, call);
        const reason = call.body.reason ?? "";
        return answerOf(
          await command(use, call, { projectId, command: { kind: `${act}-recurrence`, recurrenceId: call.reference, reason } }),
        );
      },
    }),
  );

/** The request that a recurrence repeats, if the caller may see it. @throws {Failure} `recurrence.not-found` */
async function placeOf(use: HttpDependencies, { member, reference }: Call<unknown, unknown>) {
  const recurrence = z.safeParse(idField, reference).success
    ? await reading(use, member, (reader) => reader.get(recurrenceKind, reference))
    : undefined;
  if (recurrence === undefined)
    throw new Failure("not-found", "recurrence.not-found", {
      message: "There is no such recurring request, or it is not yours to see. xvc recurrence list shows them.",
    });
  return requestOf(use, member, recurrence.requestId);
}
