/** What the clocks on the wall show where. Zone rules are data of the machine and of the library, so they live behind a port. */
export interface ZoneTime {
  /**
   * The instant at which the clocks of a zone show a wall time, itself the milliseconds it would be in UTC. A time that a
   * clock jumps over is the first instant after the jump; one that it shows twice is the earlier. Null: there is no such zone.
   */
  instantOf(wallMs: number, zone: string): number | null;
}

/** Knows UTC alone; for worlds without zones. */
export const utcOnly: ZoneTime = { instantOf: (wallMs, zone) => (zone === "UTC" ? wallMs : null) };
