import { expect, test } from "vitest";
import { Failure } from "../../core/shared/failure.ts";
import { readHolidays } from "./read-holidays.ts";

const year = { fromDate: "2026-01-01", toDate: "2027-12-31" };

const file = (...events: readonly (readonly string[])[]): string =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//test//EN",
    ...events.flatMap((lines) => ["BEGIN:VEVENT", "UID:x", ...lines, "END:VEVENT"]),
    "END:VCALENDAR",
    "",
  ].join("\r\n");

test("reads all-day events, repeating ones within the window, each date once", async () => {
  const text = file(
    ["DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=YEARLY", "SUMMARY:New Year"],
    ["DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227", "SUMMARY:Christmas\\, three days"],
    ["DTSTART;VALUE=DATE:20201126", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "SUMMARY:Thanksgiving"],
    ["DTSTART;VALUE=DATE:20261225", "SUMMARY:Again"],
  );
  const { holidays, skippedCount } = await readHolidays(text, year);
  expect(holidays).toEqual([
    { date: "2026-01-01", name: "New Year" },
    { date: "2026-11-26", name: "Thanksgiving" },
    { date: "2026-12-24", name: "Christmas, three days" },
    { date: "2026-12-25", name: "Christmas, three days" },
    { date: "2026-12-26", name: "Christmas, three days" },
    { date: "2027-01-01", name: "New Year" },
    { date: "2027-11-25", name: "Thanksgiving" },
  ]);
  expect(skippedCount).toBe(0);
});

test("leaves out what is no day without work, with the reason", async () => {
  const text = file(
    ["DTSTART:20260301T090000Z", "SUMMARY:Meeting"],
    ["DTSTART;VALUE=DATE:20260302", "STATUS:CANCELLED", "SUMMARY:Off"],
    ["SUMMARY:Never"],
    ["DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20270101", "SUMMARY:Sabbatical"],
    ["DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=DAILY", "SUMMARY:Daily"],
    ["DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=SECONDLY", "SUMMARY:Second"],
  );
  const { skipped } = await readHolidays(text, year);
  expect(skipped.map((one) => `${one.name}: ${one.reason}`)).toEqual([
    "Meeting: it is no all-day event",
    "Off: it is cancelled",
    "Never: it has no date",
    "Sabbatical: it lasts longer than 31 days",
    "Daily: it repeats too often",
    "Second: it repeats within a day",
  ]);
});

const isUnreadable = (error: unknown) => error instanceof Failure && error.code === "calendar.file-unreadable" && error.kind === "invalid";

test.each([
  ["no calendar", "<html></html>"],
  ["cut off", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:2026"],
  ["too large", `BEGIN:VCALENDAR\r\n${"X-A:b\r\n".repeat(200_000)}END:VCALENDAR`],
  ["a rule without end", file(["DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "SUMMARY:Never comes"])],
  ["a rule of nonsense", file(["DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY;BYDAY=99XX;COUNT=-1;INTERVAL=0", "SUMMARY:Never comes"])],
])(
  "%s is refused or read to nothing, and never holds the process",
  async (_what, text) => {
    await readHolidays(text, year).then(
      (read) => expect(read.holidays).toEqual([]),
      (error: unknown) => expect(error).toSatisfy(isUnreadable),
    );
  },
  20_000,
);

test("a name cannot carry control characters", async () => {
  const { holidays } = await readHolidays(file(["DTSTART;VALUE=DATE:20260501", "SUMMARY:May\u001b[31m \u202eDay"]), year);
  expect(holidays).toEqual([{ date: "2026-05-01", name: "May [31m Day" }]);
});
