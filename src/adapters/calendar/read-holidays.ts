import { Worker } from "node:worker_threads";
import { Failure } from "../../core/shared/failure.ts";
import { type DayWindow, type ReadHolidays, holidayLimits } from "../../engine/ports/calendar-reader.ts";

const workerUrl = new URL(`./holidays.worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

const unreadable = (why: string): Failure =>
  new Failure("invalid", "calendar.file-unreadable", {
    message: `This file cannot be read as a calendar: ${why}. Export it once more as .ics (iCalendar) and try again.`,
  });

/**
 * Reads holidays in a thread of its own: the file is a stranger's, and a rule in it may keep the library busy for ever.
 *
 * @throws {Failure} `calendar.file-unreadable`
 */
export async function readHolidays(text: string, window: DayWindow): Promise<ReadHolidays> {
  if (Buffer.byteLength(text) > holidayLimits.bytes) throw unreadable(`it is larger than ${holidayLimits.bytes} bytes`);
  if (!/^\uFEFF?\s*BEGIN:VCALENDAR/iu.test(text)) throw unreadable("it does not begin with BEGIN:VCALENDAR");
  const worker = new Worker(workerUrl, { workerData: { text, window }, env: {}, resourceLimits: { maxOldGenerationSizeMb: 256 } });
  return new Promise((resolve, reject) => {
    let read: ReadHolidays | undefined;
    let why = `reading it took longer than ${holidayLimits.ms / 1_000} s`;
    const timer = setTimeout(() => void worker.terminate(), holidayLimits.ms);
    worker.on("message", (message: ReadHolidays) => {
      read = message;
    });
    worker.on("error", (error: Error) => {
      why = (error.message.split("\n", 1)[0] ?? "").slice(0, 200);
    });
    worker.on("exit", () => {
      clearTimeout(timer);
      if (read === undefined) reject(unreadable(why));
      else resolve(read);
    });
  });
}
