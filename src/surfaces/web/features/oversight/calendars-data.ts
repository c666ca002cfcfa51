import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { AwayDocument, CalendarDocument, DelegationsDocument } from "../../../../contract/calendar-contract.ts";
import { call } from "../../api.ts";

export type Owner = CalendarDocument["owner"];

export const calendarQuery = (owner: Owner) =>
  queryOptions({ queryKey: ["calendars", owner], queryFn: () => call<CalendarDocument>("GET", `/api/calendars/${owner}`) });

export const awayQuery = queryOptions({ queryKey: ["calendars", "away"], queryFn: () => call<AwayDocument>("GET", "/api/absences") });

export const delegationsQuery = queryOptions({
  queryKey: ["calendars", "delegations"],
  queryFn: () => call<DelegationsDocument>("GET", "/api/delegations"),
});

/** Posts and reads calendars, absences and delegations anew. */
export function useChange<Answer = unknown>(done?: (answer: Answer) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, body }: { readonly path: string; readonly body: object }) => call<Answer>("POST", path, body),
    onSuccess: async (answer) => {
      await client.invalidateQueries({ queryKey: ["calendars"] });
      done?.(answer);
    },
  });
}

export const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** `09:00` of a minute of the day; midnight at the end is `24:00`. */
export const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** The minute of `9:00` or `09:00`; undefined: it is no time of the day. */
export function minuteOf(text: string): number | undefined {
  const [, hours = "", minutes = ""] = /^(\d{1,2}):(\d{2})$/u.exec(text.trim()) ?? [];
  const minute = Number(hours) * 60 + Number(minutes);
  return hours === "" || Number(minutes) > 59 || minute > 1_440 ? undefined : minute;
}

type Week = CalendarDocument["week"];

/** The hours of one day as people write them: `09:00-12:00, 13:00-17:00`; empty: closed. */
export const hoursOf = (week: Week, weekday: number): string =>
  week
    .filter((span) => span.weekday === weekday)
    .map((span) => `${timeOf(span.fromMinute)}-${timeOf(span.toMinute)}`)
    .join(", ");

/** Those hours read back; undefined: they are not written so. */
export function spansOf(text: string, weekday: number): Week | undefined {
  if (text.trim() === "") return [];
  const spans = text.split(",").map((part) => {
    const [from, to] = part.split(/[-–]/u).map(minuteOf);
    return from === undefined || to === undefined || from >= to ? undefined : { weekday, fromMinute: from, toMinute: to };
  });
  return spans.every((span) => span !== undefined) ? spans : undefined;
}

/** The zone this browser is in, for a first guess. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export const zones = (): readonly string[] => ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

/** Midnight of an ISO day where the reader is; NaN: it is no day. */
export const dayMs = (day: string): number => new Date(`${day}T00:00:00`).getTime();
