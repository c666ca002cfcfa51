import type { Socket } from "node:net";
import { nextTick } from "node:process";
import { DatabaseError } from "pg";
import type { Pool, PoolClient, QueryResult } from "pg";
import { Failure } from "../../core/shared/failure.ts";
import { commitFailure, storeFailure } from "./postgres-failure.ts";
import type { Statement } from "./sql.ts";
import { transactionTimeoutMs } from "./transaction-limit.ts";

/** Rows as the driver gives them. */
export type Row = { readonly [column: string]: unknown };

/**
 * One transaction on one connection. Statements are sent at once and answered in order, so callers that do not
 * need an answer for the next statement do not pay a round trip for it. Whatever was sent is awaited before COMMIT.
 */
export interface Session {
  readonly client: PoolClient;
  /** @throws {Failure} `store.*`; after the first failed statement every other one fails with the same failure */
  run(statement: Statement): Promise<QueryResult<Row>>;
  /** Joins work on this connection that is not a statement of ours: COMMIT waits for it, and its failure prevents it. */
  join<Result>(work: Promise<Result>): Promise<Result>;
}

const abortedTransaction = "25P02";

class OpenSession implements Session {
  readonly client: PoolClient;
  #closed = false;
  #gathering = false;
  #firstFailure: Failure | null = null;
  readonly #startedMs = performance.now();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #onLost = (error: Error): void => {
    this.#firstFailure ??= storeFailure(error);
  };

  constructor(client: PoolClient) {
    this.client = client;
    // The pool listens only while a connection is idle; without this a server stop would end the process.
    client.on("error", this.#onLost);
  }

  run({ text, values, name }: Statement): Promise<QueryResult<Row>> {
    if (this.#closed) throw closed();
    const config = { text, values: [...values], ...(name === undefined ? {} : { name }) };
    this.#gather();
    return this.join(this.client.query<Row>(config));
  }

  /** What is sent before anything is waited for leaves in one write: half of a command's processor time went into writes. */
  #gather(): void {
    if (this.#gathering) return;
    const { stream } = (this.client as unknown as { readonly connection: { readonly stream: Socket } }).connection; // `pg` does not type its socket
    this.#gathering = true;
    stream.cork();
    nextTick(() => {
      this.#gathering = false;
      stream.uncork();
    });
  }

  join<Result>(work: Promise<Result>): Promise<Result> {
    if (this.#closed) throw closed();
    const guarded = work.catch((error: unknown) => {
      throw this.#translate(error);
    });
    this.#pending.add(guarded);
    // The caller has the promise; this one only forgets it.
    guarded.finally(() => this.#pending.delete(guarded)).catch(() => undefined);
    return guarded;
  }

  /** Answers to the statements behind a failed one say only that the transaction is over: tell the reason instead. */
  #translate(error: unknown): Failure {
    if (error instanceof DatabaseError && error.code === abortedTransaction && this.#firstFailure !== null) return this.#firstFailure;
    const failure = storeFailure(error);
    this.#firstFailure ??= failure;
    return failure;
  }

  /** Waits for everything sent. Work may have sent more while we waited, hence the loop. */
  async settle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
  }

  /** @throws {Failure} the first failed statement, also one whose failure the work swallowed */
  async commit(longestMs: number): Promise<void> {
    await this.settle();
    if (this.#firstFailure !== null) throw this.#firstFailure;
    if (performance.now() - this.#startedMs > longestMs) throw tooLong(longestMs);
    this.#closed = true;
    const { command } = await this.client.query("commit").catch((error: unknown) => {
      throw commitFailure(error);
    });
    // COMMIT of an aborted transaction answers ROLLBACK, without an error.
    if (command !== "COMMIT")
      throw new Failure("bug", "store.commit-refused", { message: "The database rolled back instead of committing. Nothing was stored." });
    this.#release(false);
  }

  /** Leaves nothing behind. A connection that cannot even roll back is thrown away, which rolls back as well. */
  async abandon(): Promise<void> {
    this.#closed = true;
    await this.settle();
    const broken = await this.client.query("rollback").then(
      () => false,
      () => true,
    );
    this.#release(broken);
  }

  #release(broken: boolean): void {
    this.client.removeListener("error", this.#onLost);
    this.client.release(broken);
  }
}

export interface SessionPlan {
  readonly begin: string;
  readonly context: Statement;
  readonly beforeCommit?: () => void;
  /** A transaction that took longer is rolled back instead. */
  readonly longestMs?: number;
}

/**
 * Runs `work` between BEGIN and COMMIT. BEGIN, the context and the first statement of the work share one round trip.
 *
 * @throws {Failure} `store.*`, or what `work` threw
 */
export async function inSession<Result>(pool: Pool, plan: SessionPlan, work: (session: Session) => Promise<Result>): Promise<Result> {
  const client = await pool.connect().catch((error: unknown) => {
    throw storeFailure(error);
  });
  const session = new OpenSession(client);
  try {
    session.run({ text: plan.begin, values: [] }).catch(() => undefined); // kept as the session's first failure
    session.run(plan.context).catch(() => undefined); // as above
    const result = await work(session);
    await session.settle();
    plan.beforeCommit?.();
    await session.commit(plan.longestMs ?? transactionTimeoutMs);
    return result;
  } catch (error) {
    await session.abandon();
    throw error;
  }
}

const tooLong = (longestMs: number): Failure =>
  new Failure("unavailable", "store.transaction-too-long", {
    message: `A transaction took longer than ${longestMs / 1_000} s and was rolled back: nothing was stored. Try again; if it stays, run "xvc doctor".`,
  });

function closed(): Failure {
  return new Failure("bug", "store.transaction-closed", {
    message: "A transaction was used after its end. Await every call inside the work given to the store.",
  });
}
