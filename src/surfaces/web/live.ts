/**
 * The one live stream of the tab. A delta says which rows changed; the queries over them are read again, in batches.
 * While the stream is down the page says so. The browser resumes with `Last-Event-ID`; after a refusal we open it again with the last cursor.
 */
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { EventDelta } from "../../contract/event-contract.ts";
import type { ProgressDocument } from "../../contract/progress-contract.ts";
import { hearWords } from "./live-words.ts";
import { meQuery } from "./queries.ts";

/** Deltas that arrive within this time are answered by one reading. */
const batchMs = 150;
/** In a storm of deltas the lists are read again once in this time; the document being looked at follows every batch. */
const listsMs = 800;
/** A gap shorter than this is not worth a banner. */
const patienceMs = 1_500;
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;
/** Requests named in one batch; beyond it everything is read again. */
const maxNamed = 200;

export type Connection = "connecting" | "live" | "lost";

let connection: Connection = "connecting";
const watchers = new Set<() => void>();

function become(next: Connection): void {
  if (next === connection) return;
  connection = next;
  for (const told of watchers) told();
}

const watch = (changed: () => void): (() => void) => {
  watchers.add(changed);
  return () => watchers.delete(changed);
};

export const useConnection = (): Connection => useSyncExternalStore(watch, () => connection);

/** What a batch of deltas changed. */
interface Touched {
  readonly requests: ReadonlySet<string>;
  readonly subjects: ReadonlySet<string>;
  readonly organization: boolean;
  /** Something that lists show changed, not only the inside of an attempt or review. */
  readonly listed: boolean;
}

/** What happens within these is told on the page of the request; no list shows it before its task or request moves. */
const unlisted: ReadonlySet<string> = new Set(["attempt", "review", "effect"]);

const lists: ReadonlySet<string> = new Set(["requests", "inbox", "tasks", "changes", "decisions", "recurrences"]);
const documents: ReadonlySet<string> = new Set(["request", "item", "task", "comments", "serves", "marks", "turns"]);
const organizationLists: ReadonlySet<string> = new Set([
  "views",
  "me",
  "playbooks",
  "personas",
  "people",
  "staff",
  "persona",
  "divisions",
  "policies",
  "halts",
  "providers",
  "objectives",
  "principles",
  "entities",
  "entity",
  "entity-types",
  "epics",
  "epic",
  "sprints",
  "sprint",
]);

const isLive = (name: string): boolean => lists.has(name) || documents.has(name) || organizationLists.has(name);

interface Batch {
  readonly requests: Set<string>;
  readonly subjects: Set<string>;
  organization: boolean;
  listed: boolean;
}

const emptyBatch = (): Batch => ({ requests: new Set(), subjects: new Set(), organization: false, listed: false });

/** Whether a query shows what the batch changed. Keys are those of `queries.ts`. */
export function isTouched(queryKey: readonly unknown[], requestId: string | undefined, batch: Touched): boolean {
  const name = String(queryKey[0]);
  if (organizationLists.has(name)) return batch.organization;
  if (batch.requests.size === 0) return false;
  if (lists.has(name)) return batch.listed;
  // A document that is not there yet may be any of them.
  return documents.has(name) && (requestId === undefined || batch.requests.has(requestId) || batch.subjects.has(String(queryKey[1])));
}

/** The request a cached document belongs to; sub-pages of a request find it through the request's own entry. */
function requestShown(client: QueryClient, queryKey: readonly unknown[]): string | undefined {
  if (queryKey[0] === "request") return client.getQueryData<ProgressDocument>(["request", queryKey[1]])?.summary.id;
  return client.getQueryData<{ readonly requestId?: string }>(queryKey)?.requestId;
}

/** Opens the stream and keeps it open; returns the way to stop. */
export function startLive(client: QueryClient): () => void {
  const live = new LiveStream(client);
  return () => live[Symbol.dispose]();
}

