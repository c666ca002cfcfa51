import { type Channel, channelKind, maxChannels } from "../../core/oversight/channel.ts";
import { inertLine } from "../../core/oversight/compose-letter.ts";
import { type Notice, noticeKind } from "../../core/oversight/notice.ts";
import type { Person } from "../../core/oversight/person.ts";
import type { Reader } from "../ports/store.ts";

/** A channel as its owner sees it, without its secrets. */
export interface ChannelView {
  readonly id: string;
  readonly form: Channel["kind"];
  readonly name: string;
  readonly state: Channel["state"];
  readonly personId: string | null;
  readonly target: string;
  readonly topics: readonly string[];
  readonly pausedReason: string;
  readonly failures: number;
  readonly lastTest: Channel["lastTest"];
  readonly lastNotice: { readonly atMs: number; readonly state: Notice["state"]; readonly detail: string } | null;
  readonly mayChange: boolean;
}

/** One message with its delivery log. */
export interface NoticeView {
  readonly id: string;
  readonly channelId: string;
  readonly channelName: string;
  readonly topic: string;
  readonly state: Notice["state"];
  readonly title: string;
  readonly requestLabel: string | null;
  readonly itemId: string | null;
  readonly filedAtMs: number;
  readonly heldUntilMs: number | null;
  readonly tries: Notice["tries"];
  readonly mayReplay: boolean;
}

export const isSteward = (person: Person): boolean => person.roles.includes("administrator");

/** The channels a person may see: their own, and the organization's. Removed ones only on request. */
export async function readChannels(reader: Reader, viewer: Person, withRemoved = false): Promise<readonly Channel[]> {
  const state = withRemoved ? ["active", "paused", "removed"] : ["active", "paused"];
  const limit = withRemoved ? 1_000 : maxChannels;
  const [own, shared] = await Promise.all([
    reader.find(channelKind, { where: { personId: viewer.id, state }, limit }),
    reader.find(channelKind, { where: { personId: null, state }, limit }),
  ]);
  return [...own, ...shared];
}

const targetOf = ({ kind, target }: Channel): string => {
  if (kind === "feed") return "calendar";
  const { address, shown } = target;
  return inertLine(kind === "mail" ? address : shown, 300);
};

const mayChange = (channel: Channel, viewer: Person): boolean => channel.personId === viewer.id || isSteward(viewer);

export const channelView = (channel: Channel, viewer: Person, last: Notice | undefined): ChannelView => ({
  id: channel.id,
  form: channel.kind,
  name: channel.name,
  state: channel.state,
  personId: channel.personId,
  target: targetOf(channel),
  topics: channel.topics,
  pausedReason: channel.pausedReason,
  failures: channel.failures,
  lastTest: channel.lastTest,
  lastNotice:
    last === undefined
      ? null
      : { atMs: last.tries.at(-1)?.atMs ?? last.filedAtMs, state: last.state, detail: last.tries.at(-1)?.detail ?? "" },
  mayChange: mayChange(channel, viewer),
});

/** Every channel of the viewer with its last message; at most twice `maxChannels`. */
export async function channelsView(reader: Reader, viewer: Person): Promise<readonly ChannelView[]> {
  const channels = await readChannels(reader, viewer);
  const last = await Promise.all(
    channels.map((channel) => reader.find(noticeKind, { where: { channelId: channel.id }, newestFirst: true, limit: 1 })),
  );
  return channels.map((channel, index) => channelView(channel, viewer, last[index]?.[0]));
}

export interface NoticeQuery {
  readonly channelId?: string;
  readonly state?: Notice["state"];
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
}

/** A page of the delivery log of the viewer's channels, newest first. */
export async function noticesView(
  reader: Reader,
  query: NoticeQuery,
  viewer: Person,
): Promise<{ readonly schema: "xvc.notices/1"; readonly items: readonly NoticeView[]; readonly nextCursor: string | null }> {
  const channels = new Map((await readChannels(reader, viewer, true)).map((channel) => [channel.id, channel]));
  const wanted = [...channels.keys()].filter((id) => query.channelId === undefined || query.channelId === id);
  const rows =
    wanted.length === 0
      ? []
      : await reader.find(noticeKind, {
          where: { channelId: wanted, ...(query.state === undefined ? {} : { state: query.state }) },
          newestFirst: true,
          limit: query.limit + 1,
          ...(query.cursor === undefined ? {} : { afterId: query.cursor }),
        });
  const items = rows.slice(0, query.limit).map((notice) => noticeView(notice, channels.get(notice.channelId), viewer));
  return { schema: "xvc.notices/1", items, nextCursor: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}

function noticeView(notice: Notice, channel: Channel | undefined, viewer: Person): NoticeView {
  const { title, requestLabel, itemId } = notice.payload;
  const isDone = notice.state === "sent" || notice.state === "failed";
  return {
    id: notice.id,
    channelId: notice.channelId,
    channelName: channel?.name ?? "",
    topic: notice.topic,
    state: notice.state,
    title: inertLine(title, 300),
    requestLabel: typeof requestLabel === "string" ? requestLabel : null,
    itemId: typeof itemId === "string" ? itemId : null,
    filedAtMs: notice.filedAtMs,
    heldUntilMs: notice.heldUntilMs,
    tries: notice.tries,
    mayReplay: isDone && channel?.state === "active" && mayChange(channel, viewer),
  };
}
