import { channelKind } from "../../core/oversight/channel.ts";
import { isActive } from "../../core/oversight/authority.ts";
import { type InboxItem, inboxItemKind, isItemClosed } from "../../core/oversight/inbox-item.ts";
import { type Notice, noticeKind } from "../../core/oversight/notice.ts";
import { personKind, projectKindOf } from "../../core/oversight/person.ts";
import { mayEnter } from "../../core/oversight/project-access.ts";
import { teamKind } from "../../core/oversight/team.ts";
import { requestKind, requestLabel } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import type { Reader, Scope } from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";
import { readLinkToken } from "./link-token.ts";

/** How long a mailed link can be used after its message was filed. */
export const confirmLinkMs = 7 * 24 * 3_600_000;

/** What a mailed link stands for: one person's answer to one item. */
export interface ConfirmLink {
  readonly scope: Scope;
  readonly projectId: string;
  readonly noticeId: string;
}

/** One sentence for every bad link, so that trying tells nothing. */
const noLink = (): Failure =>
  new Failure("not-found", "confirm.link-invalid", {
    message: "This link is not valid any more, or was cut off by the mail program. Sign in and open the inbox instead.",
  });

/** @throws {Failure} `confirm.link-invalid` */
export function readConfirmLink(vault: Vault, token: string): ConfirmLink {
  const [organizationId, projectId, noticeId] = readLinkToken(vault, "confirm", token) ?? [];
  if (organizationId === undefined || projectId === undefined || noticeId === undefined) throw noLink();
  return { scope: { organizationId: asId(organizationId), projectIds: [asId(projectId)] }, projectId, noticeId };
}

/** What the page of a mailed link shows. */
export interface ConfirmView {
  readonly schema: "xvc.confirm/1";
  readonly personName: string;
  readonly itemId: string;
  readonly state: InboxItem["state"];
  readonly title: string;
  readonly detail: string;
  readonly requestLabel: string;
  readonly requestTitle: string;
  readonly risk: InboxItem["risk"];
  readonly dueAtMs: number | null;
  readonly defaultChoice: string | null;
  readonly choices: readonly { readonly id: string; readonly label: string; readonly needs: "nothing" | "reason" | "text" }[];
  readonly signInReason: string | null;
  readonly expiresAtMs: number;
}

/**
 * Reads what a link is about, as it is now. A link ends with its item, with its week, with its channel and with the
 * membership of its person.
 *
 * @throws {Failure} `confirm.link-invalid`
 */
export async function confirmView(
  reader: Reader,
  link: ConfirmLink,
  nowMs: number,
): Promise<{ readonly view: ConfirmView; readonly personId: string; readonly item: InboxItem }> {
  const notice = await liveNotice(reader, link, nowMs);
  const [person, item, channel] = await readNamed(reader, notice);
  if (!isActive(person) || item === undefined || channel === undefined || channel.state === "removed") throw noLink();
  const [request, project, teams] = await Promise.all([
    reader.get(requestKind, item.requestId ?? ""),
    reader.get(projectKindOf, link.projectId),
    reader.find(teamKind, { where: { state: "active" }, limit: 10_000 }),
  ]);
  if (project === undefined || !mayEnter(project, person, teams)) throw noLink();
  return {
    personId: person.id,
    item,
    view: viewOf(
      { item, notice, personName: person.name },
      request === undefined ? [project.key, project.name] : [requestLabel(project.key, request.number), request.title],
    ),
  };
}

/** The message that carried the link, while the link holds. */
async function liveNotice(reader: Reader, link: ConfirmLink, nowMs: number): Promise<Notice> {
  const notice = await reader.get(noticeKind, link.noticeId);
  if (notice === undefined || notice.personId === null || notice.filedAtMs + confirmLinkMs <= nowMs) throw noLink();
  return notice;
}

const readNamed = (reader: Reader, notice: Notice) =>
  Promise.all([
    reader.get(personKind, notice.personId ?? ""),
    reader.get(inboxItemKind, notice.subjectId),
    reader.get(channelKind, notice.channelId),
  ]);

/** Answers that a link may carry; what needs a file, a plan or a playbook is given where one is signed in. */
const simple = (needs: string): needs is "nothing" | "reason" | "text" => needs === "nothing" || needs === "reason" || needs === "text";

/** Why an item is not answered through a link alone: whoever reads somebody's mail must not decide what matters. */
export function signInReason(item: InboxItem): string | null {
  if (item.risk !== "low") return `This has ${item.risk} risk: sign in to answer it.`;
  if ((item.alwaysReview ?? []).length > 0 || item.hold !== undefined) return "This is always looked at closely: sign in to answer it.";
  return item.choices.some(({ needs }) => simple(needs)) ? null : "This needs more than a word: sign in to answer it.";
}

function viewOf(
  { item, notice, personName }: { readonly item: InboxItem; readonly notice: Notice; readonly personName: string },
  [label, title]: readonly [label: string, title: string],
): ConfirmView {
  const isOpen = !isItemClosed(item);
  return {
    schema: "xvc.confirm/1",
    personName,
    itemId: item.id,
    state: item.state,
    title: item.title,
    // What was decided is for those who sign in.
    detail: isOpen ? item.detail : "",
    requestLabel: label,
    requestTitle: title,
    risk: item.risk,
    dueAtMs: isOpen ? (item.clock?.dueAtMs ?? null) : null,
    defaultChoice: isOpen ? item.defaultChoice : null,
    choices: isOpen
      ? item.choices.flatMap((choice) => (simple(choice.needs) ? [{ id: choice.id, label: choice.label, needs: choice.needs }] : []))
      : [],
    signInReason: isOpen ? signInReason(item) : null,
    expiresAtMs: notice.filedAtMs + confirmLinkMs,
  };
}