class LiveStream {
  readonly #client: QueryClient;
  #source: EventSource | undefined;
  #batch = emptyBatch();
  #batchTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #lostTimer: ReturnType<typeof setTimeout> | undefined;
  #retryMs = firstRetryMs;
  #listsTimer: ReturnType<typeof setTimeout> | undefined;
  #listsAtMs = 0;
  #cursor = "";
  #wasLost = false;
  #hasBegun = false;

  constructor(client: QueryClient) {
    this.#client = client;
    this.#open();
  }

  [Symbol.dispose](): void {
    this.#source?.close();
    clearTimeout(this.#batchTimer);
    clearTimeout(this.#listsTimer);
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#lostTimer);
    become("connecting");
  }

  #open(): void {
    const source = new EventSource(this.#cursor === "" ? "/events" : `/events?after=${encodeURIComponent(this.#cursor)}`);
    this.#source = source;
    source.addEventListener("open", () => this.#opened());
    source.addEventListener("ready", () => this.#begun());
    source.addEventListener("error", () => this.#failed(source));
    source.addEventListener("message", (event: MessageEvent<string>) => this.#take(event.data));
    source.addEventListener("words", (event: MessageEvent<string>) => hearWords(event.data));
    source.addEventListener("delta", (event: MessageEvent<string>) => this.#take(event.data));
  }

  #opened(): void {
    this.#retryMs = firstRetryMs;
    clearTimeout(this.#lostTimer);
    this.#lostTimer = undefined;
    become("live");
    // The cursor replays what was missed; reading again also covers a server that lost its log position.
    if (this.#wasLost) void this.#client.invalidateQueries();
    this.#wasLost = false;
  }

  /** What changed between the first readings of the page and the place where the stream began is told by nobody: read it once more. */
  #begun(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    void this.#client.invalidateQueries({ predicate: ({ queryKey }) => isLive(String(queryKey[0])) });
  }

  #failed(source: EventSource): void {
    this.#wasLost = true;
    this.#lostTimer ??= setTimeout(() => become("lost"), patienceMs);
    if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    // Refused: perhaps the session ended. Who is signed in says so, and the frame then ends this stream.
    void this.#client.invalidateQueries({ queryKey: meQuery.queryKey });
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#open(), this.#retryMs);
    this.#retryMs = Math.min(longestRetryMs, this.#retryMs * 2);
  }

  #take(text: string): void {
    const delta = readDelta(text);
    if (delta === undefined) return;
    this.#cursor = delta.cursor;
    if (delta.requestId === null) this.#batch.organization = true;
    else this.#batch.requests.add(delta.requestId);
    this.#batch.subjects.add(delta.subjectId);
    this.#batch.listed ||= !unlisted.has(delta.subjectKind);
    this.#batchTimer ??= setTimeout(() => this.#settle(), batchMs);
  }

  /** The lists wait for the end of their time, then show everything that came meanwhile. */
  #readListsLater({ requests }: Batch): void {
    const [some] = requests;
    if (some === undefined) return;
    this.#listsTimer ??= setTimeout(
      () => {
        this.#listsTimer = undefined;
        this.#listsAtMs = Date.now();
        void this.#client.invalidateQueries({ predicate: ({ queryKey }) => lists.has(String(queryKey[0])) });
      },
      this.#listsAtMs + listsMs - Date.now(),
    );
  }

  #settle(): void {
    const batch = this.#batch;
    this.#batch = emptyBatch();
    this.#batchTimer = undefined;
    const isEarly = Date.now() - this.#listsAtMs < listsMs;
    if (batch.listed && !isEarly) this.#listsAtMs = Date.now();
    if (batch.listed && isEarly) this.#readListsLater(batch);
    batch.listed &&= !isEarly;
    if (batch.requests.size > maxNamed) {
      void this.#client.invalidateQueries();
      return;
    }
    void this.#client.invalidateQueries({ predicate: ({ queryKey }) => isTouched(queryKey, requestShown(this.#client, queryKey), batch) });
  }
}

/** A heartbeat or a text we do not know is no delta. */
function readDelta(text: string): EventDelta | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "cursor" in value && "subjectId" in value ? (value as EventDelta) : undefined; // named fields were looked at
  } catch {
    // Not JSON: a comment or heartbeat of a proxy.
    return undefined;
  }
}
