import { z } from "zod";
import { countField, idField, instantField, lineField, listOf, microField, performerDocument, riskField, textField } from "./fields.ts";

/** `Europe/Berlin`; of a person also empty, for the organization's. */
const zoneField = z.string().trim().max(64);
const minuteField = z.number().int().min(0).max(1_440);
const reasonField = z.string().trim().max(1_000);

/** Hours of one weekday: 1 Monday to 7 Sunday, minutes after local midnight. */
export const officeHoursField = z.strictObject({
  weekday: z.number().int().min(1).max(7),
  fromMinute: minuteField,
  toMinute: minuteField,
});

export const calendarOwnerField = z.enum(["organization", "me"]);

export const holidayDocument = z.object({ date: z.iso.date(), name: lineField });

export const calendarDocument = z.object({
  schema: z.literal("xvc.calendar/1"),
  owner: calendarOwnerField,
  zone: zoneField,
  week: listOf(officeHoursField, 28),
  holidays: listOf(holidayDocument, 1_000),
  /** These hours were not set here: they are the house's, or the organization's. */
  inherited: z.boolean(),
  /** Still to come or under way; of a person only. */
  absences: listOf(
    z.object({
      id: idField,
      fromMs: instantField,
      toMs: instantField,
      reason: textField,
      substitute: performerDocument.nullable(),
    }),
    100,
  ),
});
export type CalendarDocument = z.infer<typeof calendarDocument>;

/** `POST /api/calendars/:owner`: zone and weekly hours as they are from now on. */
export const calendarBody = z.strictObject({ zone: zoneField, week: z.array(officeHoursField).max(28) });
export type CalendarBody = z.infer<typeof calendarBody>;

/** `POST /api/calendars/:owner/holidays`: the text of an `.ics` file. */
export const holidaysBody = z.strictObject({ ics: z.string().min(1).max(1_000_000), replace: z.boolean().optional() });
export type HolidaysBody = z.infer<typeof holidaysBody>;

export const holidaysRead = z.object({
  schema: z.literal("xvc.holidays-read/1"),
  count: countField,
  total: countField,
  /** What was left out and why; 50 at most of `skippedCount`. */
  skipped: listOf(z.object({ name: lineField, reason: lineField }), 50),
  skippedCount: countField,
});
export type HolidaysRead = z.infer<typeof holidaysRead>;

/** `POST /api/absences`: one's own; of somebody else by administrators and directors. */
export const absenceBody = z.strictObject({
  fromMs: instantField,
  toMs: instantField,
  reason: reasonField.optional(),
  substituteId: idField.optional(),
  personId: idField.optional(),
});
export type AbsenceBody = z.infer<typeof absenceBody>;

/** `POST /api/absences/:id/remove`. */
export const absenceRemovalBody = z.strictObject({ personId: idField.optional() });
export type AbsenceRemovalBody = z.infer<typeof absenceRemovalBody>;

/** `GET /api/absences`: who is away now, and who decides in their place. */
export const awayDocument = z.object({
  schema: z.literal("xvc.away/1"),
  items: listOf(z.object({ person: performerDocument, toMs: instantField, representative: performerDocument.nullable() }), 1_000),
});
export type AwayDocument = z.infer<typeof awayDocument>;

export const delegationDocument = z.object({
  id: idField,
  state: z.enum(["granted", "revoked"]),
  from: performerDocument,
  to: performerDocument,
  validFromMs: instantField,
  validToMs: instantField,
  maxRisk: riskField,
  maxAmountMicro: microField.nullable(),
  project: z.object({ id: idField, key: z.string().max(20) }).nullable(),
  reason: textField,
  /** It holds at this moment. */
  active: z.boolean(),
});
export type DelegationDocument = z.infer<typeof delegationDocument>;

export const delegationsDocument = z.object({
  schema: z.literal("xvc.delegations/1"),
  given: listOf(delegationDocument, 100),
  received: listOf(delegationDocument, 100),
});
export type DelegationsDocument = z.infer<typeof delegationsDocument>;

/** `POST /api/delegations`. */
export const delegationBody = z.strictObject({
  toId: idField,
  /** Absent: from now on. */
  validFromMs: instantField.optional(),
  validToMs: instantField,
  maxRisk: riskField,
  maxAmountMicro: microField.optional(),
  projectId: idField.optional(),
  reason: reasonField.optional(),
});
export type DelegationBody = z.infer<typeof delegationBody>;
