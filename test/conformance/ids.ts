import { describe, expect, test } from "vitest";
import type { Ids } from "../../src/engine/ports/clock.ts";

/** What every `Ids` promises. */
export function idsConformance(name: string, open: () => Ids): void {
  describe(`${name} keeps the promises of ids`, () => {
    test("gives UUIDs of version 7, each greater than the one before", () => {
      const ids = open();
      const issued = Array.from({ length: 20_000 }, () => ids.next());
      const malformed = issued.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u.test(id));
      const notGreater = issued.filter((id, place) => id <= (issued[place - 1] ?? ""));
      expect({ malformed, notGreater }).toEqual({ malformed: [], notGreater: [] });
    });

    test("gives secrets of 256 bits in base64url, never the same twice", () => {
      const ids = open();
      const secrets = Array.from({ length: 1_000 }, () => ids.secret());
      expect(secrets.every((secret) => /^[\w-]{43}$/u.test(secret))).toBe(true);
      expect(new Set(secrets).size).toBe(1_000);
    });
  });
}
