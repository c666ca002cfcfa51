import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { Failure } from "../../src/core/shared/failure.ts";
import type { JsonObject } from "../../src/core/shared/json.ts";
import type { Tool } from "../../src/engine/ports/executor.ts";
import type { ReceiverEntry } from "../../verify/world.ts";

/** Lines of JSON that survive the death of the process that wrote them; a half-written last line is none. */
export function readLines<Line>(path: string): readonly Line[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line); // written by `addLine` of this harness
}

export const addLine = (path: string, line: unknown): void => {
  appendFileSync(path, `${JSON.stringify(line)}\n`);
};

/** Four tools, one of each class. The receiver's log is a file of its own: it outlives the caller and knows nothing of the ledger. */
export function fileReceivers(path: string): readonly Tool[] {
  const tool = (name: string, deliveryClass: Tool["deliveryClass"], effectKind: string): Tool => {
    const applied = (effectKey: string): boolean =>
      readLines<ReceiverEntry>(path).some((entry) => entry.tool === name && entry.effectKey === effectKey && entry.outcome === "applied");
    const receipt = (effectKey: string): JsonObject => ({ receipt: `${name}:${effectKey.slice(0, 8)}` });
    return {
      name,
      deliveryClass,
      effectKind,
      async call(effectKey, _, signal) {
        await Promise.resolve();
        if (signal.aborted) throw new Failure("unavailable", "tool.unreachable", { message: `${name} was not reached in time.` });
        const repeat = deliveryClass === "keyed" && applied(effectKey);
        addLine(path, { tool: name, deliveryClass, effectKey, outcome: repeat ? "repeat" : "applied" } satisfies ReceiverEntry);
        return receipt(effectKey);
      },
      ...(deliveryClass === "queryable"
        ? { query: (effectKey: string) => Promise.resolve(applied(effectKey) ? receipt(effectKey) : undefined) }
        : {}),
    };
  };
  return [
    tool("crash-reader", "pure", "read"),
    tool("crash-mailer", "keyed", "send"),
    tool("crash-shop", "queryable", "write_record"),
    tool("crash-courier", "once", "send"),
  ];
}
