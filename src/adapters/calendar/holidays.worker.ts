import { parentPort, workerData } from "node:worker_threads";
import type { DayWindow } from "../../engine/ports/calendar-reader.ts";
import { holidayEvents } from "./holiday-events.ts";

// The parent gives exactly this; see `read-holidays.ts`.
const { text, window } = workerData as { readonly text: string; readonly window: DayWindow };
parentPort?.postMessage(holidayEvents(text, window));
