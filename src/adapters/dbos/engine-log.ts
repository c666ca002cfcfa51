import type { DLogger } from "@dbos-inc/dbos-sdk";

/** Where the durable engine's own words go. */
export type EngineLog = (level: "info" | "warn" | "error", text: string) => void;

/** Without this the engine writes to the console, with its own format. */
export const engineLogger = (log: EngineLog): DLogger => ({
  debug: () => {},
  info: (entry) => log("info", textOf(entry)),
  warn: (entry) => log("warn", textOf(entry)),
  error: (entry) => log("error", textOf(entry)),
});

function textOf(entry: unknown): string {
  if (entry instanceof Error) return entry.message;
  return typeof entry === "string" ? entry : JSON.stringify(entry);
}
