import { Failure } from "../../src/core/shared/failure.ts";
import type { JsonObject } from "../../src/core/shared/json.ts";
import type { Rng } from "../../src/engine/ports/clock.ts";
import type { Tool } from "../../src/engine/ports/executor.ts";
import type { ReceiverEntry } from "../../verify/world.ts";
import { likely } from "./random-playbook.ts";

export interface ReceiverFaults {
  /** The call is lost on its way: nothing happened, and the caller cannot know. */
  readonly lostCall: number;
  /** The receiver acted, and its answer is lost. */
  readonly lostAnswer: number;
  /** The receiver says no. */
  readonly refusal: number;
}

export interface Receivers {
  readonly tools: readonly Tool[];
  /** What the receivers wrote down themselves, in order. */
  readonly log: readonly ReceiverEntry[];
}

const unreachable = (tool: string): Failure => new Failure("unavailable", "tool.unreachable", { message: `${tool} did not answer.` });

/** Four tools, one of each class, each with a receiver that keeps its own log and knows nothing of the ledger. */
export function createReceivers(rng: Rng, faults: () => ReceiverFaults, ready: () => Promise<void>): Receivers {
  const log: ReceiverEntry[] = [];
  const known = new Map<string, JsonObject>();

  const tool = (name: string, deliveryClass: Tool["deliveryClass"], effectKind: string): Tool => {
    const write = (effectKey: string, outcome: ReceiverEntry["outcome"]): void =>
      void log.push({ tool: name, deliveryClass, effectKey, outcome });
    return {
      name,
      deliveryClass,
      effectKind,
      async call(effectKey, argumentsOf, signal) {
        await ready();
        const now = faults();
        if (signal.aborted) throw unreachable(name); // the deadline is hard: nothing leaves after it
        if (likely(rng, now.lostCall)) throw unreachable(name);
        const before = known.get(`${name}/${effectKey}`);
        if (before !== undefined && deliveryClass === "keyed") {
          write(effectKey, "repeat");
          return before;
        }
        if (before === undefined && likely(rng, now.refusal)) {
          write(effectKey, "refused");
          throw new Failure("invalid", "tool.refused", { message: `${name} said no.` });
        }
        const result = { receipt: `${name}-${String(log.length + 1)}`, of: argumentsOf["note"] ?? null };
        known.set(`${name}/${effectKey}`, result);
        write(effectKey, "applied");
        await ready();
        if (likely(rng, now.lostAnswer)) throw unreachable(name);
        return result;
      },
      ...(deliveryClass === "queryable"
        ? {
            query: async (effectKey: string) => {
              await ready();
              return known.get(`${name}/${effectKey}`);
            },
          }
        : {}),
    };
  };
  return {
    log,
    tools: [
      tool("reader", "pure", "read"),
      tool("mailer", "keyed", "send"),
      tool("shop", "queryable", "write_record"),
      tool("courier", "once", "send"),
    ],
  };
}
