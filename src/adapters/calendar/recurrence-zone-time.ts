import { Temporal } from "temporal-polyfill";
import type { ZoneTime } from "../../engine/ports/zone-time.ts";

/** Zones by the tz data that Node carries. */
export const temporalZoneTime: ZoneTime = {
  instantOf(wallMs, zone) {
    // Named zones only: an offset such as +01:00 knows no summer time, which nobody means who writes a calendar rule.
    if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/u.test(zone)) return null;
    try {
      const wall = Temporal.Instant.fromEpochMilliseconds(wallMs).toZonedDateTimeISO("UTC").toPlainDateTime();
      const earlier = wall.toZonedDateTime(zone, { disambiguation: "earlier" });
      if (earlier.toPlainDateTime().equals(wall)) return earlier.epochMilliseconds;
      // In a gap `earlier` lies before the jump; the first instant after it is the jump itself.
      return earlier.getTimeZoneTransition("next")?.epochMilliseconds ?? null;
    } catch (error) {
      if (error instanceof RangeError) return null; // no such zone
      throw error;
    }
  },
};
