import { type DeclaredCommand, agentLimits, summaryOf } from "../../core/gate/agent.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { AgentEnd, AgentHooks } from "../../engine/ports/agent.ts";

/** Reads what a program says on its own, without being talked with. */
export interface ExecReader {
  take(bytes: Uint8Array): void;
  end(): AgentEnd;
}

/** The end of the output that a summary is looked for in, and the longest line that is looked at. */
const keptChars = 1_000_000;

/** Any program: its output as it was declared. */
export function declaredReader(output: DeclaredCommand["output"], hooks: Pick<AgentHooks, "told">): ExecReader {
  let kept = "";
  const lines = lineReader((line) => hooks.told(line));
  return {
    take(bytes) {
      const text = lines(bytes);
      kept = (kept + text).slice(-keptChars);
    },
    end: () => ({ summary: summaryOf(kept, output), opening: "" }),
  };
}

/** `codex exec --json`: a line for each thing that began or ended. */
export function codexReader(hooks: Pick<AgentHooks, "told">): ExecReader {
  let opening = "";
  let summary = "";
  const lines = lineReader((line) => {
    const event = objectOf(line);
    const item = event?.["type"] === "item.completed" || event?.["type"] === "item.started" ? event["item"] : null;
    if (typeof item !== "object" || item === null || Array.isArray(item)) return;
    const { type, text, command } = item as JsonObject; // a part of a JSON object
    if (type === "agent_message" && typeof text === "string") {
      if (opening === "") opening = text;
      summary = text;
      hooks.told(text);
    } else if (event?.["type"] === "item.started") hooks.told(`${String(type)}${typeof command === "string" ? `: ${command}` : ""}`);
  });
  return {
    take: (bytes) => void lines(bytes),
    end: () => ({ summary: summary.slice(-agentLimits.summaryChars), opening: opening.slice(0, agentLimits.summaryChars) }),
  };
}

function objectOf(line: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null; // JSON by the line above
  } catch {
    return null;
  }
}

function lineReader(seen: (line: string) => void): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder();
  let rest = "";
  return (bytes) => {
    const text = decoder.decode(bytes, { stream: true });
    const lines = (rest + text).split("\n");
    rest = (lines.pop() ?? "").slice(-keptChars);
    for (const line of lines) if (line.trim() !== "") seen(line);
    return text;
  };
}
