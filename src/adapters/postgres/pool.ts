import { Pool, types } from "pg";
import type { CustomTypesConfig } from "pg";
import { Failure } from "../../core/shared/failure.ts";
import { clientConfig } from "./database-url.ts";
import { transactionTimeoutMs } from "./transaction-limit.ts";

export interface PoolOptions {
  readonly url: string;
  /** Shown in `pg_stat_activity`; begins with `xvc`. */
  readonly applicationName: string;
  /** At most this many connections; a further caller waits for `connectTimeoutMs`. */
  readonly maxConnections?: number;
  readonly connectTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  /** How long a transaction may do nothing before the server ends its connection, and with it its locks. */
  readonly idleInTransactionTimeoutMs?: number;
  /** How long a transaction may last, as far as the server knows such a limit: PostgreSQL 17 and newer. */
  readonly transactionTimeoutMs?: number;
  readonly idleConnectionMs?: number;
  /** Sends statements without waiting for the answers before them. Only for callers that await all before COMMIT. */
  readonly pipeline?: boolean;
  /** Hears of idle connections that were lost (server stopped, network gone). The pool replaces them by itself. */
  readonly onLost: (error: Error) => void;
}

const limitTransactions = "select set_config(name, $1, false) from pg_settings where name = 'transaction_timeout'";

const int8Oid = 20;
const dateOid = 1082;

/**
 * A pool whose parsers are its own: a global parser would also change what the durable engine reads.
 * `int8` is a number, `date` a text `YYYY-MM-DD` (`pg` would make it local midnight); `numeric` stays a text.
 * A value beyond 2^53 rejects the query with `database.integer-unsafe` instead of losing digits.
 */
export function createPool(options: PoolOptions): Pool {
  const pool = new Pool({
    ...clientConfig(options.url, {
      applicationName: options.applicationName,
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      statementTimeoutMs: options.statementTimeoutMs ?? 30_000,
    }),
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 60_000,
    idleTimeoutMillis: options.idleConnectionMs ?? 30_000,
    max: options.maxConnections ?? 10,
    pipeline: options.pipeline ?? false,
    types: poolTypes,
    // Not at the start of the connection: an older server has no such setting and would refuse it.
    onConnect: (client): unknown => client.query(limitTransactions, [String(options.transactionTimeoutMs ?? transactionTimeoutMs)]), // waited for, which its type leaves out
  });
  // Without this listener Node ends the process (57P01) whenever the server stops.
  pool.on("error", options.onLost);
  return pool;
}

type Parser = (text: string) => unknown;

/** For a single client that must read as the pool does. */
export const poolTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary"): Parser => {
    if (format !== "binary" && oid === int8Oid) return safeInteger;
    if (format !== "binary" && oid === dateOid) return (text) => text;
    return types.getTypeParser(oid, format ?? "text") as Parser; // typed by `pg` as `any`
    // `pg` types this function by overloads per oid, which one implementation cannot repeat.
  }) as CustomTypesConfig["getTypeParser"],
};

/** @throws {Failure} `database.integer-unsafe` */
export function safeInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new Failure("bug", "database.integer-unsafe", {
    value: text,
    message: `The database returned ${text}, which a number cannot hold exactly. Select it as text.`,
  });
}
