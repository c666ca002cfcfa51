import type { EventDelta } from "../../contract/event-contract.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type OrganizationId, type ProjectId, asId } from "../../core/shared/ids.ts";
import type { Clock } from "../../engine/ports/clock.ts";
import type { CrashProbe } from "../../engine/ports/crash-point.ts";
import type { Engine } from "../../engine/engine.ts";
import type { StoredEvent } from "../../engine/ports/store.ts";

/** Somebody who is told of new facts. */
export interface FeedListener {
  readonly projectIds: ReadonlySet<string>;
  readonly hear: (delta: EventDelta) => void;
  /** Called every 15 s, whether or not something happened. */
  readonly beat: () => void;
  readonly end: () => void;
}

/**
 * New facts for all open streams: one reading per organization whenever something was committed, whatever the
 * number of streams. A lost hint costs at most one beat.
 */
export interface EventFeed {
  /** Joins at the present end of the log. @returns where that is (null: the log is empty), and how to leave */
  join(organizationId: OrganizationId, listener: FeedListener): Promise<{ readonly cursor: string | null; readonly leave: () => void }>;
  readonly streams: () => number;
  /** Ends every stream; clients come again by themselves. */
  close(): void;
}

interface Channel {
  readonly organizationId: OrganizationId;
  readonly listeners: Set<FeedListener>;
  cursor: string | null;
  reading: Promise<void> | null;
  again: boolean;
}

const pageSize = 500;
export const beatMs = 15_000;
const maxStreams = 10_000;

export function deltaOf(event: StoredEvent): EventDelta {
  const { cursor, projectId, subjectKind, subjectId, kind, data, atMs } = event;
  const said = data["requestId"];
  return {
    cursor,
    projectId,
    subjectKind,
    subjectId,
    requestId: typeof said === "string" ? said : subjectKind === "request" ? subjectId : null,
    kind,
    data,
    atMs,
  };
}

/** What the feed reads from, and whom it tells when a reading failed. */
export interface FeedDependencies {
  readonly engine: Pick<Engine, "read" | "onEvents">;
  readonly clock: Clock;
  readonly crash: CrashProbe;
  readonly onFailure: (error: unknown) => void;
}

export function eventFeed(use: FeedDependencies): EventFeed {
  const channels = new Map<string, Channel>();
  const stopped = new AbortController();
  const all = (): readonly FeedListener[] => [...channels.values()].flatMap((channel) => [...channel.listeners]);
  const wake = (): void => {
    for (const channel of channels.values()) pump(channel);
  };
  const pump = (channel: Channel): void => {
    if (channel.reading !== null) {
      channel.again = true;
      return;
    }
    channel.reading = readOn(use, channel)
      .catch(use.onFailure)
      .finally(() => {
        channel.reading = null;
        if (channel.again) {
          channel.again = false;
          pump(channel);
        }
      });
  };
  const unhook = use.engine.onEvents(wake);
  void beat(use.clock, stopped.signal, () => {
    for (const listener of all()) listener.beat();
    wake();
  });
  return {
    streams: () => all().length,
    async join(organizationId, listener) {
      if (all().length >= maxStreams)
        throw new Failure("exhausted", "http.too-many-streams", {
          message: "Too many pages are open on this server; close some or try again later.",
          retryAfterMs: beatMs,
        });
      const channel = channels.get(organizationId) ?? (await openChannel(use.engine, organizationId, listener.projectIds));
      const joined = channels.get(organizationId) ?? channel; // another stream may have opened it meanwhile
      channels.set(organizationId, joined);
      joined.listeners.add(listener);
      const leave = (): void => {
        joined.listeners.delete(listener);
        if (joined.listeners.size === 0) channels.delete(organizationId);
      };
      pump(joined);
      return { cursor: joined.cursor, leave };
    },
    close() {
      stopped.abort();
      unhook();
      for (const listener of all()) listener.end();
      channels.clear();
    },
  };
}

async function beat(clock: Clock, signal: AbortSignal, each: () => void): Promise<void> {
  while (!signal.aborted) {
    await clock.pause(beatMs, signal);
    if (!signal.aborted) each();
  }
}

async function openChannel(
  engine: Pick<Engine, "read">,
  organizationId: OrganizationId,
  projectIds: ReadonlySet<string>,
): Promise<Channel> {
  const scope = { organizationId, projectIds: [...projectIds].map((id) => asId<"project">(id)) };
  const [last] = await engine.read(scope, (reader) => reader.events({ newestFirst: true, limit: 1 }));
  return { organizationId, listeners: new Set(), cursor: last?.cursor ?? null, reading: null, again: false };
}

async function readOn({ engine, crash }: FeedDependencies, channel: Channel): Promise<void> {
  for (;;) {
    const projectIds = [...new Set([...channel.listeners].flatMap((listener) => [...listener.projectIds]))].map((id): ProjectId =>
      asId(id),
    );
    const { organizationId, cursor } = channel;
    const page = await engine.read({ organizationId, projectIds }, (reader) =>
      reader.events({ limit: pageSize, ...(cursor === null ? {} : { afterCursor: cursor }) }),
    );
    if (page.length > 0) crash("publish.before");
    for (const event of page) tell(channel, event);
    if (page.length > 0) crash("publish.after");
    channel.cursor = page.at(-1)?.cursor ?? channel.cursor;
    if (page.length < pageSize) return;
  }
}

/** Facts of a project go to those who may see it, facts of the organization to all of its people. */
function tell(channel: Channel, event: StoredEvent): void {
  const delta = deltaOf(event);
  for (const listener of channel.listeners) if (event.projectId === null || listener.projectIds.has(event.projectId)) listener.hear(delta);
}
