import ICAL from "ical.js";
import type { WriteCalendar } from "../../engine/ports/calendar-writer.ts";

/** An RFC 5545 calendar of due items, written by ical.js so that every text is escaped and folded. */
export const writeCalendar: WriteCalendar = ({ name, entries, madeAtMs }) => {
  const calendar = new ICAL.Component("vcalendar");
  calendar.updatePropertyWithValue("version", "2.0");
  calendar.updatePropertyWithValue("prodid", "-//xVC Orchestrator//due items//EN");
  calendar.updatePropertyWithValue("method", "PUBLISH");
  calendar.updatePropertyWithValue("x-wr-calname", name);
  for (const entry of entries) {
    const event = new ICAL.Component("vevent");
    event.updatePropertyWithValue("uid", `${entry.id}@xvc`);
    event.updatePropertyWithValue("dtstamp", instant(madeAtMs));
    event.updatePropertyWithValue("dtstart", instant(entry.dueAtMs));
    event.updatePropertyWithValue("dtend", instant(entry.dueAtMs + entry.durationMs));
    event.updatePropertyWithValue("summary", entry.title);
    event.updatePropertyWithValue("description", entry.detail);
    event.updatePropertyWithValue("url", entry.url);
    event.updatePropertyWithValue("transp", "TRANSPARENT");
    calendar.addSubcomponent(event);
  }
  return `${calendar.toString()}\r\n`;
};

const instant = (atMs: number): ICAL.Time => ICAL.Time.fromJSDate(new Date(Math.floor(atMs / 1_000) * 1_000), true);
