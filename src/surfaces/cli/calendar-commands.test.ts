import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";

const ics = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "BEGIN:VEVENT",
  "UID:1",
  "DTSTART;VALUE=DATE:20100101",
  "RRULE:FREQ=YEARLY",
  "SUMMARY:New Year",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
].join("\r\n");

test("hours, holidays, absences and delegations are said and seen", async () => {
  const { run } = await openCliWorld({ files: { "holidays.ics": ics } });
  expect(await run("calendar", "set", "Europe/Berlin", "--hours", "mon-thu=09:00-17:00", "--hours", "fri=09:00-13:00")).toMatchObject({
    exit: 0,
    out: "Europe/Berlin, 5 spans of hours a week\n",
  });
  expect((await run("calendar", "set", "Mars/Olympus")).exit).toBe(2);
  expect((await run("calendar", "set", "UTC", "--hours", "fri-mon=1:00-2:00")).exit).toBe(2);
  expect((await run("calendar", "import", "holidays.ics")).out).toMatch(/days read/u);
  const shown = await run("calendar", "show");
  expect(shown.out).toMatch(/^Europe\/Berlin\n {2}mon 09:00-17:00\n[\s\S]*fri 09:00-13:00\n[\s\S]*-01-01 New Year/u);
  expect((await run("calendar", "absent", "2031-07-01", "2031-07-14", "--reason", "Away")).exit).toBe(0);
  const mine = await run("calendar", "show", "--mine");
  const absence = /stands in {2}(?<id>[0-9a-f-]{36})/u.exec(mine.out)?.groups?.["id"] ?? "";
  expect(await run("calendar", "present", absence)).toMatchObject({ exit: 0 });
  expect((await run("delegation", "grant", "Nobody", "--until", "2031-01-01")).exit).toBe(3);
  expect((await run("delegation", "list")).exit).toBe(0);
});
