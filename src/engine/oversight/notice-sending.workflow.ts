import { composeLetter } from "../../core/oversight/compose-letter.ts";
import { type Channel, channelKind } from "../../core/oversight/channel.ts";
import type { ReportNotice } from "../../core/oversight/decide-notice.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { type Notice, noticeKind } from "../../core/oversight/notice.ts";
import { asId } from "../../core/shared/ids.ts";
import type { JobRun } from "../ports/durable.ts";
import type { Destination, Messenger, OutgoingMessage, Reach, ReachParts, SendOutcome } from "../ports/messenger.ts";
import type { ChannelSecret } from "../ports/vault.ts";
import type { Workbench } from "../execution/workbench.ts";
import { jobCaller, scopeOf } from "../shared/job-caller.ts";
import { hasMovedOn } from "../shared/refusal.ts";
import { linkToken } from "./link-token.ts";

/** Longest try of one message. */
export const sendDeadlineMs = 30_000;

/** What a secret of a channel is sealed for; a row that is copied to another channel opens nothing. */
export const secretPurpose = (channelId: string): string => `channel:${channelId}`;

/**
 * Sends one message, then the command that reports it. A crash in between sends it again under the same id: at least
 * once, never silently lost. Once the receiver has confirmed, nothing sends it again but a person.
 */
export async function runNotify(bench: Workbench, run: JobRun, signal: AbortSignal): Promise<void> {
  const found = await bench.store.read(scopeOf(run), async (reader) => {
    const notice = await reader.get(noticeKind, run.subjectId);
    if (notice === undefined || notice.state !== "pending" || notice.epoch !== run.epoch) return null;
    const item = notice.subjectKind === "inbox_item" ? await reader.get(inboxItemKind, notice.subjectId) : undefined;
    return { notice, item, channel: await reader.get(channelKind, notice.channelId) };
  });
  if (found === null) return;
  const report = needless(found) ?? (await deliver(bench, run, { ...found, signal }));
  bench.crash("job.before-report");
  const caller = jobCaller(run, "notices");
  try {
    await bench.apply(
      { ...caller, key: `${caller.key}:report` },
      { kind: "report-notice", noticeId: run.subjectId, epoch: run.epoch, ...report },
    );
  } catch (error) {
    if (!hasMovedOn(error)) throw error;
  }
  bench.crash("job.after-report");
}

type Report = Pick<ReportNotice, "outcome" | "detail">;

interface Found {
  readonly notice: Notice;
  readonly item: InboxItem | undefined;
  readonly channel: Channel | undefined;
}

/** Asking for what was answered meanwhile would only cost people time. */
function needless({ notice, item, channel }: Found): Report | null {
  if (channel === undefined || channel.state === "removed") return { outcome: "dropped", detail: "the channel was removed" };
  if (channel.state === "paused") return { outcome: "failed", detail: "the channel is paused" };
  const asks = ["needs-you", "reminder", "escalation", "due"].includes(notice.topic) && notice.payload["bundle"] === undefined;
  const isReplayed = notice.tries.some((one) => one.outcome === "sent");
  if (!asks || isReplayed || item === undefined || !isSettled(item)) return null;
  return { outcome: "dropped", detail: `it was ${item.state} before this was sent` };
}

const isSettled = ({ state }: InboxItem): boolean => state === "answered" || state === "withdrawn";

async function deliver(bench: Workbench, run: JobRun, sending: Found & { readonly signal: AbortSignal }): Promise<Report> {
  const { channel, notice, signal } = sending;
  if (bench.reach === undefined || channel === undefined) return { outcome: "retry", detail: "this process reaches nobody" };
  const message = messageOf(bench.reach, { run, notice, channel });
  const limit = AbortSignal.any([signal, bench.clock.deadline(sendDeadlineMs)]);
  bench.crash("notice.before-send");
  const outcome = await sendTo(bench.reach, { organizationId: run.organizationId, channel, message }, limit);
  bench.crash("notice.after-send");
  signal.throwIfAborted();
  return { outcome: outcome.kind, detail: outcome.detail };
}

/** Hands a message to a channel's adapter. Never throws for what the outside does. */
export async function sendTo(
  parts: ReachParts,
  { organizationId, channel, message }: { readonly organizationId: string; readonly channel: Channel; readonly message: OutgoingMessage },
  signal: AbortSignal,
): Promise<SendOutcome> {
  const messenger = messengerOf(parts.reach, channel);
  if (messenger === null)
    return { kind: "retry", detail: "no mail server is set up; an administrator sets XVC_SMTP_URL and XVC_MAIL_FROM" };
  const destination = await destinationOf(parts, organizationId, channel);
  if (destination === null) return { kind: "retry", detail: "the channel has no address yet" };
  return messenger.send(message, destination, signal);
}

function messengerOf({ messengers }: Reach, channel: Channel): Messenger | null {
  if (channel.kind === "mail") return messengers.mail;
  return channel.kind === "chat" ? messengers.chat : messengers.webhook;
}

async function destinationOf({ vault, reachStore }: ReachParts, organizationId: string, channel: Channel): Promise<Destination | null> {
  const { address } = channel.target;
  if (channel.kind === "mail") return typeof address === "string" ? { kind: "mail", address } : null;
  const sealed = await reachStore.readSecret(asId(organizationId), channel.id);
  if (sealed === undefined) return null;
  const secret = JSON.parse(vault.open(secretPurpose(channel.id), sealed)) as ChannelSecret; // sealed by us, and unchanged since
  return { kind: "url", ...secret };
}

/** Only mail to a person carries a link that proves who reads it; what a room or a program reads is read by many. */
function messageOf(
  { reach, vault }: ReachParts,
  { run, notice, channel }: { readonly run: JobRun; readonly notice: Notice; readonly channel: Channel },
): OutgoingMessage {
  const mayConfirm = channel.kind === "mail" && channel.personId !== null && notice.subjectKind === "inbox_item";
  const confirmToken = mayConfirm ? linkToken(vault, "confirm", run.organizationId, run.projectId, notice.id) : null;
  return {
    id: notice.id,
    topic: notice.topic,
    letter: composeLetter(notice, { baseUrl: reach.baseUrl(), confirmToken }, reach.formatInstant),
    data: notice.payload,
    atMs: notice.filedAtMs,
  };
}
