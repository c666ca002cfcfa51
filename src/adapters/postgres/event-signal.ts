import { Client } from "pg";
import type { Pool } from "pg";
import { clientConfig } from "./database-url.ts";

/** Tells other processes, and hears from them, that there are new events. A hint: whoever hears it reads the table. */
export interface EventSignal {
  /** After a commit that wrote events. */
  announce(): void;
  /** Returns the way to stop. */
  listen(notify: () => void): () => void;
  close(): Promise<void>;
}

export interface EventSignalOptions {
  readonly pool: Pool;
  /** For the one connection that listens; opened with the first listener. */
  readonly listenUrl: string;
  readonly onLost: (error: Error) => void;
}

const channel = "xvc_events";

/**
 * NOTIFY inside the command's transaction would make every commit wait for the one before: the server takes one lock
 * for all notifying transactions, held over the flush to disk. So one small transaction per interval announces whatever
 * was committed meanwhile; it carries no payload, and its own loss in a crash costs a delay, not data.
 */
const announceEveryMs = 20;
const reconnectMinMs = 100;
const reconnectMaxMs = 5_000;

export function eventSignal(options: EventSignalOptions): EventSignal {
  const listeners = new Set<{ readonly notify: () => void }>();
  const tellAll = (): void => {
    for (const { notify } of listeners) notify();
  };
  const announcer = announcerOf(options);
  const ears = earsOf(options, tellAll);
  return {
    announce() {
      tellAll();
      announcer.announce();
    },
    listen(notify) {
      const listener = { notify };
      listeners.add(listener);
      ears.open();
      return () => void listeners.delete(listener);
    },
    async close() {
      listeners.clear();
      await Promise.all([announcer.close(), ears.close()]);
    },
  };
}

function announcerOf({ pool, onLost }: EventSignalOptions): { announce(): void; close(): Promise<void> } {
  let wanted = false;
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    while (wanted) {
      wanted = false;
      // Without a wait for the disk: a lost hint is none.
      await pool.query(`begin; set local synchronous_commit = off; notify ${channel}; commit`).catch(onLost);
      await new Promise((resolve) => void setTimeout(resolve, announceEveryMs).unref());
    }
    running = null;
  };
  return {
    announce() {
      wanted = true;
      running ??= run();
    },
    close: async () => {
      wanted = false;
      // The last interval is not worth waiting for, the statement before it is the pool's to finish.
      running = null;
    },
  };
}

function earsOf({ listenUrl, onLost }: EventSignalOptions, hear: () => void): { open(): void; close(): Promise<void> } {
  let state: "new" | "open" | "closed" = "new";
  let client: Client | null = null;
  let timer: NodeJS.Timeout | null = null;
  const connect = async (waitMs: number): Promise<void> => {
    const next = new Client(clientConfig(listenUrl, { applicationName: "xvc events" }));
    client = next;
    next.on("notification", hear);
    const retry = (error: Error): void => {
      next.removeAllListeners("end");
      if (state === "closed") return;
      onLost(error);
      timer = setTimeout(() => void connect(Math.min(waitMs * 2, reconnectMaxMs)), waitMs).unref();
    };
    next.on("error", () => undefined); // followed by "end", which reconnects
    try {
      await next.connect();
      await next.query(`listen ${channel}`);
    } catch (error) {
      await next.end().catch(() => undefined); // it never connected
      retry(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    next.once("end", () => retry(new Error("the connection that listens for events was lost")));
    hear(); // whatever was announced while nobody listened
  };
  return {
    open() {
      if (state !== "new") return;
      state = "open";
      void connect(reconnectMinMs);
    },
    async close() {
      state = "closed";
      if (timer !== null) clearTimeout(timer);
      await client?.end().catch(() => undefined); // lost already
    },
  };
}
