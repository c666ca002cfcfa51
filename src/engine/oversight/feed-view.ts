import { channelKind } from "../../core/oversight/channel.ts";
import { waitedFor } from "../../core/oversight/choose-notices.ts";
import { isActive } from "../../core/oversight/authority.ts";
import { inertLine } from "../../core/oversight/compose-letter.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { personKind, projectKindOf } from "../../core/oversight/person.ts";
import { mayEnter } from "../../core/oversight/project-access.ts";
import { teamKind } from "../../core/oversight/team.ts";
import { requestKind, requestLabel } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import type { CalendarEntry } from "../ports/calendar-writer.ts";
import type { Engine } from "../engine.ts";
import type { Vault } from "../ports/vault.ts";
import { linkToken, readLinkToken } from "./link-token.ts";
import { itemProjectId, requestIdsOf } from "./item-place.ts";

/** Entries of one calendar, the next due first; what is beyond shows as time passes. */
const maxEntries = 500;
const maxRows = 10_000;
const entryMs = 30 * 60_000;

const noFeed = (): Failure =>
  new Failure("not-found", "feed.not-found", {
    message: "There is no calendar at this address, or it was renewed or removed. Settings, Notifications makes a new one.",
  });

/** The version of the link is signed along as an id-like text, so that a renewed link ends the one before. */
const versionId = (version: number): string => `00000000-0000-0000-0000-${String(version).padStart(12, "0")}`;

/** The token of a feed's present address. */
export const feedToken = (vault: Vault, organizationId: string, channel: { readonly id: string; readonly linkVersion: number }): string =>
  linkToken(vault, "feed", organizationId, channel.id, versionId(channel.linkVersion));

/** What is due for the owner of a feed. @throws {Failure} `feed.not-found` for a token that is wrong, old, or of a removed channel or person */
export async function feedView(
  use: { readonly engine: Pick<Engine, "read">; readonly vault: Vault; readonly baseUrl: string },
  token: string,
): Promise<{ readonly name: string; readonly entries: readonly CalendarEntry[] }> {
  const [organizationId, channelId, version] = readLinkToken(use.vault, "feed", token) ?? [];
  if (organizationId === undefined || channelId === undefined) throw noFeed();
  const owned = await use.engine.read({ organizationId: asId(organizationId), projectIds: [] }, async (reader) => {
    const channel = await reader.get(channelKind, channelId);
    if (channel?.state !== "active" || channel.kind !== "feed" || channel.personId === null || versionId(channel.linkVersion) !== version)
      throw noFeed();
    const members = await reader.find(personKind, { where: { state: "active" }, limit: maxRows });
    const person = members.find(({ id }) => id === channel.personId);
    if (!isActive(person)) throw noFeed();
    const teams = await reader.find(teamKind, { where: { state: "active" }, limit: maxRows });
    const projects = await reader.find(projectKindOf, { where: { state: "active" }, limit: maxRows });
    return {
      channel,
      members,
      person,
      projects: projects.filter((project) => project.mode === "real" && mayEnter(project, person, teams)),
    };
  });
  const { channel, members, person, projects } = owned;
  const scope = { organizationId: asId<"organization">(organizationId), projectIds: projects.map(({ id }) => asId<"project">(id)) };
  return use.engine.read(scope, async (reader) => {
    const items = await reader.find(inboxItemKind, { where: { state: ["open", "delegated"] }, limit: maxRows });
    const due = items
      .flatMap((item) => (item.clock === undefined || item.clock.pausedAtMs !== null ? [] : [{ item, dueAtMs: item.clock.dueAtMs }]))
      .filter(({ item }) => waitedFor(item, members).includes(person.id))
      .toSorted((left, right) => left.dueAtMs - right.dueAtMs)
      .slice(0, maxEntries);
    const requests = new Map((await reader.getMany(requestKind, requestIdsOf(due.map(({ item }) => item)))).map((row) => [row.id, row]));
    const keys = new Map(projects.map((project) => [project.id, project.key]));
    const entries = due.map(({ item, dueAtMs }) => {
      const request = requests.get(item.requestId ?? "");
      const key = keys.get(itemProjectId(item, requests) ?? "") ?? "";
      const label = request === undefined ? key : requestLabel(key, request.number);
      return {
        id: item.id,
        dueAtMs,
        durationMs: entryMs,
        title: inertLine(`${label} ${item.title}`, 200),
        detail: inertLine(`Risk ${item.risk}. ${request?.title ?? ""}`, 400),
        url: `${use.baseUrl}/inbox?item=${item.id}`,
      };
    });
    return { name: inertLine(channel.name, 100), entries };
  });
}
