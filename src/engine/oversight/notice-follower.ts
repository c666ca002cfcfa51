import { type Channel, channelKind } from "../../core/oversight/channel.ts";
import { type ChosenNotice, chooseNotices, isNews, type News, type Reachable } from "../../core/oversight/choose-notices.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { bundleWindowMs, maxSingleNotices, noticeKind } from "../../core/oversight/notice.ts";
import { type Person, personKind, type Project, projectKindOf } from "../../core/oversight/person.ts";
import { mayEnter } from "../../core/oversight/project-access.ts";
import { type Team, teamKind } from "../../core/oversight/team.ts";
import { requestKind, requestLabel } from "../../core/requests/request.ts";
import type { Failure } from "../../core/shared/failure.ts";
import { type OrganizationId, asId } from "../../core/shared/ids.ts";
import type { Engine } from "../engine.ts";
import type { Clock } from "../ports/clock.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { Reader, Scope, StoredEvent } from "../ports/store.ts";
import type { ReachStore } from "../ports/vault.ts";
import { hasMovedOn } from "../shared/refusal.ts";

/** What the follower works with. */
export interface FollowDependencies {
  readonly engine: Pick<Engine, "apply" | "read">;
  readonly reachStore: ReachStore;
  readonly clock: Clock;
  readonly crash: CrashProbe;
  readonly organizationId: OrganizationId;
  /** Hears of every message that was refused, with the reason. */
  readonly onRefused: (kind: string, failure: Failure) => void;
}

/** Reads on from where the log was left. @returns how many messages were filed, and whether there is more to read at once */
export type FollowNews = () => Promise<{ readonly filed: number; readonly more: boolean }>;

/** Events read in one go. */
const pageSize = 500;
const maxRows = 10_000;
/** With no channel the rows are looked at this seldom; a new channel hears what happened since it was added. */
const idleLookMs = 5_000;

/**
 * Turns recorded facts into messages, beside the command path: what happened is told from the log, by keyed commands, so
 * a crash at any point files each message once. With no channel it costs one small query each five seconds, and no
 * command anything.
 */
export function newsFollower(use: FollowDependencies): FollowNews {
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let mayHaveCursor = true;
  return async () => {
    const nowMs = use.clock.monotonicMs();
    if (!mayHaveCursor && nowMs - lookedAtMs < idleLookMs) return { filed: 0, more: false };
    lookedAtMs = nowMs;
    const channels = await activeChannels(use);
    if (channels.length > 0) {
      mayHaveCursor = true;
      return followOn(use, channels);
    }
    // What happens while nobody is to be told is not read later.
    if (mayHaveCursor) await use.reachStore.saveCursor(use.organizationId, null);
    mayHaveCursor = false;
    return { filed: 0, more: false };
  };
}

const activeChannels = (use: FollowDependencies): Promise<readonly Channel[]> =>
  use.engine.read({ organizationId: use.organizationId, projectIds: [] }, async (reader) =>
    (await reader.find(channelKind, { where: { state: "active" }, limit: maxRows })).filter(({ kind }) => kind !== "feed"),
  );

async function followOn(use: FollowDependencies, channels: readonly Channel[]): Promise<{ filed: number; more: boolean }> {
  const projects = await use.engine.read({ organizationId: use.organizationId, projectIds: [] }, (reader) =>
    reader.find(projectKindOf, { limit: maxRows }),
  );
  const scope: Scope = { organizationId: use.organizationId, projectIds: projects.map(({ id }) => asId<"project">(id)) };
  const cursor = await use.reachStore.readCursor(use.organizationId);
  const page = await use.engine.read(scope, async (reader) => {
    const after = cursor ?? (await startOf(reader, channels));
    const events = await reader.events({ limit: pageSize, ...(after === undefined ? {} : { afterCursor: after }) });
    return upToNewProject(events, projects);
  });
  const told = page.filter((event) => isNews(event.kind));
  const filed = told.length === 0 ? 0 : await fileAll(use, { scope, projects, channels, told });
  use.crash("publish.before");
  const last = page.at(-1);
  if (last !== undefined) await use.reachStore.saveCursor(use.organizationId, last.cursor);
  use.crash("publish.after");
  return { filed, more: page.length === pageSize };
}

/** The last event before any channel was there. A longer past than this is not looked through. */
async function startOf(reader: Reader, channels: readonly Channel[]): Promise<string | undefined> {
  const sinceMs = Math.min(...channels.map((channel) => channel.activeSinceMs));
  const recent = await reader.events({ newestFirst: true, limit: pageSize });
  return (recent.find((event) => event.recordedAtMs < sinceMs) ?? (recent.length < pageSize ? undefined : recent.at(-1)))?.cursor;
}

/** Events of a project that was opened after the list of projects was read are not in the page: it ends before that. */
function upToNewProject(events: readonly StoredEvent[], projects: readonly Project[]): readonly StoredEvent[] {
  const known = new Set(projects.map(({ id }) => id));
  const end = events.findIndex((event) => event.kind === "project.created" && !known.has(event.subjectId));
  return end === -1 ? events : events.slice(0, end);
}

