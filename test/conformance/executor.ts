import { beforeAll, describe, expect, test } from "vitest";
import type { AttemptContext, AttemptOutcome, Executor } from "../../src/engine/ports/executor.ts";
import type { ContentStore } from "../../src/engine/ports/content.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { sampleTask, sampleWorld } from "./sample-rows.ts";

/** An executor with the store that it keeps its outputs in. */
export interface ExecutorUnderTest {
  readonly executor: Executor;
  readonly content: ContentStore;
  /** Key of a task that it serves; its outputs are `one.md` and `two.json`. */
  readonly served: string;
  /** Key of a task that it does not serve; null: it serves every task. */
  readonly notServed: string | null;
  /** What it has laid out for itself and not removed. */
  leftBehind(): number;
}

const outputNames = ["one.md", "two.json"] as const;

/** One attempt of a task with this key. */
export function attemptContextOf(key: string): AttemptContext {
  let last = 0;
  const next = (): string => `00000000-0000-7000-8000-${String((last += 1)).padStart(12, "0")}`;
  const rows = sampleWorld(next, asId<"organization">(next()), asId<"project">(next()));
  const base = sampleTask({ id: rows.task.id, requestId: rows.request.id, planId: rows.plan.id }, { key });
  const task = { ...base, spec: { ...base.spec, task: key, outputs: outputNames } };
  return { request: rows.request, task, attempt: rows.attempt, inputs: [], upstream: [], nowMs: 1_000 };
}

const whole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** What every `Executor` promises. */
export function executorConformance(name: string, open: () => ExecutorUnderTest): void {
  describe(`${name} keeps the promises of an executor`, () => {
    let under: ExecutorUnderTest;
    beforeAll(() => {
      under = open();
    });
    const attempt = (key: string, signal = AbortSignal.timeout(5_000)): Promise<AttemptOutcome> =>
      under.executor.attempt(attemptContextOf(key), signal);

    test("says which tasks it serves, and why not", () => {
      expect(under.executor.serves(attemptContextOf(under.served).task)).toEqual({ ok: true });
      if (under.notServed === null) return;
      const refused = under.executor.serves(attemptContextOf(under.notServed).task);
      expect(refused).toMatchObject({ ok: false });
      expect("reason" in refused ? refused.reason.length : 0).toBeGreaterThan(10);
    });

    test("hands in exactly the outputs that the plan names, kept as content before it answers", async () => {
      const outcome = await attempt(under.served);
      expect(outcome.kind).toBe("submitted");
      if (outcome.kind !== "submitted") return;
      expect(outcome.outputs.map((output) => output.name)).toEqual(outputNames);
      for (const output of outcome.outputs) {
        expect((await under.content.read(output.sha256)).byteLength).toBe(output.bytes);
        expect(output.mediaType).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/u);
      }
      expect(JSON.parse(new TextDecoder().decode(await under.content.read(outcome.outputs[1]?.sha256 ?? asId<"sha256">(""))))).toBeTypeOf(
        "object",
      );
      expect(whole(outcome.costMicro)).toBe(true);
      expect(outcome.durationMs === undefined || whole(outcome.durationMs)).toBe(true);
    });

    test("makes the same bytes of the same input, since a lost attempt is simply run again", async () => {
      expect(await attempt(under.served)).toEqual(await attempt(under.served));
    });

    test("ends a task that it does not serve as failed, for good, and changes nothing", async () => {
      if (under.notServed === null) return;
      expect(await attempt(under.notServed)).toMatchObject({ kind: "failed", retryable: false, costMicro: 0 });
    });

    test("ends when it is stopped, and leaves nothing behind", async () => {
      const stopped = await attempt(under.served, AbortSignal.abort(new Error("stopped"))).then(
        (outcome) => outcome.kind,
        () => "threw",
      );
      expect(["submitted", "failed", "threw"]).toContain(stopped);
      expect(under.leftBehind()).toBe(0);
    });
  });
}
