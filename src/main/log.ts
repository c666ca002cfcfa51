import { createWriteStream, mkdirSync } from "node:fs";
import path from "node:path";
import { pino } from "pino";

/** Structured log lines. Never carries a body, a token, a cookie or a secret. */
export interface Log {
  info(text: string, fields?: object): void;
  warn(text: string, fields?: object): void;
  error(text: string, fields?: object): void;
}

/** Writes JSON lines to a file that only this user can read; `xvc logs` shows it. */
export function fileLog(file: string): Log {
  mkdirSync(path.dirname(file), { recursive: true });
  const stream = createWriteStream(file, { flags: "a", mode: 0o600 });
  const logger = pino(
    {
      base: { pid: process.pid },
      redact: { paths: ["*.token", "*.secret", "*.password", "*.authorization", "*.cookie"], censor: "[redacted]" },
    },
    stream,
  );
  return {
    info: (text, fields = {}) => logger.info(fields, text),
    warn: (text, fields = {}) => logger.warn(fields, text),
    error: (text, fields = {}) => logger.error(fields, text),
  };
}

/** For programs that only compute. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