interface Page {
  readonly scope: Scope;
  readonly projects: readonly Project[];
  readonly channels: readonly Channel[];
  readonly told: readonly StoredEvent[];
}

interface Around {
  readonly members: readonly Person[];
  readonly teams: readonly Team[];
  readonly items: ReadonlyMap<string, InboxItem>;
  readonly newsOf: (event: StoredEvent) => News;
}

async function fileAll(use: FollowDependencies, page: Page): Promise<number> {
  const around = await use.engine.read(page.scope, (reader) => readAround(reader, page));
  let filed = 0;
  for (const event of page.told) {
    const news = around.newsOf(event);
    const reachable: Reachable = {
      channels: page.channels,
      members: around.members,
      mayEnter: (person) => news.project === undefined || mayEnter(news.project, person, around.teams),
    };
    for (const chosen of chooseNotices(news, reachable)) filed += await fileOne(use, { page, event, chosen, news });
  }
  return filed;
}

async function readAround(reader: Reader, { told, projects }: Page): Promise<Around> {
  const itemIds = told.flatMap((event) => (event.subjectKind === "inbox_item" ? [event.subjectId] : []));
  const requestIds = told.map(requestIdOf).filter((id) => id !== "");
  const [members, teams, items, requests] = await Promise.all([
    reader.find(personKind, { where: { state: "active" }, limit: maxRows }),
    reader.find(teamKind, { where: { state: "active" }, limit: maxRows }),
    reader.getMany(inboxItemKind, [...new Set(itemIds)]),
    reader.getMany(requestKind, [...new Set(requestIds)]),
  ]);
  const projectOf = new Map(projects.map((project) => [project.id, project]));
  const requestOf = new Map(requests.map((request) => [request.id, request]));
  const byId = new Map(items.map((item) => [item.id, item]));
  return {
    members,
    teams,
    items: byId,
    newsOf(event) {
      const project = event.projectId === null ? undefined : projectOf.get(event.projectId);
      const request = requestOf.get(requestIdOf(event));
      return {
        kind: event.kind,
        subjectKind: event.subjectKind,
        subjectId: event.subjectId,
        data: event.data,
        actorId: event.actor.id,
        recordedAtMs: event.recordedAtMs,
        project,
        item: byId.get(event.subjectId),
        request:
          request === undefined
            ? undefined
            : {
                id: request.id,
                label: requestLabel(project?.key ?? "?", request.number),
                title: request.title,
                requesterId: request.requesterId,
              },
      };
    },
  };
}

function requestIdOf({ data, subjectKind, subjectId }: StoredEvent): string {
  const { requestId } = data;
  return typeof requestId === "string" ? requestId : subjectKind === "request" ? subjectId : "";
}

interface Filing {
  readonly page: Page;
  readonly event: StoredEvent;
  readonly chosen: ChosenNotice;
  readonly news: News;
}

/** News of the organization itself are kept with its first real project: a message belongs to a project. */
const placeOf = ({ page, news }: Filing): Project | undefined =>
  news.project ?? page.projects.find((project) => project.mode === "real" && project.state === "active");

/** One message under a key of the fact and the channel, so that a second reading of the log files nothing. */
async function fileOne(use: FollowDependencies, filing: Filing): Promise<number> {
  const project = placeOf(filing);
  if (project === undefined) return 0;
  const { channel, topic, subjectKind, subjectId, payload } = filing.chosen;
  try {
    await use.engine.apply(
      {
        organizationId: use.organizationId,
        projectId: asId(project.id),
        actor: { kind: "system", id: "notices" },
        key: `notice:${filing.event.subjectId}:${String(filing.event.number)}:${channel.id}`,
      },
      {
        kind: "file-notice",
        channelId: channel.id,
        personId: channel.personId,
        topic,
        subjectKind,
        subjectId,
        payload,
        holdUntilMs: await holdUntil(use, filing.page.scope, channel),
      },
    );
    return 1;
  } catch (error) {
    // Filed before with other words (the row has changed since), or the channel was paused meanwhile.
    if (!hasMovedOn(error)) throw error;
    if (error.code !== "command.key-reused") use.onRefused("file-notice", error);
    return 0;
  }
}

/** Null: sent at once. Programs get every message by itself; people and rooms a bounded number each hour. */
async function holdUntil(use: FollowDependencies, scope: Scope, channel: Channel): Promise<number | null> {
  if (channel.kind === "webhook") return null;
  const where = channel.personId === null ? { channelId: channel.id } : { personId: channel.personId };
  const recent = await use.engine.read(scope, (reader) => reader.find(noticeKind, { where, newestFirst: true, limit: maxSingleNotices }));
  const oldest = recent.at(-1);
  if (recent.length < maxSingleNotices || oldest === undefined) return null;
  const opensAtMs = oldest.filedAtMs + bundleWindowMs;
  return opensAtMs > use.clock.nowMs() ? opensAtMs : null;
}
