import { beforeAll, describe, expect, test } from "vitest";
import { Failure } from "../../src/core/shared/failure.ts";
import type { Tool } from "../../src/engine/ports/executor.ts";

/** A tool with a look at what its receiver really did. */
export interface ToolUnderTest {
  readonly tool: Tool;
  /** How often the receiver acted on this key. */
  applied(effectKey: string): number;
}

const classes = ["pure", "keyed", "queryable", "once"];
const inTime = (): AbortSignal => AbortSignal.timeout(5_000);
const key = (digit: string): string => digit.repeat(64);

/** What every `Tool` promises; the ledger builds on its class alone. */
export function toolConformance(name: string, open: () => ToolUnderTest): void {
  describe(`${name} keeps the promises of a tool`, () => {
    let under: ToolUnderTest;
    beforeAll(() => {
      under = open();
    });

    test("names its class and what it can do", () => {
      expect(classes).toContain(under.tool.deliveryClass);
      expect(under.tool.effectKind).toMatch(/^[a-z_]+$/u);
    });

    test("answers with JSON, and the receiver has acted by then", async () => {
      const result = await under.tool.call(key("a"), { note: "x" }, inTime());
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      expect(under.applied(key("a"))).toBe(1);
    });

    test("sends nothing after its deadline, and says that it was not reached", async () => {
      const failure = await under.tool.call(key("b"), {}, AbortSignal.abort()).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure instanceof Failure ? failure.kind : failure).toBe("unavailable");
      expect(under.applied(key("b"))).toBe(0);
    });

    test("keyed: the receiver drops a repeat of a key and answers as before", async () => {
      if (under.tool.deliveryClass !== "keyed") return;
      const first = await under.tool.call(key("c"), { note: "x" }, inTime());
      expect(await under.tool.call(key("c"), { note: "x" }, inTime())).toEqual(first);
      expect(under.applied(key("c"))).toBe(1);
    });

    test("queryable, and no other: the receiver tells whether it acted on a key", async () => {
      const asked = Object.hasOwn(under.tool, "query");
      expect(asked).toBe(under.tool.deliveryClass === "queryable");
      if (!asked) return;
      expect(await under.tool.query?.(key("d"))).toBeUndefined();
      const result = await under.tool.call(key("d"), { note: "x" }, inTime());
      expect(await under.tool.query?.(key("d"))).toEqual(result);
    });
  });
}
