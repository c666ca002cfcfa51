import {
  type HolidaysBody,
  absenceBody,
  absenceRemovalBody,
  awayDocument,
  calendarBody,
  calendarDocument,
  delegationBody,
  delegationsDocument,
  holidaysBody,
  holidaysRead,
} from "../../contract/calendar-contract.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import { awayView, calendarView, delegationsView } from "../../engine/oversight/calendar-view.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies } from "./http-dependencies.ts";
import { answerOf, command, reading } from "./references.ts";

const yearMs = 366 * 24 * 3_600_000;

const owners = { organization: "the organization", me: "yourself" } as const;

type Owner = keyof typeof owners;

const calendarOf = (owner: Owner): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: `/api/calendars/${owner}`,
    summary: `Working hours, holidays and absences of ${owners[owner]}`,
    answer: calendarDocument,
    run: (use, { member }) =>
      reading(use, member, (reader) =>
        calendarView(reader, {
          owner,
          organizationId: member.organization.id,
          personId: member.person.id,
          nowMs: use.clock.nowMs(),
        }),
      ),
  }),
  endpoint({
    method: "post",
    path: `/api/calendars/${owner}`,
    summary: `Set zone and weekly hours of ${owners[owner]}`,
    body: calendarBody,
    answer: commandAnswer,
    run: async (use, call) =>
      answerOf(await command(use, call, { projectId: null, command: { kind: "set-calendar", id: use.ids.next(), owner, ...call.body } })),
  }),
  endpoint({
    method: "post",
    path: `/api/calendars/${owner}/holidays`,
    summary: `Add holidays of ${owners[owner]} from an .ics file: all-day events of last year and the next three`,
    body: holidaysBody,
    answer: holidaysRead,
    run: (use, call) => importHolidays(use, call, owner),
  }),
];

async function importHolidays(use: HttpDependencies, call: Call<unknown, HolidaysBody>, owner: Owner) {
  const nowMs = use.clock.nowMs();
  const { calendars } = use.engine;
  const window = { fromDate: calendars.dateAt("UTC", nowMs - yearMs), toDate: calendars.dateAt("UTC", nowMs + 3 * yearMs) };
  const { holidays, skipped, skippedCount } = await calendars.readHolidays(call.body.ics, window);
  const { count, total } = await command(use, call, {
    projectId: null,
    command: { kind: "import-holidays", id: use.ids.next(), owner, holidays, replace: call.body.replace === true },
  });
  return { schema: "xvc.holidays-read/1" as const, count: Number(count), total: Number(total), skipped, skippedCount };
}

const absences: readonly Endpoint[] = [
  endpoint({
    method: "get",
    path: "/api/absences",
    summary: "Who is away now, and who decides in their place",
    answer: awayDocument,
    run: async (use, { member }) => ({
      schema: "xvc.away/1" as const,
      items: await reading(use, member, (reader) => awayView(reader, use.clock.nowMs())),
    }),
  }),
  endpoint({
    method: "post",
    path: "/api/absences",
    summary: "Note a time away, with who stands in",
    body: absenceBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { fromMs, toMs, reason = "", substituteId = null, personId = null } = call.body;
      const [id, absenceId] = [use.ids.next(), use.ids.next()];
      return answerOf(
        await command(use, call, {
          projectId: null,
          command: { kind: "record-absence", id, absenceId, personId, fromMs, toMs, reason, substituteId },
        }),
      );
    },
  }),
  endpoint({
    method: "post",
    path: "/api/absences/{reference}/remove",
    summary: "Take an absence back",
    body: absenceRemovalBody,
    answer: commandAnswer,
    run: async (use, call) =>
      answerOf(
        await command(use, call, {
          projectId: null,
          command: { kind: "remove-absence", personId: call.body.personId ?? null, absenceId: call.reference },
        }),
      ),
  }),
];

const delegations: readonly Endpoint[] = [
  endpoint({
    method: "get",
    path: "/api/delegations",
    summary: "Standing delegations you gave and received",
    answer: delegationsDocument,
    run: (use, { member }) =>
      reading(use, member, (reader) => delegationsView(reader, { personId: member.person.id, nowMs: use.clock.nowMs() })),
  }),
  endpoint({
    method: "post",
    path: "/api/delegations",
    summary: "Let somebody decide in your place, within limits and dates",
    body: delegationBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { validFromMs = use.clock.nowMs(), maxAmountMicro = null, projectId = null, reason = "", ...terms } = call.body;
      return answerOf(
        await command(use, call, {
          projectId: null,
          command: { kind: "grant-delegation", id: use.ids.next(), ...terms, validFromMs, maxAmountMicro, projectId, reason },
        }),
      );
    },
  }),
  endpoint({
    method: "post",
    path: "/api/delegations/{reference}/revoke",
    summary: "End a standing delegation at once",
    body: reasonBody,
    answer: commandAnswer,
    run: async (use, call) =>
      answerOf(
        await command(use, call, {
          projectId: null,
          command: { kind: "revoke-delegation", delegationId: call.reference, reason: call.body.reason ?? "" },
        }),
      ),
  }),
];

/** Who works when, who is away, and who decides in whose place. */
export const calendarRoutes = (): readonly Endpoint[] => [...calendarOf("organization"), ...calendarOf("me"), ...absences, ...delegations];
