import { createHash } from "node:crypto";
import { Client, Pool } from "pg";
import type { ClientBase, QueryResult } from "pg";
import type { EngineLog } from "./engine-log.ts";

/**
 * The durable engine sends the same few texts again and again, each planned anew. Under a name the server keeps the plan
 * for the connection. Texts that hold their values (a limit, a list) would be endless, so only the first ones are named.
 */
const maxNames = 200;
const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= maxNames) return undefined;
  const name = `dbos_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`;
  names.set(text, name);
  return name;
}

type AnyQuery = (...given: readonly unknown[]) => Promise<QueryResult>;

/** A text with values gets its name; everything else (BEGIN, a callback, a stream) goes on as it came. */
const named =
  (query: AnyQuery): AnyQuery =>
  (...given) => {
    const [text, values] = given;
    const name = given.length === 2 && typeof text === "string" && Array.isArray(values) ? nameOf(text) : undefined;
    return name === undefined ? query(...given) : query({ name, text, values });
  };

class PreparedClient extends Client {
  constructor(...settings: ConstructorParameters<typeof Client>) {
    super(...settings);
    this.query = named(super.query.bind(this) as AnyQuery) as typeof this.query; // the same function, names added
  }
}

const maxConnections = 10;
const idleInTransactionMs = 60_000;

/** The engine's own connections; ended by whoever made them, after the engine. */
export function enginePool(appUrl: string, log: EngineLog): Pool {
  const pool = new Pool({
    connectionString: appUrl,
    Client: PreparedClient,
    max: maxConnections,
    application_name: "xvc jobs",
    idle_in_transaction_session_timeout: idleInTransactionMs,
  });
  pool.on("error", (error) => log("warn", error.message)); // without a listener Node would end
  return pool;
}

/** The same for a connection that somebody else owns. */
export const preparing = (client: ClientBase): ClientBase => ({ query: named(client.query.bind(client) as AnyQuery) }) as ClientBase; // the engine's enqueue calls `query` alone
