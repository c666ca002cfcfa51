import type { EventDelta } from "../../contract/event-contract.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { compareCursor } from "../../engine/memory/compare-cursor.ts";
import { type EventFeed, deltaOf } from "./event-feed.ts";
import type { LiveWord } from "../../engine/execution/live-words.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import type { Membership } from "./membership.ts";
import { reading } from "./references.ts";

const pageSize = 500;
/** Pages a returning client is caught up with; one that missed more starts anew and is told so. */
const maxCatchUpPages = 40;
/** Deltas kept while a client is caught up; beyond it the client comes again with what it has. */
const maxEarly = 20_000;
/** Bytes waiting for a slow client before its stream is ended; it comes again with its cursor. */
const maxWaitingBytes = 1024 * 1024;

/** A stream and the credential it lives by. */
export interface OpenStream {
  readonly credential: string;
  readonly end: () => void;
}

/**
 * `GET /events`: the member's deltas as server-sent events. Each carries its cursor as id, so a client that comes
 * back with `Last-Event-ID` misses nothing and sees nothing twice; `event: reset` tells it that it missed too much.
 */
export function eventStream(
  use: HttpDependencies,
  feed: EventFeed,
  about: {
    readonly member: Member;
    readonly lastEventId: string | undefined;
    readonly opened: Set<OpenStream>;
    readonly membership: Membership;
  },
): Response {
  const { member, lastEventId, opened, membership } = about;
  if (lastEventId !== undefined && !/^\d{1,19}-\d{1,19}$/u.test(lastEventId))
    throw new Failure("invalid", "http.cursor-invalid", { message: "Last-Event-ID is not one that this stream gave." });
  let finish = (_cancelled?: boolean): void => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const stream = sender(use, member, controller);
        let leave = (): void => {};
        const entry: OpenStream = { credential: member.credential, end: () => finish() };
        finish = (cancelled = false) => {
          leave();
          opened.delete(entry);
          stream.close(cancelled);
        };
        stream.onOverflow = () => finish();
        opened.add(entry);
        void begin(use, feed, { member, lastEventId, stream, membership, finish: () => finish() }).then((left) => {
          leave = left;
          if (stream.closed()) left();
        });
      },
      cancel: () => finish(true),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 64 * 1024 }),
  );
  return new Response(body, { headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" } });
}

interface Sender {
  send(text: string): void;
  delta(delta: EventDelta): void;
  /** What a model says right now: it has no id, is never caught up, and is left out for a client that is slow. */
  word(word: LiveWord): void;
  close(cancelled: boolean): void;
  closed(): boolean;
  expired(): boolean;
  onOverflow: () => void;
}

const encoder = new TextEncoder();

function sender(use: HttpDependencies, member: Member, controller: ReadableStreamDefaultController<Uint8Array>): Sender {
  let closed = false;
  const stream: Sender = {
    onOverflow: () => {},
    send(text) {
      if (closed) return;
      controller.enqueue(encoder.encode(text));
      if ((controller.desiredSize ?? 0) < -maxWaitingBytes) stream.onOverflow();
    },
    delta: (delta) => stream.send(`id: ${delta.cursor}\nevent: delta\ndata: ${JSON.stringify(delta)}\n\n`),
    word({ organizationId: _organizationId, projectId: _projectId, ...said }) {
      if (!closed && (controller.desiredSize ?? 0) > 0) stream.send(`event: words\ndata: ${JSON.stringify(said)}\n\n`);
    },
    close(cancelled) {
      if (closed) return;
      closed = true;
      if (!cancelled) controller.close(); // a cancelled stream is closed already
    },
    closed: () => closed,
    expired: () => member.expiresAtMs !== null && member.expiresAtMs <= use.clock.nowMs(),
  };
  return stream;
}

/** Joins the feed first and catches up afterwards, so nothing falls between; what both bring is sent once. */
async function begin(
  use: HttpDependencies,
  feed: EventFeed,
  about: {
    readonly member: Member;
    readonly lastEventId: string | undefined;
    readonly stream: Sender;
    readonly membership: Membership;
    readonly finish: () => void;
  },
): Promise<() => void> {
  const { member, stream, finish, membership } = about;
  const early: EventDelta[] = [];
  let live = false;
  try {
    const { cursor, leave } = await feed.join(asId(member.organization.id), {
      projectIds: new Set(member.projects.map((project) => project.id)),
      hear: (delta) => (live ? stream.delta(delta) : early.length < maxEarly ? void early.push(delta) : finish()),
      beat: () => {
        if (stream.expired()) return finish();
        stream.send(": beat\n\n");
        // Another server may have removed the member or closed a project to them; this one learns of it by asking.
        if (!member.local) void isUnchanged(membership, member).then((same) => (same ? undefined : finish()), finish);
      },
      end: finish,
    });
    const sent = about.lastEventId === undefined ? cursor : await catchUp(use, member, { stream, from: about.lastEventId, head: cursor });
    stream.send(`${sent === null ? "" : `id: ${sent}\n`}event: ready\ndata: ${JSON.stringify({ cursor: sent })}\n\n`);
    for (const delta of early) if (sent === null || compareCursor(delta.cursor, sent) > 0) stream.delta(delta);
    live = true;
    const projectIds = new Set<string>(member.projects.map((project) => project.id));
    const silence = use.words?.listen((word) => {
      if (word.organizationId === member.organization.id && projectIds.has(word.projectId)) stream.word(word);
    });
    return () => {
      silence?.();
      leave();
    };
  } catch (error) {
    use.log({ level: "error", instance: use.ids.next(), method: "GET", path: "/events", status: 503, durationMs: 0, cause: error });
    finish();
    return () => {};
  }
}

async function isUnchanged(membership: Membership, member: Member): Promise<boolean> {
  const now = await membership.of({ organizationId: asId(member.organization.id), personId: asId(member.person.id) });
  const open = new Set(now.projects.map((project) => project.id));
  return member.projects.every((project) => open.has(project.id));
}

/** Sends what was missed. @returns the cursor reached */
async function catchUp(
  use: HttpDependencies,
  member: Member,
  from: { readonly stream: Sender; readonly from: string; readonly head: string | null },
): Promise<string | null> {
  let cursor = from.from;
  for (let page = 0; page < maxCatchUpPages && !from.stream.closed(); page++) {
    const events = await reading(use, member, (reader) => reader.events({ afterCursor: cursor, limit: pageSize }));
    for (const event of events) from.stream.delta(deltaOf(event));
    cursor = events.at(-1)?.cursor ?? cursor;
    if (events.length < pageSize) return cursor;
  }
  from.stream.send("event: reset\ndata: {}\n\n");
  return from.head !== null && compareCursor(from.head, cursor) > 0 ? from.head : cursor;
}
