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
    const item = codexItem(line);
    if (item === null) return;
    hooks.told(item.said ?? item.begun);
    if (item.said === null) return;
    if (opening === "") opening = item.said;
    summary = item.said;
  });
  return {
    take: (bytes) => void lines(bytes),
    end: () => ({ summary: summary.slice(-agentLimits.summaryChars), opening: opening.slice(0, agentLimits.summaryChars) }),
  };
}

/** What one line tells: something said, or something begun; null: neither. */
function codexItem(line: string): { readonly said: string | null; readonly begun: string } | null {
  const event = objectOf(line);
  const item = partOf(event?.["item"]);
  const kind = event?.["type"];
  if (item === null) return null;
  const { type, text, command } = item;
  if (kind === "item.completed" && type === "agent_message" && typeof text === "string") return { said: text, begun: "" };
  if (kind !== "item.started") return null;
  return { said: null, begun: [type, command].filter((one) => typeof one === "string").join(": ") };
}

const partOf = (value: unknown): JsonObject | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null; // a part of a JSON object

function objectOf(line: string): JsonObject | null {
  try {
    return partOf(JSON.parse(line));
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
